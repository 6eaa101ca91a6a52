import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createSource, type SourceDeps } from '../../../../server/source/source.ts';
import type { CodeMappingRow } from '../../../../server/storage/code-mappings.ts';

/** Real git in a folder, as nobody's configuration has it. @returns what it prints, trimmed */
export function git(folder: string, ...args: string[]): string {
  const who = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z' };
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    ...who,
    GIT_COMMITTER_NAME: 'c',
    GIT_COMMITTER_EMAIL: 'c@example.com',
    GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
  };
  return execFileSync('git', ['-c', 'init.defaultBranch=main', '-c', 'protocol.file.allow=always', ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
    .toString('utf8')
    .trim();
}

export type Files = Record<string, string | Uint8Array | { link: string }>;

export function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, join(folder, path));
    else writeFileSync(join(folder, path), content);
  }
}

/** @returns full hash of the commit */
export function commitAll(folder: string, message = 'x'): string {
  git(folder, 'add', '-A', '-f');
  git(folder, 'commit', '-q', '--allow-empty', '-m', message);
  return git(folder, 'rev-parse', 'HEAD');
}

/** A folder of its own for a test, gone after it. `root` is what checkouts are below. */
export function temporaryFolder(): { folder: string; root: string; [Symbol.dispose]: () => void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'source-')));
  const root = join(folder, 'checkouts');
  mkdirSync(root);
  return {
    folder,
    root,
    [Symbol.dispose]: () => {
      chmodSync(folder, 0o700);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function makeRepository(folder: string, files: Files): { folder: string; commit: string } {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '-q');
  writeFiles(folder, files);
  return { folder, commit: commitAll(folder) };
}

/** `from` to `to`, each with its number. */
export const numbered = (to: number, from = 1) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');

export const mapping = (repositoryPath: string, more: Partial<CodeMappingRow> = {}): CodeMappingRow => ({
  id: 1,
  projectId: 2,
  stackRoot: '',
  sourceRoot: '',
  repositoryPath,
  repositoryUrl: null,
  provider: null,
  defaultBranch: null,
  dateCreated: 0,
  ...more,
});

/** The source of a project with these mappings; `commits` are those of its releases. */
export function sourceOf(
  mappings: CodeMappingRow[],
  { commits = {}, ...deps }: Partial<SourceDeps> & { commits?: Record<string, string> } = {},
) {
  const source = createSource({
    mappings: { list: async (projectIds) => mappings.filter(({ projectId }) => projectIds.includes(projectId)) },
    releases: {
      byVersion: async (projectId, version) => {
        const commitSha = commits[version];
        return commitSha ? { projectId, version, commitSha, dateCreated: 0 } : null;
      },
    },
    roots: [],
    deny: [],
    searchPath: process.env['PATH'] ?? '',
    now: Date.now,
    ...deps,
  });
  return { ...source, [Symbol.dispose]: source.close };
}
