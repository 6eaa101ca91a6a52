import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, isAbsolute, parse } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { createBatches, type GitObject } from './git-batch.ts';
import { createLimit } from './limit.ts';
import type { Repository } from './repository.ts';

/**
 * Git could not be run, or did not answer in time or in bounds. What it said itself is in `cause`, for the log: it has
 * paths in it, and names of a stranger.
 */
export class GitError extends Error {
  override name = 'GitError';
}

export type GitProcess = ChildProcessByStdio<Writable, Readable, Readable>;
export type Git = ReturnType<typeof createGit>;

/** At one time. A page asks for an event's frames together, and the machine has other things to do. */
const MAX_RUNNING = 4;
const TIMEOUT_MS = 20_000;
/** Hundreds of thousands of files; a tag list of any length that people make. */
const MAX_OUTPUT_BYTES = 128 * 1024 * 1024;

const NO_GIT =
  'Git is not installed where this server runs, or not on its PATH. Install it there and start the server again.';
const UNREADABLE =
  'Git cannot read the checkout: see what `git fsck` says there. A partial clone lacks files, and nothing is fetched for it.';

/**
 * Runs git, always with the same arguments: what may differ is a full hash in one place. Names of commits go in by
 * standard input, paths never.
 *
 * @param searchPath where git is looked for: the PATH of this process
 */
export function createGit({ searchPath, timeoutMs = TIMEOUT_MS }: { searchPath: string; timeoutMs?: number }) {
  const limit = createLimit(MAX_RUNNING);
  // Of these, one takes all of a core or two: frames that are looked at do not wait for it.
  const limitSearch = createLimit(1);
  // Else a program of that name in the folder where it runs would do.
  const folders = searchPath.split(delimiter).filter((folder) => isAbsolute(folder));

  function start(repository: Repository, args: readonly string[]): GitProcess {
    return spawn('git', [...FIXED, `--git-dir=${repository.gitDir}`, ...args], {
      cwd: parse(repository.gitDir).root,
      env: { ...ENVIRONMENT, PATH: folders.join(delimiter), GIT_COMMON_DIR: repository.commonDir },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
  }

  /**
   * @param options.input for its standard input
   * @param options.upTo it looks for so many milliseconds, or says so many bytes, and what it said by then will do; nothing
   *   found is no fault either
   */
  async function run(
    repository: Repository,
    args: readonly string[],
    onData: (chunk: Buffer) => void,
    { input = '', upTo }: { input?: string; upTo?: { ms: number; bytes: number } } = {},
  ): Promise<void> {
    using timer = deadline(upTo?.ms ?? timeoutMs);
    const child = start(repository, args);
    let bytes = 0;
    let said = '';
    let fault: GitError | null = null;
    const stop = (message: string) => {
      if (!upTo) fault ??= new GitError(message);
      child.kill('SIGKILL');
    };
    timer.signal.addEventListener('abort', () => stop('Git took too long.'));
    child.stdin.on('error', () => {}).end(input);
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(0, 2000);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > (upTo?.bytes ?? MAX_OUTPUT_BYTES)) stop('The repository has more files than can be listed.');
      else if (!fault) onData(chunk);
    });
    const [code] = await once(child, 'close').catch((cause: unknown) => {
      throw toGitError(cause);
    });
    if (fault) throw fault;
    if (code !== 0 && !(upTo && (code === null || code === NOTHING_FOUND)))
      throw new GitError(UNREADABLE, { cause: said });
  }

  const batches = createBatches({ start: (repository) => start(repository, ['cat-file', '--batch']), timeoutMs });

  return {
    /**
     * An object by its id, or a commit by the beginning of its id (`<hex>^{commit}`) or by HEAD. Null: there is none, or
     * more than one begins like that.
     *
     * @throws {GitError} also where it is too large
     */
    object: (repository: Repository, name: string): Promise<GitObject | null> =>
      limit(() => batches.ask(repository, name).catch((cause: unknown) => Promise.reject(toGitError(cause)))),

    /**
     * Every file of a commit, as `ls-tree -z` has them, in pieces.
     *
     * @param commit full hash, as git itself gave it
     */
    listTree: (repository: Repository, commit: string, onData: (chunk: Buffer) => void): Promise<void> => {
      if (!isFullHash(commit)) throw new TypeError('A tree is listed by a full hash.');
      return limit(() => run(repository, ['ls-tree', '-r', '-z', '--full-tree', commit], onData));
    },

    /**
     * Where words stand in the text files of a commit, as `grep -z` has it: `<commit>:<path>`, NUL, line, NUL, word, line
     * break. They go in by standard input, so what an event wrote may be among them. In a very large repository, what is
     * found in the first seconds.
     *
     * @param commit full hash, as git itself gave it
     * @param words letters, digits and underscores
     */
    grepWords: (
      repository: Repository,
      commit: string,
      words: readonly string[],
      onData: (chunk: Buffer) => void,
    ): Promise<void> => {
      if (!isFullHash(commit)) throw new TypeError('A commit is looked through by its full hash.');
      if (!words.every((word) => /^\w+$/.test(word))) throw new TypeError('Only words are looked for.');
      if (words.length === 0) return Promise.resolve();
      const input = `${words.join('\n')}\n`;
      return limitSearch(() => run(repository, [...GREP, commit], onData, { input, upTo: GREP_UP_TO }));
    },

    /** A line for each tag: the hash that it points to, a space, its name. */
    listTags: (repository: Repository): Promise<string> =>
      limit(() => text(repository, ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/tags'])),

    /** Address of the remote `origin`; empty when there is none. */
    originUrl: (repository: Repository): Promise<string> =>
      limit(() => text(repository, ['config', '--get', '--default=', 'remote.origin.url'])).then((url) => url.trim()),

    /** Ends what still runs. */
    close: () => batches.close(),
  };

  async function text(repository: Repository, args: readonly string[]): Promise<string> {
    const chunks: Buffer[] = [];
    await run(repository, args, (chunk) => chunks.push(chunk));
    return Buffer.concat(chunks).toString('utf8');
  }
}

const NOTHING_FOUND = 1;
const GREP_UP_TO = { ms: 3000, bytes: 2 * 1024 * 1024 };
const GREP = [
  'grep',
  '--threads=2',
  '-I',
  '-F',
  '-w',
  '-o',
  '-n',
  '-z',
  '--full-name',
  '--no-color',
  '--no-textconv',
  '-f',
  '-',
];

export const isFullHash = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

function toGitError(cause: unknown): GitError {
  if (cause instanceof GitError) return cause;
  const isMissing = cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'EACCES');
  return new GitError(isMissing ? NO_GIT : UNREADABLE, { cause });
}

function deadline(ms: number): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

/**
 * A repository's own configuration is read as its owner left it, so what in it starts a program, or a connection, is set
 * to nothing. None of our commands looks at an index, a hook or a remote; this is for the ones of later versions.
 */
const FIXED = [
  '--no-pager',
  '--no-replace-objects',
  '--no-optional-locks',
  '--literal-pathspecs',
  ...['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'protocol.allow=never', 'core.quotePath=false'].flatMap(
    (setting) => ['-c', setting],
  ),
];

/** All that git gets of an environment, beside PATH: none of the server's, in which there are secrets. */
const ENVIRONMENT = {
  LC_ALL: 'C',
  HOME: '/nonexistent',
  XDG_CONFIG_HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  // A partial clone would fetch what it lacks. Before Git 2.45 there is no such switch, but no protocol is allowed either.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
};
