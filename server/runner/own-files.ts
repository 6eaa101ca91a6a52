import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What holds keys, passwords' hashes or events. */
const PRIVATE = /^(?:config\.yml|stackmend\.conf\.ts|(?:stackmend|spool)\.db(?:-wal|-shm)?)$/;
const OTHERS = 0o077;

/**
 * Takes everybody else's rights from the configuration and the databases: a file that was copied, restored from a backup
 * or made by an editor has those of its maker's umask. What belongs to somebody else is left, and told.
 *
 * @returns one line for each file that others can read and that could not be changed
 */
export function keepFilesPrivate(directories: readonly string[]): string[] {
  return [...new Set(directories)].flatMap((directory) =>
    readdirSync(directory)
      .filter((name) => PRIVATE.test(name))
      .flatMap((name) => keepPrivate(join(directory, name))),
  );
}

function keepPrivate(path: string): string[] {
  try {
    const { mode } = statSync(path);
    if ((mode & OTHERS) !== 0) chmodSync(path, mode & 0o700);
    return [];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    // A database's log comes and goes.
    if (code === 'ENOENT') return [];
    return [`${path} can be read by others, and its mode cannot be changed (${code}): chmod 600 it.`];
  }
}
