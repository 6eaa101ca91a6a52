import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { explainGrouping } from '../../../../server/digest/explain-grouping.ts';
import { prepareEnvelope, toStoredEvent } from '../../../../server/digest/prepare.ts';
import { EnvelopeError } from '../../../../server/protocol/envelope.ts';
import type { Json, StoredEvent } from '../../../../server/protocol/event.ts';
import { readSamples } from '../../../../server/samples/samples.ts';
import { corpusFiles, corpusRoot, reportMissingCorpus } from '../../../corpus.ts';

const EVENT_ID = '0'.repeat(32);
const envelope = {
  projectId: 2,
  eventId: EVENT_ID,
  receivedAt: 1_790_000_000_000,
  remoteAddress: null,
  body: Buffer.of(),
};
const stored = (payload: Json): StoredEvent => toStoredEvent(payload, envelope, EVENT_ID, {});
const frame = (name: string, inApp: boolean | null = true) => ({
  function: name,
  module: 'shop.cart',
  ...(inApp === null ? {} : { in_app: inApp }),
});

/** `frame pay in shop.cart`, and in brackets why it does not contribute. */
function told(payload: Json): string[][] {
  return explainGrouping(stored(payload)).map(({ description, parts }) => [
    description,
    ...parts.map(({ name, value, contributes, hint }) => `${name} ${value}${contributes ? '' : ` [${hint}]`}`),
  ]);
}

/** What contributes, in order, is what was hashed. */
function expectTrue(event: StoredEvent) {
  const explained = explainGrouping(event);
  expect(explained.map((variant) => variant.hash)).toEqual(event.hashes);
  for (const { hash: stored, parts } of explained) {
    const lines = parts.filter(({ contributes }) => contributes).map(({ name, value }) => `${name}: ${value}`);
    expect(hash('md5', JSON.stringify(lines))).toBe(stored);
    for (const { contributes, hint } of parts) expect(contributes).toBe(hint === null);
  }
}

describe('the parts of a hash', () => {
  test.each<[string, Json, string[][]]>([
    [
      'frames and type, and why others do not count',
      {
        exception: [
          {
            type: 'CartError',
            value: 'order 7',
            stacktrace: {
              frames: [frame('main', false), frame('pay'), frame('walk'), frame('walk'), frame('log', null)],
            },
          },
        ],
      },
      [
        [
          "By the exceptions and the program's own frames",
          'type CartError',
          'value order <number> [ignored: the type and the frames tell more]',
          'frame main in shop.cart [not in app]',
          'frame pay in shop.cart',
          'frame walk in shop.cart',
          'frame walk in shop.cart [ignored: repeats the frame above]',
          'frame log in shop.cart [not said to be in app]',
        ],
        [
          'By the exceptions and all frames',
          'type CartError',
          'value order <number> [ignored: the type and the frames tell more]',
          'frame main in shop.cart',
          'frame pay in shop.cart',
          'frame walk in shop.cart',
          'frame walk in shop.cart [ignored: repeats the frame above]',
          'frame log in shop.cart',
        ],
      ],
    ],
    [
      'an exception without frames',
      { exception: [{ type: 'KeyError', value: 'a' }] },
      [["By the exceptions and the program's own frames", 'type KeyError', 'value a']],
    ],
    [
      'a synthetic exception',
      {
        exception: [
          { type: 'SIGSEGV', mechanism: { type: 'x', synthetic: true }, stacktrace: { frames: [frame('a')] } },
        ],
      },
      [
        [
          "By the exceptions and the program's own frames",
          "type SIGSEGV [ignored: the SDK's own, the same for every crash]",
          'frame a in shop.cart',
        ],
      ],
    ],
    [
      'members of a group that are alike',
      {
        exception: [
          { type: 'E', value: 'a', mechanism: { type: 'x', exception_id: 1, parent_id: 0 } },
          { type: 'E', value: 'a', mechanism: { type: 'x', exception_id: 2, parent_id: 0 } },
          { type: 'Group', value: 'b', mechanism: { type: 'x', exception_id: 0, is_exception_group: true } },
        ],
      },
      [
        [
          "By the exceptions and the program's own frames",
          'type E',
          'value a',
          'type E [ignored: like another member of the exception group]',
          'value a [ignored: like another member of the exception group]',
          'type Group',
          'value b',
        ],
      ],
    ],
    [
      'a built-in function of the engine',
      {
        platform: 'javascript',
        exception: [
          {
            type: 'TypeError',
            stacktrace: {
              frames: [
                { function: 'Array.map', filename: '<anonymous>', in_app: true },
                { function: 'render', filename: 'https://example.org/app.js', in_app: true },
              ],
            },
          },
        ],
      },
      [
        [
          "By the exceptions and the program's own frames",
          'type TypeError',
          'frame Array.map in <anonymous> [says nothing of its own]',
          'frame render in app.js',
        ],
      ],
    ],
    [
      'a fingerprint that replaces the rest',
      { message: 'x', fingerprint: ['checkout', '{{ level }}'] },
      [
        [
          'By the fingerprint that the SDK sent',
          'fingerprint checkout',
          'fingerprint error',
          'message x [ignored: the fingerprint takes its place]',
        ],
      ],
    ],
    [
      'a fingerprint that adds to the rest',
      { message: 'order 7', fingerprint: ['{{ default }}', 'eu'] },
      [['By the fingerprint that the SDK sent', 'message order <number>', 'fingerprint eu']],
    ],
    ['a message', { message: 'order 7' }, [['By the message, without its values', 'message order <number>']]],
    [
      'nothing at all',
      { platform: 'go' },
      [['By the platform, as nothing else tells this event from others', 'platform go']],
    ],
    [
      'a thread without an exception',
      { threads: [{ id: 1, crashed: true, stacktrace: { frames: [frame('a', false), frame('b')] } }] },
      [
        ["By the exceptions and the program's own frames", 'frame a in shop.cart [not in app]', 'frame b in shop.cart'],
        ['By the exceptions and all frames', 'frame a in shop.cart', 'frame b in shop.cart'],
      ],
    ],
  ])('are told for %s', (_, payload, expected) => {
    expect(told(payload)).toEqual(expected);
    expectTrue(stored(payload));
  });
});

it('explains the samples down to each frame', async () => {
  for (const { text } of await readSamples()) {
    const event = stored(JSON.parse(text));
    expectTrue(event);
    const frames = event.exception?.values.flatMap(({ stacktrace }) => stacktrace?.frames ?? []) ?? [];
    for (const { parts } of explainGrouping(event))
      expect(parts.filter(({ name }) => name === 'frame')).toHaveLength(frames.length);
  }
});

reportMissingCorpus('explaining the grouping of every event of the corpus');

describe.runIf(corpusRoot)('the corpus', () => {
  const files = corpusFiles().filter(({ kind }) => kind !== 'sentry-api');
  test.each(files)('explains $path as it was grouped, from what is stored', ({ path, kind }) => {
    const bytes = readFileSync(join(corpusRoot ?? '', path));
    const event = kind === 'json' ? stored(JSON.parse(bytes.toString())) : eventOf(bytes);
    if (event) expectTrue(JSON.parse(JSON.stringify(event)));
  });
});

/** Null for an envelope that has none, or is broken: digest's own tests tell of those. */
function eventOf(body: Buffer): StoredEvent | null {
  try {
    return prepareEnvelope({ ...envelope, body }).event;
  } catch (error) {
    if (error instanceof EnvelopeError) return null;
    throw error;
  }
}

it('says of a hash that does not come out again that an earlier version made it', () => {
  const event = stored({ message: 'x' });
  const [kept = ''] = event.hashes;
  expect(explainGrouping({ ...event, hashes: ['a'.repeat(32), kept] })).toMatchObject([
    { hash: 'a'.repeat(32), description: expect.stringMatching(/earlier version/), parts: [] },
    { hash: kept, parts: [{ name: 'message', value: 'x' }] },
  ]);
  for (const id of ['v0', '__proto__'])
    expect(explainGrouping({ ...event, grouping_config: { id } })).toMatchObject([{ hash: kept, parts: [] }]);
});
