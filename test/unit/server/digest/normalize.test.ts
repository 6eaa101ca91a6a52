import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { deriveEvent } from '../../../../server/digest/derive.ts';
import { groupEvent } from '../../../../server/digest/group.ts';
import { NotAnEventError, normalizeEvent } from '../../../../server/digest/normalize.ts';
import { parseJson } from '../../../../server/digest/parse-json.ts';
import { scrubEvent } from '../../../../server/digest/scrub.ts';

const EVENT_ID = 'c0ffee00000000000000000000000001';
const receivedAt = Date.UTC(2026, 0, 2, 3, 4, 5);
const context = { projectId: 2, eventId: EVENT_ID, receivedAt, remoteAddress: '::ffff:192.0.2.7' };
const normalize = (raw: unknown, more: object = {}) => normalizeEvent(raw, { ...context, ...more });
const oneFrame = (frame: object) =>
  normalize({ exception: { values: [{ type: 'E', stacktrace: { frames: [frame] } }] } }).exception?.values[0]
    ?.stacktrace?.frames?.[0];

describe('the shape of an event', () => {
  it('fills in what every reader relies on', () => {
    expect(normalize({})).toMatchObject({
      event_id: EVENT_ID,
      project: '2',
      type: 'default',
      platform: 'other',
      level: 'error',
      timestamp: receivedAt / 1000,
      received: receivedAt / 1000,
      tags: [],
      errors: null,
      _meta: null,
    });
  });

  test.each([null, 1, 'text', true, [{}]])('refuses %j, which is no object', (raw) => {
    expect(() => normalize(raw)).toThrow(NotAnEventError);
  });

  it('reads the names of older payloads', () => {
    const event = normalize({
      'sentry.interfaces.Exception': { values: [{ type: 'A', value: 'a' }] },
      'sentry.interfaces.Http': { url: 'http://a.example/' },
      'sentry.interfaces.User': { id: 7 },
      'sentry.interfaces.Message': { message: 'hello %s', params: ['you'] },
    });
    expect(event.exception?.values).toEqual([{ type: 'A', value: 'a' }]);
    expect(event.request?.url).toBe('http://a.example/');
    expect(event.user).toEqual({ id: '7' });
    expect(event.logentry).toEqual({ message: 'hello %s', params: ['you'], formatted: 'hello you' });
  });

  it('keeps fields that nobody knows, at every level', () => {
    const event = normalize({
      shiny: { new: 1 },
      exception: [{ type: 'A', extra_field: [1] }],
      user: { id: '1', rank: 9 },
    });
    expect(event).toMatchObject({ shiny: { new: 1 }, user: { id: '1', rank: 9 } });
    expect(event.exception?.values[0]).toMatchObject({ extra_field: [1] });
  });

  it('does not let a payload set what digest derives', () => {
    const event = normalize({ title: 'mine', hashes: ['x'], project: '1', received: 5, metadata: {}, location: 'l' });
    expect(event).toMatchObject({ project: '2', received: receivedAt / 1000 });
    for (const key of ['title', 'hashes', 'metadata', 'location']) expect(event).not.toHaveProperty(key);
  });

  test.each([
    ['a list of values', { values: [{ type: 'A' }, null, { type: 'B' }] }, ['A', 'B']],
    ['a bare list', [{ type: 'A' }, { type: 'B' }], ['A', 'B']],
    ['one exception', { type: 'A', value: 'a' }, ['A']],
  ])('reads exceptions from %s', (_, exception, types) => {
    const event = normalize({ exception });
    expect(event.exception?.values.map(({ type }) => type)).toEqual(types);
    expect(event.type).toBe('error');
  });

  test.each([
    ['text', 'hello', { formatted: 'hello' }],
    [
      'a percent sign',
      { message: '%s at %d%%', params: ['disk', 97] },
      { message: '%s at %d%%', params: ['disk', 97], formatted: 'disk at 97%' },
    ],
    ['an object', { message: 'a %s', formatted: 'a b' }, { message: 'a %s', formatted: 'a b' }],
    [
      'named parameters',
      { message: '%(who)s!', params: { who: 'you' } },
      { message: '%(who)s!', params: { who: 'you' }, formatted: 'you!' },
    ],
    ['nothing', '', null],
  ])('reads a message from %s', (_, message, expected) => {
    expect(normalize({ message }).logentry).toEqual(expected);
  });
});

describe('wrong kinds', () => {
  it('turns one into null, and says so in _meta and errors', () => {
    const event = normalize({
      exception: {
        values: [{ type: 'E', stacktrace: { frames: [{ filename: 'a.py', lineno: 'twelve', in_app: 'yes' }] } }],
      },
    });
    expect(event.exception?.values[0]?.stacktrace?.frames?.[0]).toEqual({
      filename: 'a.py',
      lineno: null,
      in_app: null,
    });
    expect(event._meta).toMatchObject({
      exception: {
        values: {
          0: {
            stacktrace: {
              frames: { 0: { lineno: { '': { val: 'twelve', err: [['invalid_data', expect.anything()]] } } } },
            },
          },
        },
      },
    });
    expect(event.errors?.[0]).toMatchObject({
      type: 'invalid_data',
      name: 'exception.values.0.stacktrace.frames.0.lineno',
      value: 'twelve',
    });
  });

  it('keeps no more than a small original, and a hundred errors', () => {
    const frames = Array.from({ length: 300 }, () => ({ lineno: 'x'.repeat(50_000) }));
    const event = normalize({ exception: [{ type: 'E', stacktrace: { frames } }] });
    expect(event.errors).toHaveLength(100);
    expect(JSON.stringify(event).length).toBeLessThan(900_000);
  });

  it('keeps the errors that the SDK reports beside ours', () => {
    const event = normalize({ errors: [{ type: 'js_no_source', url: 'http://a/' }, 'x', {}], level: [] });
    expect(event.errors).toEqual([
      { type: 'js_no_source', url: 'http://a/' },
      expect.objectContaining({ type: 'invalid_data', name: 'level' }),
    ]);
    expect(event.level).toBe('error');
  });
});

test.each([
  ['0xDEADBEEF', '0xdeadbeef'],
  ['0x00007fff5fbff8c0', '0x00007fff5fbff8c0'],
  ['18446744073709551615', '0xffffffffffffffff'],
  [4096, '0x1000'],
  ['4294967296', '0x100000000'],
  ['0x10000000000000000', null],
  ['deadbeef', null],
  [-1, null],
  [1.5, null],
  [{}, null],
])('reads the address %j as %j', (instruction_addr, expected) => {
  expect(oneFrame({ function: 'f', instruction_addr })?.instruction_addr).toBe(expected);
});

it('reads addresses exactly to 64 bits, though JSON numbers are doubles', () => {
  const raw = parseJson(
    '{"exception":[{"type":"E","stacktrace":{"frames":[{"instruction_addr":18446744073709551615}],"registers":{"rip":9223372036854775809}}}]}',
  );
  const stack = normalize(raw).exception?.values[0]?.stacktrace;
  expect(stack?.frames?.[0]?.instruction_addr).toBe('0xffffffffffffffff');
  expect(stack?.registers).toEqual({ rip: '0x8000000000000001' });
});

it('says so when an address had lost its last bits before it came here', () => {
  const event = normalize({ debug_meta: { images: [{ image_addr: 2 ** 60 }] } });
  expect(event.debug_meta?.images?.[0]?.['image_addr']).toBe('0x1000000000000000');
  expect(JSON.stringify(event._meta)).toContain('2^53');
});

test.each([
  ['2026-01-02T03:04:05Z', receivedAt / 1000],
  ['2026-01-02T03:04:05.132514327Z', receivedAt / 1000 + 0.132514],
  ['2026-01-02T04:04:05+01:00', receivedAt / 1000],
  ['2026-01-02T04:04:05+0100', receivedAt / 1000],
  ['2026-01-02 03:04:05', receivedAt / 1000],
  ['2026-01-02T03:04:05.5', receivedAt / 1000 + 0.5],
  [1_700_000_000.25, 1_700_000_000.25],
  ['1700000000', 1_700_000_000],
  [1_700_000_000_250, 1_700_000_000.25],
  ['yesterday', receivedAt / 1000],
  [-5, receivedAt / 1000],
])('reads the time %j', (timestamp, expected) => {
  expect(normalize({ timestamp }).timestamp).toBeCloseTo(expected, 5);
});

it('corrects a time in the future by the clock of the SDK, and its breadcrumbs with it', () => {
  const ahead = 7200;
  const now = receivedAt / 1000;
  const event = normalize(
    { timestamp: now + ahead - 5, breadcrumbs: [{ timestamp: now + ahead - 10 }] },
    { sentAt: (now + ahead) * 1000 },
  );
  expect(event.timestamp).toBeCloseTo(now - 5, 3);
  expect(event.breadcrumbs?.values[0]?.timestamp).toBeCloseTo(now - 10, 3);
  expect(event.errors?.[0]).toMatchObject({ type: 'clock_drift', name: 'timestamp' });
});

it('takes the time of arrival for a time in the future when nothing tells the drift, and keeps any time in the past', () => {
  const event = normalize({ timestamp: receivedAt / 1000 + 3600 });
  expect(event.timestamp).toBe(receivedAt / 1000);
  expect(event.errors?.[0]).toMatchObject({ type: 'future_timestamp' });
  expect(normalize({ timestamp: 1_000_000_000 }, { sentAt: 1_000_000_100_000 }).timestamp).toBe(1_000_000_000);
});

test.each([
  ['fatal', 'fatal'],
  ['WARN', 'warning'],
  ['log', 'info'],
  [50, 'fatal'],
  [30, 'warning'],
  ['40', 'error'],
  ['loud', 'error'],
])('reads the level %j as %s', (level, expected) => {
  expect(normalize({ level }).level).toBe(expected);
});

describe('tags', () => {
  test.each([
    ['a map', { a: 'x', b: 1, c: null, d: true }],
    [
      'pairs',
      [
        ['a', 'x'],
        ['b', 1],
        ['c', null],
        ['d', true],
      ],
    ],
    ['objects', [{ key: 'a', value: 'x' }, { key: 'b', value: 1 }, null, { key: 'd', value: true }]],
  ])('come from %s', (_, tags) => {
    expect(normalize({ tags }).tags).toEqual([
      ['a', 'x'],
      ['b', '1'],
      ['d', 'true'],
    ]);
  });

  it('stop at 200, which is said', () => {
    const tags = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`t${index}`, 'x']));
    const event = normalize({ tags });
    expect(event.tags).toHaveLength(200);
    expect(event._meta).toMatchObject({ tags: { '': { rem: [['!limit', 'x']], len: 10_000 } } });
    expect(event.errors).toEqual([expect.objectContaining({ type: 'value_too_long', name: 'tags' })]);
  });

  it('have names that a search can say, and values of bounded length', () => {
    const event = normalize({ tags: { 'my key': 'x'.repeat(300), ' ': 'gone', list: [1] } });
    expect(event.tags).toEqual([['my-key', `${'x'.repeat(197)}...`]]);
    expect(event._meta).toMatchObject({ tags: { 0: { 1: { '': { len: 300 } } } } });
  });

  it('are whole characters, for the database', () => {
    const { tags } = normalize({ tags: { a: '\ud83d', b: `${'x'.repeat(196)}😀${'x'.repeat(9)}` } });
    expect(tags.map(([, value]) => value.isWellFormed())).toEqual([true, true]);
  });

  it('stand in for fields that were not sent', () => {
    expect(normalize({ tags: { environment: 'staging', release: 'r1' } })).toMatchObject({
      environment: 'staging',
      release: 'r1',
    });
  });
});

describe('the request', () => {
  test.each([
    ['text', 'a=1&b=%C3%A9&a=2&c'],
    [
      'pairs',
      [
        ['a', '1'],
        ['b', 'é'],
        ['a', '2'],
        ['c', ''],
      ],
    ],
  ])('has its query from %s', (_, query_string) => {
    expect(normalize({ request: { query_string } }).request?.query_string).toEqual([
      ['a', '1'],
      ['b', 'é'],
      ['a', '2'],
      ['c', ''],
    ]);
  });

  it('has the query and the fragment of the URL by themselves', () => {
    const { request } = normalize({ request: { url: 'https://a.example/p?x=1#top' } });
    expect(request).toMatchObject({ url: 'https://a.example/p', query_string: [['x', '1']], fragment: 'top' });
  });

  it('has headers from an object, lists of values included, and cookies from their header', () => {
    const { request } = normalize({
      request: {
        headers: { Accept: ['a', 'b'], Cookie: 'sid=1; theme=dark', 'content-type': 'text/html; charset=utf-8' },
      },
    });
    expect(request?.headers).toEqual([
      ['Accept', 'a'],
      ['Accept', 'b'],
      ['content-type', 'text/html; charset=utf-8'],
    ]);
    expect(request?.cookies).toEqual([
      ['sid', '1'],
      ['theme', 'dark'],
    ]);
    expect(request?.inferred_content_type).toBe('text/html');
  });

  test.each([
    ['JSON', '{"password":"x","n":1}', { password: 'x', n: 1 }],
    ['a form', 'user=me&password=x', { user: 'me', password: 'x' }],
    ['prose', 'a = b, but not = a form', 'a = b, but not = a form'],
    ['broken JSON', '{"a":', '{"a":'],
  ])('has a body that is %s as what it says', (_, data, expected) => {
    expect(normalize({ request: { data } }).request?.data).toEqual(expected);
  });
});

describe('the address of the user', () => {
  test.each([
    ['is filled in where the SDK asks', { user: { ip_address: '{{auto}}' } }, '192.0.2.7'],
    [
      'is that of the request that the program served',
      { user: { ip_address: '{{auto}}' }, request: { env: { REMOTE_ADDR: '198.51.100.1' } } },
      '198.51.100.1',
    ],
    ['is filled in when the SDK is set to', { sdk: { settings: { infer_ip: 'auto' } } }, '192.0.2.7'],
    ['is never filled in unasked', { user: { id: '1' } }, undefined],
    ['stays as sent', { user: { ip_address: '2001:db8::1' } }, '2001:db8::1'],
    ['is null when it is none', { user: { ip_address: 'here' } }, null],
  ])('%s', (_, raw, expected) => {
    expect(normalize(raw).user?.ip_address).toBe(expected);
  });
});

describe('contexts', () => {
  it('have a type, and come from the user agent where the SDK gave none', () => {
    const event = normalize({
      contexts: { runtime: { name: 'node' }, custom: { a: 1 } },
      request: {
        headers: [['User-Agent', 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:76.0) Gecko/20100101 Firefox/76.0']],
      },
    });
    expect(event.contexts).toEqual({
      runtime: { name: 'node', type: 'runtime' },
      custom: { a: 1, type: 'custom' },
      browser: { type: 'browser', name: 'Firefox', version: '76.0' },
      os: { type: 'os', name: 'Ubuntu' },
    });
  });

  it('keep the system of the server apart from that of its client', () => {
    const event = normalize({
      contexts: { os: { name: 'Linux' } },
      request: {
        headers: {
          'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/125.0.0.0 Safari/537.36',
        },
      },
    });
    expect(event.contexts).toMatchObject({ os: { name: 'Linux' }, client_os: { name: 'Windows', version: '>=10' } });
  });
});

describe('size', () => {
  it('keeps the first and last half of too many frames, with their remarks at the new places', () => {
    const frames = Array.from({ length: 1200 }, (_, index) => ({ function: `f${index}` }));
    const event = normalize({
      exception: { values: [{ type: 'E', stacktrace: { frames } }] },
      _meta: { exception: { values: { 0: { stacktrace: { frames: { 1199: { vars: { '': { len: 9 } } } } } } } } },
    });
    const stack = event.exception?.values[0]?.stacktrace;
    expect(stack?.frames).toHaveLength(500);
    expect(stack?.frames?.[249]?.function).toBe('f249');
    expect(stack?.frames?.[250]?.function).toBe('f950');
    expect(stack?.frames_omitted).toEqual([250, 950]);
    expect(event._meta).toMatchObject({
      exception: {
        values: { 0: { stacktrace: { frames: { '': { len: 1200 }, 499: { vars: { '': { len: 9 } } } } } } },
      },
    });
  });

  it('cuts long strings and deep nesting, and says where', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
    const event = normalize({ extra: { long: 'x'.repeat(100_000), deep } });
    expect(event.extra?.['long']).toHaveLength(16_384);
    expect(event._meta).toMatchObject({
      extra: { long: { '': { len: 100_000, rem: [['!limit', 's', 16_381, 16_384]] } } },
    });
    expect(JSON.stringify(event.extra?.['deep']).length).toBeLessThan(1000);
    expect(event.errors).toEqual([expect.objectContaining({ type: 'value_too_long' })]);
  });

  it('shows U+0000, which databases do not take, as a picture', () => {
    expect(oneFrame({ function: 'f', context_line: 'a\0b' })?.context_line).toBe('a\u2400b');
    expect(JSON.stringify(normalize(JSON.parse('{"extra":{"a\\u0000":"\\u0000"}}')))).not.toContain('\\u0000');
  });

  it('shows half a surrogate pair as U+FFFD, and says so; whole pairs stay', () => {
    const event = normalize(
      JSON.parse('{"exception":{"type":"A\\ud800","value":"\\ud83d\\ude00"},"extra":{"k\\udc00":["\\ud83d!"]}}'),
    );
    expect(event.exception?.values[0]).toMatchObject({ type: 'A\uFFFD', value: '\u{1F600}' });
    expect(event.extra).toEqual({ 'k\uFFFD': ['\uFFFD!'] });
    expect(event._meta).toMatchObject({
      exception: { values: { 0: { type: { '': { err: [['invalid_data', { reason: expect.any(String) }]] } } } } },
    });
    // Cut in the middle of a pair.
    const cut = normalize({ extra: { long: `${'x'.repeat(16_380)}\u{1F600}${'x'.repeat(100)}` } });
    expect(String(cut.extra?.['long']).isWellFormed()).toBe(true);
  });
});

describe('the _meta of the SDK', () => {
  it('follows its values to their new places', () => {
    const note = (len: number) => ({ '': { len } });
    const event = normalize({
      'sentry.interfaces.User': { id: '1' },
      tags: { b: 'y', a: 'x' },
      exception: [null, { type: 'E', value: 'v' }],
      request: { headers: { Host: 'h', Accept: 'a' } },
      _meta: {
        'sentry.interfaces.User': { id: note(1) },
        tags: { a: note(2) },
        exception: { 1: { value: note(3) } },
        request: { headers: { Accept: note(4) } },
        extra: { gone: note(5) },
      },
    });
    expect(event._meta).toEqual({
      user: { id: note(1) },
      tags: { 1: { 1: note(2) } },
      exception: { values: { 0: { value: note(3) } } },
      request: { headers: { 1: { 1: note(4) } } },
      extra: { gone: note(5) },
    });
  });

  it('is taken over once, and only in its documented shape', () => {
    const event = normalize({
      exception: { values: [{ value: 'v' }] },
      _meta: {
        exception: {
          values: { 0: { value: { '': { rem: [['r', 'x', 0, 1], 7], err: ['e', {}], len: 'x', evil: 1 } } } },
        },
      },
    });
    expect(event._meta).toEqual({
      exception: { values: { 0: { value: { '': { rem: [['r', 'x', 0, 1]], err: ['e'] } } } } },
    });
  });
});

describe('the one stack trace', () => {
  const stacktrace = { frames: [{ function: 'f' }] };

  it('moves from the crashed thread to the single exception, which keeps the link', () => {
    const event = normalize({
      exception: [{ type: 'E' }],
      threads: [
        { id: 1, stacktrace: { frames: [{ function: 'other' }] } },
        { id: 2, crashed: true, stacktrace },
      ],
      _meta: { threads: { 1: { stacktrace: { frames: { 0: { vars: { '': { len: 1 } } } } } } } },
    });
    expect(event.exception?.values[0]).toMatchObject({ thread_id: 2, stacktrace });
    expect(event.threads?.values[1]?.stacktrace).toBeNull();
    expect(event.threads?.values[0]?.stacktrace).not.toBeNull();
    expect(event._meta).toMatchObject({
      exception: { values: { 0: { stacktrace: { frames: { 0: { vars: { '': { len: 1 } } } } } } } },
    });
  });

  it('stays on the thread when the exception has its own, or there are several', () => {
    const threads = [{ id: 2, crashed: true, stacktrace }];
    expect(normalize({ exception: [{ type: 'E', stacktrace }], threads }).threads?.values[0]?.stacktrace).toEqual(
      stacktrace,
    );
    expect(normalize({ exception: [{ type: 'A' }, { type: 'B' }], threads }).threads?.values[0]?.stacktrace).toEqual(
      stacktrace,
    );
  });

  it('moves from the top of an old payload', () => {
    const event = normalize({ exception: { type: 'E' }, stacktrace });
    expect(event.exception?.values[0]?.stacktrace).toEqual(stacktrace);
    expect(event.stacktrace).toBeNull();
  });
});

const KEYS = [
  'exception',
  'values',
  'stacktrace',
  'frames',
  'threads',
  'breadcrumbs',
  'request',
  'headers',
  'cookies',
  'data',
  'url',
  'query_string',
  'user',
  'ip_address',
  'contexts',
  'os',
  'tags',
  'key',
  'value',
  'extra',
  '_meta',
  'rem',
  'err',
  '',
  '__proto__',
  'constructor',
  'toString',
  'message',
  'logentry',
  'params',
  'formatted',
  'fingerprint',
  'timestamp',
  'level',
  'lineno',
  'vars',
  'registers',
  'instruction_addr',
  'mechanism',
  'type',
  'function',
  'module',
  'platform',
  'debug_meta',
  'images',
  'errors',
  'sdk',
  'settings',
  'crashed',
  'id',
  'password',
  'sentry.interfaces.Exception',
  'frames_omitted',
  'in_app',
  'pre_context',
];
const { anyJson } = fc.letrec((tie) => ({
  anyJson: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(
      null,
      true,
      0,
      -1,
      1e300,
      '',
      'a\0',
      'a\ud800',
      `\udc00${'\u{1F600}'.repeat(200)}`,
      'password=hunter2',
      '{{ default }}',
      '{{auto}}',
      '0xff',
      '2026-01-01T00:00:00Z',
    ),
    fc.string(),
    fc.double({ noNaN: true }),
    fc.array(tie('anyJson'), { maxLength: 4 }),
    // As JSON.parse would make it: `__proto__` is then an own key.
    fc.array(fc.tuple(fc.constantFrom(...KEYS), tie('anyJson')), { maxLength: 6 }).map((pairs) => {
      const object: Record<string, unknown> = {};
      for (const [key, value] of pairs)
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      return object;
    }),
  ),
}));

it('survives any JSON object, whole and unpolluted, and does not change it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...KEYS), anyJson), { maxLength: 8 }), (pairs) => {
      const object: Record<string, unknown> = {};
      for (const [key, value] of pairs)
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      const before = JSON.stringify(object);
      const event = scrubEvent(normalize(object));
      const derived = deriveEvent(event);
      const { hashes } = groupEvent(event);
      expect(hashes.length).toBeGreaterThan(0);
      expect(derived.title).not.toBe('');
      const stored = JSON.stringify({ ...event, ...derived });
      expect(stored).not.toContain('"__proto__":');
      expect(stored).not.toContain('\\u0000');
      expect(stored).not.toMatch(/\\ud[89a-f]/);
      expect(JSON.stringify(object)).toBe(before);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    }),
    { numRuns: 1500 },
  );
});

it('stays small in time and size whatever a megabyte is made of', () => {
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  const shapes: object[] = [
    { exception: many(60_000, () => ({ type: [], value: 1 })) },
    { breadcrumbs: many(40_000, () => ({ timestamp: 'bad' })) },
    { extra: Object.fromEntries(many(50_000, (index) => [`token${index}`, 'v'])) },
    {
      request: {
        query_string: 'a=%zz&'.repeat(150_000),
        headers: Object.fromEntries(many(40_000, (index) => [`h${index}`, 'v'])),
      },
    },
    {
      platform: 'native',
      exception: [
        {
          type: 'E',
          stacktrace: { frames: many(500, (index) => ({ instruction_addr: `0x${(index * 7).toString(16)}` })) },
        },
      ],
      debug_meta: {
        images: many(12_000, (index) => ({ image_addr: `0x${(index * 100).toString(16)}`, image_size: 90 })),
      },
    },
  ];
  for (const shape of shapes) {
    const started = performance.now();
    const event = scrubEvent(normalize(shape));
    groupEvent(event);
    expect(performance.now() - started).toBeLessThan(1500);
    expect(JSON.stringify(event).length).toBeLessThan(2 * JSON.stringify(shape).length);
  }
});
