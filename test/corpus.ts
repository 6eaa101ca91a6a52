import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', 'shared', 'corpus');

/** Folder of real payloads beside the checkout; null where it is absent, and then tests say what they leave out. */
export const corpusRoot: string | null = existsSync(root) ? root : null;

export type CorpusFile = { path: string; kind: 'json' | 'envelope' | 'sentry-api' };

/** Event files of the corpus, paths relative to it; neither coverage, csp, minidumps nor licences. Empty when absent. */
export function corpusFiles(): CorpusFile[] {
  if (!corpusRoot) return [];
  return readdirSync(corpusRoot, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/^(coverage|csp|LICENSES)\b/.test(path))
    .sort()
    .flatMap((path): CorpusFile[] => {
      if (path.endsWith('.sentry-api.json')) return [{ path, kind: 'sentry-api' }];
      if (path.endsWith('.json')) return [{ path, kind: 'json' }];
      return path.endsWith('.envelope') ? [{ path, kind: 'envelope' }] : [];
    });
}

/** Event files that there are, so that a test can say how many it leaves out. */
export const CORPUS_EVENT_FILES = 48;

/** Where the corpus is absent, says what is left out and of how many files; under CI that is a failure (the checkout is incomplete). */
export function reportMissingCorpus(what: string, files = CORPUS_EVENT_FILES): void {
  if (corpusRoot) return;
  const words = `${what}: ${files} files, since the corpus is not beside the checkout`;
  if (process.env['CI']) throw new Error(`This would be left out: ${words}.`);
  console.warn(`Left out: ${words}.`);
}
