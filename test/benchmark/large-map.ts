/** A bundle of well-known packages with a map of some 10 MB, and frames in it. */
import { build, type Rollup } from 'vite';
import type { FrameToMap } from '../../server/artifacts/symbolicate/answer.ts';

const PACKAGES = [
  'react-dom/client',
  'react-router',
  'zod',
  'zod/mini',
  'kysely',
  '@babel/parser',
  'fast-xml-parser',
  'remark-gfm',
  'diff',
  '@sentry/react',
  '@tanstack/react-query',
  'react-markdown',
  'uplot',
  'yaml',
];
const ENTRY = 'virtual:packages';
/** Frames of one event. */
export const FRAMES = 50;

/** `frames`: all that events may have. */
export type LargeMap = { code: string; map: string; url: string; frames: FrameToMap[] };

export async function buildLargeMap(): Promise<LargeMap> {
  const lines = PACKAGES.map((name, at) => `import * as p${at} from '${name}'; globalThis.p${at} = p${at};`);
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'packages',
        resolveId: (id) => (id === ENTRY ? `\0${ENTRY}` : null),
        load: (id) => (id === `\0${ENTRY}` ? lines.join('\n') : null),
      },
    ],
    build: { write: false, sourcemap: true, minify: true, rolldownOptions: { input: ENTRY } },
  });
  const { output } = result as Rollup.RollupOutput;
  const chunks = output.filter((file): file is Rollup.OutputChunk => file.type === 'chunk');
  const chunk = chunks.toSorted((a, b) => b.code.length - a.code.length)[0];
  if (!chunk?.map) throw new Error('Vite made no map.');
  const url = 'https://shop.example/assets/large.js';
  return { code: chunk.code, map: chunk.map.toString(), url, frames: framesIn(chunk.code, url) };
}

/** Calls in functions that have a name, from the beginning of the file to its end. */
function framesIn(code: string, url: string): FrameToMap[] {
  return [...code.matchAll(/function (\w+)\([^)]*\)\{return (\w+)\(/g)].map(
    ({ 0: text, 1: name = '', 2: callee = '', index }) => {
      const at = index + text.length - callee.length - 1;
      const lineStart = code.lastIndexOf('\n', at) + 1;
      return { url, line: code.slice(0, lineStart).split('\n').length, column: at - lineStart + 1, function: name };
    },
  );
}
