# Every step is a list of words: none asks for a shell.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package needs its scripts here: the one that has any brings a second Node, and this image is one.
RUN ["npm", "ci", "--ignore-scripts"]
COPY index.html vite.config.ts tsconfig.json ./
COPY src src
COPY server server
RUN ["npm", "run", "build"]
# What built the page is not needed to serve it.
RUN ["npm", "prune", "--omit=dev", "--ignore-scripts"]

FROM node:24-slim
# HOST: within a container, loopback is the container's own.
ENV NODE_ENV=production STACKMEND_CONF=/data HOST=0.0.0.0 PORT=8765
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/server server
# Before the volume, which takes its owner from here. The program's own files stay root's, which the server cannot change.
RUN ["install", "-d", "-o", "node", "-g", "node", "-m", "700", "/data"]
USER node
VOLUME ["/data"]
EXPOSE 8765
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/_health/ready/`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/main.ts"]
