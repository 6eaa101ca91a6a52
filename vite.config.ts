import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin, Rollup } from 'vite';
import { defineConfig } from 'vitest/config';

const backend = `http://127.0.0.1:${process.env.PORT || 8765}`;

/** What every page needs of others' code, and what of it changes seldom: one file. */
const vendor =
  /[\\/]node_modules[\\/](?:prismjs[\\/]components[\\/]prism-core\.js|(?:react|react-dom|scheduler|react-router|zod|@tanstack[\\/](?:query-core|react-query))[\\/])/;

/** What the pages about issues share, less what only login and settings do, which nobody needs to look at an issue. */
const common =
  /[\\/](?:highlight[\\/](?!code-block)|(?:api|components|protocol)[\\/](?!(?:account|api-tokens|members|checkbox|field|sentences|contract-source)\.)|issues[\\/]|issue-details[\\/](?:assignee-menu|priority-menu|regressed-in|status-|tag-query))/;

/** An issue's page, and with it all that it imports and that no other group has. */
const issue = /[\\/]issue-details[\\/](?:issue-page|event-view)\.tsx/;

export default defineConfig({
  plugins: [react(), issueDocument(), compressedFiles()],
  build: {
    outDir: 'dist',
    sourcemap: true,
    // 20 kB for all pages: by page it is some requests before an issue is seen, and one more with each part that comes late.
    cssCodeSplit: false,
    target: 'es2023',
    // Who has the target's language but not the hint loads the same, a little later.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // A dozen chunks of a kilobyte each compress worse than one, and each is a request with its headers.
          groups: [
            { name: 'vendor', test: vendor, priority: 2 },
            // Else `common` would take what the entry needs, too, and every page would load it.
            { name: 'app', test: /[\\/](?:src|server)[\\/]/, tags: ['$initial'], priority: 2 },
            { name: 'common', test: common, minShareCount: 2, priority: 1 },
            { name: 'issue', test: issue },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: {
      '/api': {
        target: backend,
        changeOrigin: true,
        // The server answers its own origin alone; in development the page comes from Vite's. A foreign one stays foreign.
        configure: (proxy) =>
          proxy.on('proxyReq', (request, { headers }) => {
            if (headers.origin === `http://${headers.host}`) request.setHeader('origin', backend);
          }),
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
          testTimeout: 30_000,
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
          expect: { poll: { timeout: 20_000 } },
          fileParallelism: false,
          // After the others, which keep every core busy.
          sequence: { groupOrder: 1 },
          // A machine that is busy elsewhere misses a deadline once; what is wrong fails twice. The report names what was tried again.
          retry: 1,
        },
      },
    ],
  },
});

/** What an issue's page needs whatever its event; `server/http/static-files.ts` sends `issue.html` for its addresses. */
const issueModules = ['issue-details/issue-page.tsx', 'issue-details/event-view.tsx'];
/** Their first text would else be drawn in the system's font, and again when ours has come. */
const issueFonts = ['inter-latin-wght', 'jetbrains-mono-latin-wght'];

/**
 * Writes `issue.html` beside `index.html`: the same document with the chunks of an issue's page named in it, so that they
 * come side by side with the entry, instead of after it has run.
 */
function issueDocument(): Plugin {
  return {
    name: 'stackmend:issue-document',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const index = bundle['index.html'];
        // Another document is built, such as a test's.
        if (index?.type !== 'asset') return;
        const html = String(index.source);
        const files = Object.values(bundle);
        const fonts = issueFonts.map((name) => {
          const font = files.find(({ fileName }) => fileName.includes(`/${name}`));
          return font?.fileName ?? this.error(`There is no font ${name}.`);
        });
        const chunks = issueModules.flatMap((name) => {
          const holds = (file: Rollup.OutputChunk) => file.moduleIds.some((id) => id.endsWith(`/${name}`));
          const chunk = files.find((file) => file.type === 'chunk' && holds(file));
          return chunk?.type === 'chunk' ? filesOf(chunk, bundle) : this.error(`No chunk holds ${name}.`);
        });
        const missing = [...new Set([...chunks, ...fonts])].filter((file) => !html.includes(file));
        const links = missing.map((file) => `  ${linkTo(file)}\n  `).join('');
        this.emitFile({ type: 'asset', fileName: 'issue.html', source: html.replace('</head>', `${links}</head>`) });
      },
    },
  };
}

function linkTo(file: string): string {
  if (file.endsWith('.js')) return `<link rel="modulepreload" crossorigin href="/${file}">`;
  return `<link rel="preload" as="font" type="font/woff2" crossorigin href="/${file}">`;
}

/** A chunk, and all that it imports. */
function filesOf(chunk: Rollup.OutputChunk, bundle: Rollup.OutputBundle): string[] {
  const imported = chunk.imports.flatMap((name) => {
    const file = bundle[name];
    return file?.type === 'chunk' ? filesOf(file, bundle) : [];
  });
  return [...imported, chunk.fileName];
}

const compressible = /\.(?:css|html|js|svg)$/;
/** Below it, what is saved is a packet neither way. */
const leastBytes = 1024;

/** Writes each text file also as `.br` and `.gz`, at the best quality, which is too slow for a request. */
function compressedFiles(): Plugin {
  return {
    name: 'stackmend:compressed-files',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const sources = Object.values(bundle)
          .filter(({ fileName }) => compressible.test(fileName))
          .map((file) => [file.fileName, Buffer.from(file.type === 'chunk' ? file.code : file.source)] as const)
          .filter(([, bytes]) => bytes.length > leastBytes);
        await Promise.all(
          sources.map(async ([fileName, bytes]) => {
            const size = { params: { [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
            this.emitFile({
              type: 'asset',
              fileName: `${fileName}.br`,
              source: await promisify(brotliCompress)(bytes, size),
            });
            this.emitFile({
              type: 'asset',
              fileName: `${fileName}.gz`,
              source: await promisify(gzip)(bytes, { level: 9 }),
            });
          }),
        );
      },
    },
  };
}
