import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { countLines, describeLeftOut, fitToBudget } from '../../../../server/ai/budget.ts';
import { type CheckoutSource, collectEvidence, type Evidence } from '../../../../server/ai/evidence.ts';
import { framesIn, payloadOf, renderPayload } from '../../../../server/ai/evidence-payload.ts';
import { messagesFor, prepareForAi, tokensOf } from '../../../../server/ai/prepare.ts';
import { createRedactor } from '../../../../server/ai/redact.ts';
import { estimateTokens, tokenCounter } from '../../../../server/ai/tokens.ts';
import type { Json, StoredEvent, StoredFrame } from '../../../../server/protocol/event.ts';
import { frame, storedEvent } from './sample-event.ts';

const long = (name: string, inApp: boolean) =>
  frame({
    function: name,
    in_app: inApp,
    pre_context: Array.from({ length: 5 }, (_, index) => `    before_${index}(${'x, '.repeat(40)})`),
    context_line: `    ${name}(amount)`,
    vars: { amount: 'v'.repeat(200) },
  });
const stack = (name: string) => [
  ...Array.from({ length: 6 }, (_, index) => long(`${name}_app_${index}`, true)),
  ...Array.from({ length: 6 }, (_, index) => long(`${name}_lib_${index}`, false)),
];
const bigEvent = storedEvent({
  logentry: { formatted: 'm'.repeat(5000) },
  exception: {
    values: ['Old', 'Older', 'New'].map((type) => ({
      type,
      value: 'long words '.repeat(300),
      stacktrace: { frames: stack(type) },
    })),
  },
  breadcrumbs: { values: Array.from({ length: 10 }, () => ({ message: 'a few words '.repeat(20) })) },
});

const framesOf = (event: StoredEvent): StoredFrame[] =>
  (event.exception?.values ?? [])
    .flatMap((exception) => exception?.stacktrace?.frames ?? [])
    .filter((one) => one !== null);
/** A function of 40 lines around the line of each in-app frame. */
const sourceOf = (one: StoredFrame): CheckoutSource => ({
  path: `src/${one.function}.py`,
  commit: 'c'.repeat(40),
  startLine: (one.lineno ?? 0) - 20,
  lines: Array.from({ length: 40 }, (_, index) =>
    index === 20 ? (one.context_line ?? '') : `    step_${index} = work(${index})`,
  ),
});
const enclosing = new Map(
  framesOf(bigEvent)
    .filter((one) => one.in_app)
    .map((one) => [one, sourceOf(one)]),
);
const definitions = Array.from({ length: 14 }, (_, file) => ({
  path: `src/helper_${file}.py`,
  commit: 'c'.repeat(40),
  startLine: 1,
  lines: ['def work(n):', ...Array.from({ length: 5 }, (_, index) => `    n += ${index}`)],
}));
const big = collectEvidence(bigEvent, { enclosing, definitions }, createRedactor());

const tokens = (evidence: Evidence) => estimateTokens(renderPayload(payloadOf(evidence)));
const fitted = (limit: number): Evidence => {
  const evidence = fitToBudget(big, limit, estimateTokens);
  if (!evidence) throw new Error(`Nothing fits ${limit} tokens.`);
  return evidence;
};

describe('the budget', () => {
  it('leaves alone what fits', () => expect(fitToBudget(big, 1_000_000, estimateTokens)).toBe(big));

  test.each([20_000, 16_000, 12_000, 8000, 6000, 4000, 2000, 1200, 800])('of %i tokens is kept', (limit) => {
    const cut = fitted(limit);
    expect(tokens(cut)).toBeLessThanOrEqual(limit);
    expect(describeLeftOut(cut.leftOut)).not.toEqual([]);
    // The line that ran is the last to go.
    const crash = framesIn(cut.event).find((one) => one.crash);
    expect(crash?.code).toContain('New_app_5(amount)');
  });

  it('gives up no more than is needed', () => {
    expect(describeLeftOut(fitted(tokens(big) - 1).leftOut)).toEqual(['1 breadcrumb left out']);
    const more = fitted(tokens(big) - 300);
    expect(more.event.breadcrumbs?.length).toBeGreaterThan(4);
    expect(tokens(big) - tokens(more)).toBeLessThan(400);
  });

  it('gives up the least telling first, and says so', () => {
    const given: string[] = [];
    for (let limit = tokens(big); limit > 400; limit -= 40) {
      const cut = fitToBudget(big, limit, estimateTokens);
      const next = describeLeftOut(cut?.leftOut ?? {}).map((sentence) =>
        sentence.replace(/^[\d,]+ /, '').replace(/s?( of the checkout)? left out$/, '$1'),
      );
      for (const sentence of next) if (!given.includes(sentence)) given.push(sentence);
    }
    expect(given).toEqual([
      'breadcrumb',
      'library frame source',
      'definition',
      'library frame',
      'variable',
      'older exception',
      'function of the checkout',
      'app frame source',
      'app frame',
      'source line',
      'long text',
    ]);
  });

  it('keeps the frame that crashed though a newer exception has none', () => {
    const event = storedEvent({
      exception: { values: [...(bigEvent.exception?.values ?? []), { type: 'Wrapper', value: 'no frames' }] },
    });
    const cut = fitToBudget(collectEvidence(event, {}, createRedactor()), 1500, estimateTokens);
    expect(cut?.event.exceptions.map(({ type }) => type)).toEqual(['Wrapper', 'New']);
  });

  it('says so where nothing fits', () => {
    expect(fitToBudget(big, 10, estimateTokens)).toBeNull();
    expect(() => prepareForAi(bigEvent, {}, { maxTokens: 500 })).toThrow(/window leaves 500 tokens/);
  });

  it('counts line by line what it counts as a whole', async () => {
    for (const model of ['gpt-4o', 'gpt-4']) {
      const { count } = await tokenCounter(model);
      const text = renderPayload(payloadOf(big));
      expect(countLines(text, count)).toBe(count(text));
    }
  });
});

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'x'.repeat(20_000),
    '\n'.repeat(3000),
    '漢'.repeat(5000),
    '</event>"}]}'.repeat(500),
    '<|endoftext|>',
  ),
);
const anyFrame: fc.Arbitrary<StoredFrame> = fc.record({
  function: text,
  filename: text,
  lineno: fc.nat(500),
  in_app: fc.boolean(),
  context_line: text,
  pre_context: fc.array(text, { maxLength: 12 }),
  vars: fc.dictionary(text, fc.jsonValue() as fc.Arbitrary<Json>, { maxKeys: 30 }),
});
const anyEvent = fc
  .record({
    message: text,
    release: text,
    type: text,
    value: text,
    frames: fc.array(anyFrame, { maxLength: 25 }),
    crumbs: fc.array(text, { maxLength: 50 }),
    chain: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ message, release, type, value, frames, crumbs, chain }) =>
    storedEvent({
      release,
      logentry: { formatted: message },
      exception: { values: Array.from({ length: chain }, () => ({ type, value, stacktrace: { frames } })) },
      breadcrumbs: { values: crumbs.map((crumb) => ({ message: crumb, category: crumb })) },
    }),
  );

it('is never exceeded, whatever the event', { timeout: 120_000 }, async () => {
  const counters = await Promise.all(['gpt-4o', 'llama3'].map(tokenCounter));
  fc.assert(
    fc.property(anyEvent, fc.integer({ min: 2500, max: 30_000 }), fc.boolean(), (event, maxTokens, withSource) => {
      const source = new Map(framesOf(event).map((one) => [one, sourceOf(one)]));
      for (const { count } of counters) {
        const prepared = prepareForAi(event, withSource ? { enclosing: source } : {}, {
          maxTokens,
          countTokens: count,
        });
        const messages = messagesFor(prepared, '0123456789abcdef'.repeat(2));
        expect(tokensOf(messages, count)).toBeLessThanOrEqual(maxTokens);
        const [, user] = messages;
        const lines = user?.content.split('\n') ?? [];
        expect(lines.filter((line) => line.startsWith('</event'))).toHaveLength(1);
        expect(JSON.parse(lines.slice(1, -1).join('\n'))).toEqual(prepared.payload);
      }
    }),
    { numRuns: 25 },
  );
});

it('is kept by a single variable of a megabyte, in little time', () => {
  const vars = { body: 'ann@example.com '.repeat(65_536), amount: -12 };
  const event = storedEvent({ exception: { values: [{ type: 'E', stacktrace: { frames: [frame({ vars })] } }] } });
  const start = performance.now();
  const prepared = prepareForAi(event, {}, { maxTokens: 4000 });
  expect(performance.now() - start).toBeLessThan(5000);
  expect(tokensOf(messagesFor(prepared, 'f'.repeat(32)))).toBeLessThanOrEqual(4000);
  expect(JSON.stringify(prepared.payload)).toContain('"amount":-12');
});
