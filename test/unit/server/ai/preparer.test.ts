import { afterAll, describe, expect, it } from 'vitest';
import type { EvidenceContext } from '../../../../server/ai/evidence.ts';
import type { Prepared } from '../../../../server/ai/prepare.ts';
import { type Preparer, preparer, type ToPrepare } from '../../../../server/ai/preparer.ts';
import { createPreparerInThread } from '../../../../server/ai/preparer-in-thread.ts';
import { SuggestError } from '../../../../server/ai/suggest-error.ts';
import { BadRequestError, UnavailableError } from '../../../../server/protocol/errors.ts';
import type { StoredEvent, StoredFrame } from '../../../../server/protocol/event.ts';
import { corpusEvents } from './corpus-events.ts';
import { storedEvent } from './sample-event.ts';

const RULES = 'name: *order*\ntext: checkout\nkeep: host';
const asked = (event: StoredEvent, more: Partial<ToPrepare> = {}): ToPrepare => ({
  event,
  context: contextOf(event),
  model: 'gpt-5-mini',
  maxTokens: 12_000,
  redactionRules: RULES,
  ...more,
});

/** A function of a checkout around every third frame. */
function contextOf(event: StoredEvent): EvidenceContext {
  const frames = (event.exception?.values ?? []).flatMap((one) => one?.stacktrace?.frames ?? []);
  const enclosing = frames.flatMap((frame, index): [StoredFrame, object][] =>
    frame && index % 3 === 0 ? [[frame, sourceAround(frame)]] : [],
  );
  const counts = { timesSeen: 3, userCount: 1, firstSeen: 0, lastSeen: 1000 };
  return { enclosing: new Map(enclosing) as EvidenceContext['enclosing'], counts };
}

const sourceAround = ({ lineno, context_line }: StoredFrame) => ({
  path: 'src/app.py',
  commit: 'c'.repeat(40),
  startLine: (lineno ?? 2) - 1,
  lines: ['def run():  # ask ann@shop.example', context_line ?? '', '    return None'],
});

const bytesOf = ({ placeholders, ...rest }: Prepared) => JSON.stringify({ ...rest, placeholders: [...placeholders] });

const inThread = createPreparerInThread();
afterAll(() => inThread.close());

describe('in a thread', () => {
  it('every event of the corpus is prepared as it is here, byte for byte', async () => {
    for (const { path, event } of [{ path: 'sample', event: storedEvent() }, ...corpusEvents()]) {
      const [there, here] = await Promise.all([inThread.prepare(asked(event)), preparer.prepare(asked(event))]);
      expect([path, bytesOf(there)]).toEqual([path, bytesOf(here)]);
    }
  }, 60_000);

  it('tokens are counted as they are here, with the tokenizer and with the estimate', async () => {
    const messages = [{ role: 'user' as const, content: 'What\n\nhappened to <|endoftext|>?' }];
    for (const model of ['gpt-4o', 'gpt-4', 'llama3'])
      for (const of of [messages, 'an answer'])
        expect(await inThread.count({ model, of })).toBe(await preparer.count({ model, of }));
  });

  it('an error of ours comes with its class and its words', async () => {
    const small = inThread.prepare(asked(storedEvent(), { maxTokens: 500 }));
    await expect(small).rejects.toThrow(/window leaves 500 tokens/);
    await expect(small).rejects.toBeInstanceOf(SuggestError);
    const bad = inThread.prepare(asked(storedEvent(), { redactionRules: 'pattern: (a' }));
    await expect(bad).rejects.toThrow(/^Line 1: /);
    await expect(bad).rejects.toBeInstanceOf(BadRequestError);
  });
});

/** One that answers a count with 7, and does this when it is to prepare. */
const threadThat = (does: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ count }) => { if (count) parentPort.postMessage({ answer: 7 }); else { ${does} } });`,
    )}`,
  );

describe('a thread that fails', () => {
  it.each([
    ['dies', 'process.exit(1)', /its thread ended/],
    ['throws', 'throw new Error("no")', /its thread failed/],
    ['takes for ever', 'for (;;);', /takes too long/],
    ['takes all memory', 'const all = []; for (;;) all.push(new Array(1e5).fill(all.length));', /too much memory/],
  ])(
    'one that %s is an error in words, and the next call finds another',
    async (_, does, words) => {
      const failing = createPreparerInThread({ thread: threadThat(does), timeoutMs: 5000 });
      const [first, second, count] = await Promise.allSettled([
        failing.prepare(asked(storedEvent())),
        failing.prepare(asked(storedEvent())),
        failing.count({ model: 'gpt-4o', of: 'x' }),
      ]);
      for (const failed of [first, second]) {
        expect(failed).toMatchObject({ status: 'rejected', reason: expect.any(UnavailableError) });
        expect(failed).toMatchObject({ reason: { message: expect.stringMatching(words) } });
      }
      expect(count).toEqual({ status: 'fulfilled', value: 7 });
      await failing.close();
    },
    60_000,
  );

  it('none waits for one that is closed', async () => {
    const closing: Preparer = createPreparerInThread({ thread: threadThat('for (;;);') });
    const waiting = closing.prepare(asked(storedEvent()));
    const refused = expect(waiting).rejects.toThrow(UnavailableError);
    await closing.close();
    await refused;
    await expect(closing.prepare(asked(storedEvent()))).rejects.toThrow(/being stopped/);
  });
});
