/** Builds the folder given with Vite and Sentry's plugin for it: as a CI does, in a process and with a home of its own. */
import { sentryVitePlugin } from '@sentry/vite-plugin';
import { build } from 'vite';

const [root, release] = process.argv.slice(2);
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: { sourcemap: 'hidden', outDir: 'dist', emptyOutDir: true },
  plugins: [
    sentryVitePlugin({
      url: process.env.SENTRY_URL,
      org: 'stackmend',
      project: 'default',
      authToken: process.env.SENTRY_AUTH_TOKEN,
      telemetry: false,
      release: { name: release, setCommits: { auto: true }, deploy: { env: 'production' } },
      errorHandler: (error) => {
        throw error;
      },
    }),
  ],
});
