import { buffer } from 'node:stream/consumers';
import { ApiError } from '../api/api-client.ts';
import { CommandError, isExpected } from './context.ts';

type ReadFile = (path: string) => Promise<Buffer>;

/** Bytes of a file, or of standard input for `-`. @throws {CommandError} it cannot be read */
export async function readInput(readFile: ReadFile, path: string): Promise<Buffer> {
  if (path === '-') return buffer(process.stdin);
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(WORDS[error.code ?? ''] ?? `it cannot be read (${error.code ?? error.message})`);
  });
}
const WORDS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder; name the file in it',
  EACCES: 'it may not be read by this user',
};

/**
 * Does one thing for each file. A bad one does not keep the others from going in; afterwards it is named, one line each.
 *
 * @throws {CommandError} some failed
 * @throws {ApiError} nothing of it is about a file: each would fail alike
 */
export async function forEachFile(files: readonly string[], act: (file: string) => Promise<void>): Promise<void> {
  const faults: string[] = [];
  for (const file of files) {
    try {
      await act(file);
    } catch (error) {
      if (!isExpected(error) || isAboutCaller(error)) throw error;
      const { message } = error;
      faults.push(message.startsWith(file) ? message : `${file}: ${message}`);
    }
  }
  if (faults.length > 0) throw new CommandError(faults.join('\nstackmend: '));
}

/** Who asks, or for what: a token that lacks a scope, a project that is not there. */
const isAboutCaller = (error: Error): boolean => error instanceof ApiError && [401, 403, 404].includes(error.status);
