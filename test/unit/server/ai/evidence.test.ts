import { describe, expect, it } from 'vitest';
import type { CheckoutSource, EvidenceContext } from '../../../../server/ai/evidence.ts';
import { createGatherEvidence } from '../../../../server/ai/evidence-gather.ts';
import type { Payload } from '../../../../server/ai/evidence-payload.ts';
import { prepareForAi } from '../../../../server/ai/prepare.ts';
import type { StoredEvent, StoredFrame } from '../../../../server/protocol/event.ts';
import { makeRepository, mapping, sourceOf, temporaryFolder } from '../source/checkout.ts';
import { frame, storedEvent } from './sample-event.ts';

const COMMIT = 'c'.repeat(40);
const crash = frame({
  lineno: 3,
  pre_context: ['def charge(order, amount):', '    if amount <= 0:'],
  context_line: '        raise ValueError("amount must be positive")',
  post_context: ['    gateway.capture(order.id, amount)'],
  vars: { amount: -12, total: 3, unrelated: 'x' },
});
const caller = frame({
  function: 'pay',
  filename: 'app/api.py',
  lineno: 18,
  context_line: '    charge(order, refund)',
});
const eventOf = (frames: StoredFrame[]): StoredEvent =>
  storedEvent({ exception: { values: [{ type: 'ValueError', value: 'no', stacktrace: { frames } }] } });
const billing: CheckoutSource = {
  path: 'src/app/billing.py',
  commit: COMMIT,
  startLine: 1,
  lines: [
    'def charge(order, amount):',
    '    if amount <= 0:',
    '        raise ValueError("amount must be positive")',
    '    gateway.capture(order.id, amount)',
    '    return total',
  ],
};

function payloadOf(event: StoredEvent, context: EvidenceContext): Payload {
  return JSON.parse(JSON.stringify(prepareForAi(event, context).payload));
}

describe('the payload', () => {
  it('has what strangers wrote apart from what our own tools say', () => {
    const event = eventOf([caller, crash]);
    const payload = payloadOf(event, {
      enclosing: new Map([[crash, billing]]),
      coverage: new Map([
        [
          crash,
          [
            [1, 0],
            [2, 0],
            [3, 1],
            [4, 0],
            [40, 1],
          ],
        ],
        [caller, [[18, 2]]],
      ]),
      counts: { timesSeen: 7, userCount: 2, firstSeen: 0, lastSeen: 86_400_000 },
    });
    expect(Object.keys(payload)).toEqual(['untrusted', 'trusted']);
    expect(payload.trusted).toEqual({
      issue: { times_seen: 7, users: 2, first_seen: '1970-01-01T00:00:00.000Z', last_seen: '1970-01-02T00:00:00.000Z' },
      checkouts: [
        {
          commit: COMMIT,
          files: [
            {
              path: 'src/app/billing.py',
              pieces: [
                {
                  start_line: 1,
                  frames: [1],
                  code: billing.lines,
                  coverage: { covered: '1-2, 4', not_covered: '3' },
                },
              ],
            },
          ],
        },
      ],
      coverage: [{ frame: 2, partly_covered: '18' }],
    });
    const [shown, next] = payload.untrusted.exceptions[0]?.stacktrace ?? [];
    // The lines that stand in the checkout's function are not said twice; the line that ran is.
    expect(shown).toMatchObject({ frame: 1, crash: 'here', code: crash.context_line });
    expect(shown).not.toHaveProperty('code_before');
    expect(next?.frame).toBe(2);
  });

  it('tells of each piece what it is, who says it and what it costs', () => {
    const event = { ...eventOf([crash]), request: { method: 'GET', url: 'https://shop.example/pay' } };
    const { evidence } = prepareForAi(event, {
      enclosing: new Map([[crash, billing]]),
      counts: { timesSeen: 7, userCount: 2, firstSeen: 0, lastSeen: 1 },
    });
    expect(evidence.map(({ type, origin, trust, count }) => [type, origin, trust, count])).toEqual([
      ['exception', 'event', 'untrusted', 1],
      ['frames', 'event', 'untrusted', 1],
      ['variables', 'event', 'untrusted', 3],
      ['request', 'event', 'untrusted', 1],
      ['context', 'event', 'untrusted', 2],
      ['source', 'checkout', 'trusted', 1],
      ['issue', 'stackmend', 'trusted', 1],
    ]);
    for (const { tokens } of evidence) expect(tokens).toBeGreaterThan(0);
    expect(evidence.find(({ type }) => type === 'source')?.commit).toBe(COMMIT);
  });

  it('has variables in the order in which the function names them', () => {
    const payload = payloadOf(eventOf([crash]), { enclosing: new Map([[crash, billing]]) });
    expect(Object.keys(payload.untrusted.exceptions[0]?.stacktrace?.[0]?.vars ?? {})).toEqual([
      'amount',
      'total',
      'unrelated',
    ]);
  });

  it('has no function of a checkout of another version', () => {
    const other = { ...billing, lines: billing.lines.map((line) => line.replace('raise', 'throw')) };
    const event = eventOf([crash]);
    const { payload, leftOut } = prepareForAi(event, { enclosing: new Map([[crash, other]]) });
    expect(payload).not.toHaveProperty('trusted');
    expect(leftOut).toEqual(['1 function of another version left out']);
  });

  it('has a function that calls itself once', () => {
    const frames = Array.from({ length: 4 }, () => frame({ ...crash }));
    const payload = payloadOf(eventOf(frames), { enclosing: new Map(frames.map((one) => [one, billing])) });
    const [file] = payload.trusted?.checkouts?.[0]?.files ?? [];
    expect(file?.pieces.map((one) => one.frames)).toEqual([[1, 2, 3, 4]]);
    // The line that ran stands with the newest.
    expect(payload.untrusted.exceptions[0]?.stacktrace?.map(({ code }) => code !== undefined)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('has a file once, its pieces as they stand there, and says in which class they are', () => {
    const above: CheckoutSource = {
      ...billing,
      startLine: 10,
      lines: ['    def a():', '        pass'],
      within: 'class A:',
    };
    const below: CheckoutSource = { ...billing, startLine: 11, lines: ['        pass', '', '    def b():', '', ''] };
    const far: CheckoutSource = { ...billing, startLine: 40, lines: ['    def c():'], within: 'class A(B):' };
    const payload = payloadOf(eventOf([crash]), {
      enclosing: new Map([[crash, billing]]),
      definitions: [far, { ...below, path: 'other.py' }, below, above],
    });
    expect(payload.trusted?.checkouts?.[0]?.files.map(({ path, pieces }) => [path, pieces])).toEqual([
      [
        'src/app/billing.py',
        [
          { start_line: 1, frames: [1], code: billing.lines },
          { in: 'class A:', start_line: 10, code: ['    def a():', '        pass', '', '    def b():'] },
          { in: 'class A(B):', start_line: 40, code: ['    def c():'] },
        ],
      ],
      ['other.py', [{ start_line: 11, code: ['        pass', '', '    def b():'] }]],
    ]);
  });

  it('has no secret of the checkout, and a value of the event is the same placeholder there', () => {
    const key = 'AKIAIOSFODNN7EXAMPLQ';
    const lines = [...billing.lines.slice(0, 4), `    client = connect("${key}", owner="ann@shop.example")`];
    const frames = [frame({ ...crash, vars: { owner: 'ann@shop.example' } })];
    const [first] = frames;
    const payload = payloadOf(eventOf(frames), { enclosing: new Map(first ? [[first, { ...billing, lines }]] : []) });
    const text = JSON.stringify(payload);
    expect(text).not.toMatch(/AKIA|ann@/);
    expect(text.match(/\[email 1\]/g)?.length).toBe(2);
  });
});

const FILES = {
  'src/app/billing.py': `from app.rates import rate\n\n\n${billing.lines.slice(0, 4).join('\n')}\n    return helper(rate(order))\n\n\ndef helper(value):\n    return value\n\n\ndef unused():\n    pass\n`,
  'src/app/rates.py': 'def rate(order):\n    return deep(order)\n\n\ndef deep(order):\n    return None\n',
  'src/app/.env': 'TOKEN=1',
};

describe('gathering', () => {
  it('finds the function, what it uses, and nothing of other commits', async () => {
    using folder = temporaryFolder();
    const { folder: path, commit } = makeRepository(`${folder.root}/shop`, FILES);
    const mapped = mapping(path, { stackRoot: 'app/', sourceRoot: 'src/app/' });
    const { projectId } = mapped;
    using source = sourceOf([mapped], {
      commits: { 'shop@1': commit },
      roots: [folder.root],
    });
    const gather = createGatherEvidence({
      source,
      coverage: { passOf: () => ({ ofFile: async () => ({ file: null }) }) },
      countsOf: async () => null,
    });
    const ran = frame({ ...crash, lineno: 6 });
    const event = {
      ...eventOf([frame({ filename: 'app/gone.py' }), frame({ in_app: false }), ran]),
      release: 'shop@1',
    };
    const { enclosing, definitions } = await gather(event, projectId, 1);
    expect(
      [...(enclosing ?? [])].map(([one, { path: file, commit: at, startLine }]) => [one, file, at, startLine]),
    ).toEqual([[ran, 'src/app/billing.py', commit, 1]]);
    expect(enclosing?.get(ran)?.lines).toContain('    return helper(rate(order))');
    expect(definitions?.map(({ path: file, lines }) => [file, lines[0]])).toEqual([
      ['src/app/billing.py', 'def helper(value):'],
      ['src/app/rates.py', 'def rate(order):'],
      ['src/app/rates.py', 'def deep(order):'],
    ]);
    const other = await gather({ ...event, release: 'shop@2' }, projectId, 1);
    expect([...(other.enclosing ?? [])]).toEqual([]);
    expect(other.definitions).toEqual([]);
  });
});
