import { Worker } from 'node:worker_threads';
import { BadRequestError, UnavailableError } from '../protocol/errors.ts';
import { createLimit } from '../source/limit.ts';
import { type Preparer, preparer } from './preparer.ts';
import type { FromPreparer, ToPreparer } from './preparer-thread.ts';
import { SuggestError } from './suggest-error.ts';
import { counterKind } from './tokens.ts';

/** An event of 1 MB with a checkout and a tokenizer's words take about 150. */
const MEMORY_MB = 512;
/** Rules are linear, so that the largest event takes a fraction of a second. */
const TIMEOUT_MS = 30_000;
/** Then its memory is of better use elsewhere. */
const IDLE_MS = 5 * 60_000;
const THREAD = new URL('./preparer-thread.ts', import.meta.url);

/**
 * Prepares in a thread of its own, started by the first event and one event at a time: loading a tokenizer takes 200 ms,
 * redacting a large event 50, for which the server would take in nobody's events. Whatever happens to the thread, each
 * call is answered or rejected in words, and the next one finds another thread.
 *
 * @param options.thread what runs in it: a test has one that dies
 */
export function createPreparerInThread({ timeoutMs = TIMEOUT_MS, idleMs = IDLE_MS, thread = THREAD } = {}): Preparer {
  const inTurn = createLimit(1);
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;

  function start(): Worker {
    const started = new Worker(thread, { resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
    const forget = () => {
      if (worker === started) worker = null;
    };
    // It fails before it ends: the next call is not to wait for its end. What fails while nobody waits concerns nobody.
    started.once('error', forget).once('exit', forget);
    return started;
  }

  async function end(): Promise<void> {
    const ended = worker;
    worker = null;
    await ended?.terminate();
  }

  async function ask(asked: ToPreparer): Promise<FromPreparer> {
    if (isClosed) throw new UnavailableError('The server is being stopped.', 10);
    clearTimeout(idle);
    worker ??= start();
    const running = worker;
    const { promise, resolve, reject } = Promise.withResolvers<FromPreparer>();
    const fail = (words: string, cause?: unknown) =>
      reject(new UnavailableError(`The event could not be prepared for a model: ${words}.`, 10, { cause }));
    const failed = (error: Error & { code?: string }) =>
      fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it takes too much memory' : 'its thread failed', error);
    const exited = () => fail('its thread ended');
    const timer = setTimeout(() => {
      fail('it takes too long');
      void end();
    }, timeoutMs);
    running.once('message', resolve).once('error', failed).once('exit', exited);
    // Only while somebody waits for it does it keep a command from ending.
    running.ref();
    try {
      running.postMessage(asked);
      return await promise;
    } finally {
      clearTimeout(timer);
      running.off('message', resolve).off('error', failed).off('exit', exited).unref();
      idle = setTimeout(() => void end(), idleMs).unref();
    }
  }

  async function answerOf(asked: ToPreparer) {
    const answer = await inTurn(() => ask(asked));
    if ('answer' in answer) return answer.answer;
    if (answer.kind) throw new SuggestError(answer.kind, answer.message);
    if (answer.status === 400) throw new BadRequestError(answer.message);
    throw new Error(answer.message);
  }

  return {
    prepare: async (asked) => {
      const prepared = await answerOf({ prepare: asked });
      if (typeof prepared !== 'number') return prepared;
      throw new TypeError('A number came for an event.');
    },
    count: async (asked) => {
      // An estimate is made in the time that a message takes.
      if (counterKind(asked.model) === 'estimate') return preparer.count(asked);
      const tokens = await answerOf({ count: asked });
      if (typeof tokens === 'number') return tokens;
      throw new TypeError('An event came for a number.');
    },
    close: async () => {
      isClosed = true;
      clearTimeout(idle);
      await end();
    },
  };
}
