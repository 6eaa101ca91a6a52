import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Case } from './cases.ts';

/** The code of a case as a git repository in a temporary folder. */
export function createCheckout({ folder }: Case) {
  const path = mkdtempSync(join(tmpdir(), 'bench-fix-'));
  cpSync(join(folder, 'code'), path, { recursive: true });
  const git = (args: string[], input?: string) => {
    const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'commit.gpgsign=false'];
    // The same commit each time, so that the figures are the same.
    const env = { ...process.env, GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z', GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z' };
    return spawnSync('git', [...identity, ...args], {
      cwd: path,
      env,
      encoding: 'utf8',
      ...(input !== undefined && { input }),
    });
  };
  git(['init', '-q']);
  git(['add', '-A']);
  git(['commit', '-q', '-m', 'as it crashed']);
  const commit = git(['rev-parse', 'HEAD']).stdout.trim();
  return {
    path,
    commit,
    git,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
