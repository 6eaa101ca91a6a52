import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const backend = `http://127.0.0.1:${process.env.PORT ?? 8765}`;

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist', sourcemap: true, target: 'es2023' },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: {
      '/api': {
        target: backend,
        changeOrigin: true,
        // The server answers its own origin alone; in development the page comes from Vite's.
        configure: (proxy) =>
          proxy.on('proxyReq', (request) => request.hasHeader('origin') && request.setHeader('origin', backend)),
      },
    },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'page',
          include: ['test/unit/src/**/*.test.{ts,tsx}'],
          environment: 'jsdom',
          setupFiles: ['test/setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['test/unit/*.test.ts', 'test/unit/server/**/*.test.ts', 'test/integration/**/*.test.ts'],
          environment: 'node',
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
