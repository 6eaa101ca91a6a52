import type { GitProcess } from './git.ts';
import type { Repository } from './repository.ts';

export type GitObject = {
  /** Full hash. */
  id: string;
  type: string;
  /** Null: larger than `MAX_OBJECT_BYTES`. */
  content: Buffer | null;
};

/** Of one object. A source file of a person is a tenth of it; what a program wrote is not read by people. */
const MAX_OBJECT_BYTES = 2 * 1024 * 1024;
/** Repositories whose process is kept for the next question. */
const MAX_KEPT = 4;
const IDLE_MS = 30_000;
const MAX_HEADER_BYTES = 1024;

type Deps = { start: (repository: Repository) => GitProcess; timeoutMs: number };

/** One `git cat-file --batch` for each repository that was asked last: starting git takes longer than what it has to do. */
export function createBatches({ start, timeoutMs }: Deps) {
  const kept = new Map<string, Batch>();
  let isClosed = false;

  function batchOf(repository: Repository): Batch {
    const known = kept.get(repository.id);
    const batch = known && !known.isOver() ? known : openBatch(start(repository), timeoutMs);
    kept.delete(repository.id);
    kept.set(repository.id, batch);
    for (const [id, oldest] of [...kept].slice(0, -MAX_KEPT)) {
      kept.delete(id);
      oldest.close();
    }
    return batch;
  }

  return {
    ask: (repository: Repository, name: string): Promise<GitObject | null> => {
      if (isClosed) return Promise.reject(new Error('The server is closing.'));
      if (!NAME.test(name)) return Promise.reject(new TypeError('An object is asked for by its hash.'));
      const ask = () => batchOf(repository).ask(name);
      return ask().catch((error: unknown) => (error instanceof EndedError ? ask() : Promise.reject(error)));
    },
    close: () => {
      isClosed = true;
      for (const batch of kept.values()) batch.close();
      kept.clear();
    },
  };
}
/** It ended before this question's turn came. */
class EndedError extends Error {}

/** All that is ever written to git: a line break in it would be a second question. */
const NAME = /^(?:[0-9a-f]{4,64}|HEAD)(?:\^\{commit\})?$/;

type Question = {
  name: string;
  resolve: (object: GitObject | null) => void;
  reject: (error: unknown) => void;
};
type Batch = ReturnType<typeof openBatch>;

function openBatch(child: GitProcess, timeoutMs: number) {
  const questions: Question[] = [];
  let received: Buffer[] = [];
  let isOver = false;
  let isClosing = false;
  let timer: NodeJS.Timeout | undefined;

  function end(error: unknown): void {
    isOver = true;
    clearTimeout(timer);
    child.kill('SIGKILL');
    for (const { reject } of questions.splice(0)) reject(error);
  }

  /** Questions are put one at a time, so that each has its own deadline. */
  function putNext(): void {
    clearTimeout(timer);
    received = [];
    const [question] = questions;
    if (question) {
      timer = setTimeout(() => end(new Error('git cat-file took too long')), timeoutMs);
      child.stdin.write(`${question.name}\n`);
    } else if (isClosing) end(new EndedError('closed'));
    else timer = setTimeout(() => end(new EndedError('idle')), IDLE_MS).unref();
  }

  function answer(object: GitObject | null): void {
    questions.shift()?.resolve(object);
    // The bytes of what is too large are still to come; another process is cheaper than reading them.
    if (object && object.content === null) end(new EndedError('for an object that is too large'));
    else putNext();
  }

  function read(): void {
    const bytes = Buffer.concat(received);
    received = [bytes];
    const lineEnd = bytes.indexOf(10);
    const header = bytes.toString('latin1', 0, lineEnd === -1 ? 0 : lineEnd);
    const [, id, type, length = ''] = /^([0-9a-f]{40,64}) ([a-z]+) (\d{1,15})$/.exec(header) ?? [];
    if (lineEnd === -1) {
      if (bytes.length > MAX_HEADER_BYTES) end(new Error('git cat-file answers in another form'));
    } else if (/ (?:missing|ambiguous)$/.test(header)) answer(null);
    else if (!id || !type) end(new Error('git cat-file answers in another form'));
    else if (Number(length) > MAX_OBJECT_BYTES) answer({ id, type, content: null });
    else {
      const from = lineEnd + 1;
      const to = from + Number(length);
      // A line break comes after it.
      if (bytes.length > to) answer({ id, type, content: bytes.subarray(from, to) });
    }
  }

  // Its end is told by `close`, and why it did not begin by `error`.
  child.stdin.on('error', () => {});
  child.stderr.resume();
  child.stdout.on('data', (chunk: Buffer) => {
    if (isOver) return;
    received.push(chunk);
    read();
  });
  child.on('error', end);
  child.on('close', () => end(new EndedError('git cat-file ended')));

  return {
    ask: (name: string): Promise<GitObject | null> => {
      const { promise, resolve, reject } = Promise.withResolvers<GitObject | null>();
      questions.push({ name, resolve, reject });
      if (questions.length === 1) putNext();
      return promise;
    },
    isOver: () => isOver,
    /** Ends it after what was asked already. */
    close: () => {
      isClosing = true;
      if (questions.length === 0) end(new EndedError('closed'));
    },
  };
}
