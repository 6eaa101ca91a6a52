import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { originalFunctionName } from '../../server/artifacts/symbolicate/function-name.ts';
import { type Lines, toLines } from '../../server/artifacts/symbolicate/lines.ts';
import { contextAt } from '../../server/artifacts/symbolicate/source-context.ts';
import { type Found, parseSourceMap } from '../../server/artifacts/symbolicate/source-map.ts';
import { toModule } from '../../server/artifacts/symbolicate/source-url.ts';

type Frame = { abs_path?: string; filename?: string; function?: string; lineno?: number; colno?: number };
type Recorded = { exception: { values: { stacktrace: { frames: Frame[] } }[] } };

const BUILT = 'dist';

/** Makes one minified file of a program, with its map beside it. @returns path of the file in the folder */
export async function minify(folder: string, entry: string): Promise<string> {
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: BUILT,
      target: 'esnext',
      sourcemap: true,
      modulePreload: false,
      rolldownOptions: { input: join(folder, entry), output: { entryFileNames: 'app.js' } },
    },
  });
  return join(BUILT, 'app.js');
}

/**
 * What digest makes of an event when the map was uploaded: frames of the sources.
 *
 * @param file of the program, as `minify` names it
 */
export function mapFrames(event: Recorded, folder: string, file: string): Recorded {
  const path = join(folder, file);
  const map = parseSourceMap(readFileSync(`${path}.map`));
  const generated = toLines(readFileSync(path, 'utf8'));
  const known = new Map<string, Lines>();
  const linesOf = ({ url, content }: Found['source']): Lines | null => {
    const lines = known.get(url) ?? (content === null ? null : toLines(content));
    if (lines) known.set(url, lines);
    return lines;
  };
  const toMapped = (frame: Frame): Frame => {
    const line = (frame.lineno ?? 1) - 1;
    const column = (frame.colno ?? 1) - 1;
    const found = (frame.abs_path ?? frame.filename ?? '').endsWith(file) ? map.find(line, column) : null;
    if (!found) return frame;
    const lines = linesOf(found.source);
    const context = lines && contextAt(lines, found.line, found.column);
    const name = { name: frame.function ?? '', line, column };
    const { pre_context: _pre, context_line: _line, post_context: _post, ...rest } = frame as Record<string, unknown>;
    return {
      ...rest,
      abs_path: join(folder, BUILT, found.source.url),
      filename: found.source.url,
      module: toModule(found.source.url),
      function: originalFunctionName(name, null, { map, generated, linesOf }) ?? '?',
      lineno: found.line + 1,
      colno: found.column + 1,
      ...(context && { pre_context: context.before, context_line: context.line, post_context: context.after }),
      in_app: true,
    } as Frame;
  };
  const values = event.exception.values.map((value) => ({
    ...value,
    stacktrace: { ...value.stacktrace, frames: value.stacktrace.frames.map(toMapped) },
  }));
  return { ...event, exception: { values } };
}
