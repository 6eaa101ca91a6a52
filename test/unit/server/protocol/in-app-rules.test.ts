import { describe, expect, it, test } from 'vitest';
import type { StoredEvent, StoredFrame } from '../../../../server/protocol/event.ts';
import { parseInAppRules, withInAppRules } from '../../../../server/protocol/in-app-rules.ts';

const frame: StoredFrame = {
  function: 'handle_order',
  module: 'shop.cart',
  filename: 'shop/cart.py',
  abs_path: '/srv/App/shop/cart.py',
  package: 'C:\\Program Files\\Shop\\cart.dll',
  in_app: true,
};

function eventOf(frames: StoredFrame[], platform = 'python'): StoredEvent {
  return {
    event_id: '0'.repeat(32),
    project: '2',
    type: 'error',
    platform,
    level: 'error',
    timestamp: 0,
    received: 0,
    tags: [],
    title: 'x',
    culprit: '',
    location: null,
    metadata: {},
    hashes: ['h'],
    grouping_config: { id: 'v1' },
    exception: { values: [{ type: 'E', stacktrace: { frames }, raw_stacktrace: { frames } }] },
  };
}

function inAppOf(text: string, frames: StoredFrame[], platform?: string) {
  const { exception } = withInAppRules(eventOf(frames, platform), parseInAppRules(text));
  return exception?.values[0]?.stacktrace?.frames?.map(({ in_app }) => in_app);
}

describe('a frame that is in app', () => {
  test.each<[string, boolean]>([
    ['stack.function:handle_* -app', false],
    ['stack.function:handle -app', true],
    ['function:HANDLE_* -app', true],
    ['stack.module:shop.* -app', false],
    ['stack.module:other.* -app', true],
    ['!stack.module:other.* -app', false],
    ['stack.abs_path:/srv/app/** -app', false],
    ['stack.abs_path:**/shop/*.py -app', false],
    ['stack.abs_path:/srv/* -app', true],
    ['path:"/srv/app/shop/cart.py" -app', false],
    ['stack.package:"C:\\\\Program Files\\\\**" -app', false],
    ['stack.package:"c:/program files/shop/cart.dll" -app', false],
    ['family:other -app', false],
    ['family:all -app', false],
    ['family:native,javascript -app', true],
    ['app:yes -app', false],
    ['app:no -app', true],
    ['!app:no stack.module:shop.* -app', false],
    ['stack.module:shop.* stack.function:pay -app', true],
    ['# a comment\n\n  stack.module:shop.*   -app   # why\r\n', false],
    ['stack.module:shop.* -app\nstack.function:handle_order +app', true],
    ['stack.module:shop.* -app\napp:no +app', true],
    ['stack.function:handle_order +app\nstack.module:shop.* -app', false],
    ['', true],
  ])('%j makes it %j', (rules, expected) => {
    expect(inAppOf(rules, [frame])).toEqual([expected]);
  });
});

it('knows families by the platform of the frame, else of the event', () => {
  const frames = [{}, { platform: 'native' }, { platform: 'python' }];
  expect(inAppOf('family:javascript +app', frames, 'node')).toEqual([true, undefined, undefined]);
  expect(inAppOf('family:native +app', frames, 'cocoa')).toEqual([true, true, undefined]);
});

it('tries a path without a slash at its beginning with one, as Sentry does', () => {
  expect(inAppOf('stack.abs_path:**/vendor/** +app', [{ filename: 'vendor/x.py' }])).toEqual([true]);
  expect(inAppOf('stack.function:/x +app', [{ function: 'x' }])).toEqual([undefined]);
});

it('finds nothing in a frame that lacks what a rule asks for, so that a negation holds', () => {
  expect(inAppOf('stack.module:* +app', [{}])).toEqual([undefined]);
  expect(inAppOf('!stack.module:* +app', [{}])).toEqual([true]);
});

it('changes every trace of an event but nothing of the event that was given', () => {
  const event = {
    ...eventOf([frame]),
    stacktrace: { frames: [frame] },
    threads: { values: [{ id: 1, stacktrace: { frames: [frame] } }, { id: 2 }] },
  };
  const before = structuredClone(event);
  const viewed = withInAppRules(event, parseInAppRules('app:yes -app'));
  const traces = [
    viewed.stacktrace,
    viewed.exception?.values[0]?.stacktrace,
    viewed.exception?.values[0]?.raw_stacktrace,
    viewed.threads?.values[0]?.stacktrace,
  ];
  expect(traces.map((trace) => trace?.frames?.[0]?.in_app)).toEqual([false, false, false, false]);
  expect(viewed.threads?.values[1]).toEqual({ id: 2 });
  expect(viewed.hashes).toEqual(['h']);
  expect(event).toEqual(before);
});

test.each<[string, RegExp]>([
  ['stack.module:a -app\n\nnonsense -app', /^Line 3: "nonsense" is neither a matcher/],
  ['stack.module:a', /^Line 1: a rule ends with \+app or -app/],
  ['-app', /^Line 1: a rule begins with what it is about/],
  ['stack.module:a -app -app', /comes after the action/],
  ['stack.module:a -app stack.module:b', /comes after the action/],
  ['stack.module:a ^-app', /above or below are not supported/],
  ['stack.module:a v+app', /above or below are not supported/],
  ['stack.module:a -group', /about grouping/],
  ['stack.module:a max-frames=3', /about grouping/],
  ['[ stack.module:a ] | stack.module:b -app', /caller or callee/],
  ['error.type:X -app', /"error.type" is no matcher here. Use stack.function/],
  ['__proto__:X -app', /"__proto__" is no matcher/],
  ['constructor:X -app', /"constructor" is no matcher/],
  ['family:python -app', /family:python is unknown/],
  ['app:maybe -app', /neither yes nor no/],
  ['stack.module:"open -app', /a quote is not closed/],
  ['stack.module:"a"b -app', /a quote is not closed, or something follows/],
  ['stack.module: -app', /has no value/],
  [`stack.module:${'a'.repeat(500)} -app`, /longer than 500/],
  ['stack.module:a -app\n'.repeat(201), /^Line 201: there are more than 200 rules/],
  ['#'.repeat(120_001), /longer than 120000/],
])('refuses %.60j', (text, message) => {
  expect(() => parseInAppRules(text)).toThrow(message);
});

it('takes 200 rules on 2,000 hostile frames in bounded time', () => {
  const rules = parseInAppRules(
    Array.from({ length: 200 }, (_, n) => `stack.abs_path:**/a*a*a${n}/** -app`).join('\n'),
  );
  const frames = Array.from({ length: 2_000 }, (_, n) => ({ abs_path: `/${'a'.repeat(50)}/${n % 100}`, in_app: true }));
  const started = performance.now();
  withInAppRules(eventOf(frames), rules);
  expect(performance.now() - started).toBeLessThan(3_000);
});
