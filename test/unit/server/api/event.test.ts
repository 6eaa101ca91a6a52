import { describe, expect, it, test } from 'vitest';
import { toEvent } from '../../../../server/api/event.ts';
import { metaFor } from '../../../../server/api/event-meta.ts';
import { toFrame } from '../../../../server/api/frame.ts';
import { fromApiEvent } from '../../../../server/api/from-api-event.ts';
import {
  eventSchema,
  exceptionEntryData,
  frameSchema,
  stacktraceEntryData,
  threadsEntryData,
} from '../../../../server/protocol/contract.ts';
import type { Meta, StoredEvent } from '../../../../server/protocol/event.ts';

const extra = { id: 'e', groupID: '1', nextEventID: null, previousEventID: null, size: 10 };

function stored(event: Partial<StoredEvent> = {}): StoredEvent {
  return {
    event_id: 'a'.repeat(32),
    project: '2',
    type: 'error',
    platform: 'python',
    level: 'error',
    timestamp: 1_587_246_240.206,
    received: 1_587_246_241,
    tags: [],
    title: 'T',
    culprit: 'C',
    location: null,
    metadata: {},
    hashes: ['h'],
    grouping_config: { id: 'v1' },
    ...event,
  };
}

const answer = (event: Partial<StoredEvent>) => {
  const parsed = eventSchema.parse(JSON.parse(JSON.stringify(toEvent(stored(event), extra))));
  return parsed;
};
const entryOf = (event: Partial<StoredEvent>, type: string) =>
  answer(event).entries.find((entry) => entry.type === type)?.data;
const metaOf = (event: Partial<StoredEvent>) => answer(event)._meta as Record<string, never>;

describe('a frame', () => {
  const around = { pre_context: ['a', null], context_line: 'b', post_context: ['c'] };

  test.each<[string, object, [number, string | null][]]>([
    [
      'has its lines numbered',
      { ...around, lineno: 10 },
      [
        [8, 'a'],
        [9, null],
        [10, 'b'],
        [11, 'c'],
      ],
    ],
    [
      'keeps its place at the start of a file',
      { ...around, lineno: 1 },
      [
        [-1, 'a'],
        [0, null],
        [1, 'b'],
        [2, 'c'],
      ],
    ],
    [
      'without a line number keeps its source',
      around,
      [
        [-2, 'a'],
        [-1, null],
        [0, 'b'],
        [1, 'c'],
      ],
    ],
    [
      'of which the line itself is missing',
      { ...around, context_line: null, lineno: 3 },
      [
        [1, 'a'],
        [2, null],
        [3, null],
        [4, 'c'],
      ],
    ],
    ['without source has none', { lineno: 3 }, []],
    ['with empty lists has none', { lineno: 3, pre_context: [], post_context: [] }, []],
  ])('%s', (_, frame, context) => {
    expect(frameSchema.parse(toFrame(frame)).context).toEqual(context);
  });

  it('says where it was before a source map was applied', () => {
    const data = {
      sourcemap: 'https://x.test/js/app.js.map',
      orig_lineno: 1,
      orig_colno: 900,
      symbolicator_status: 'symbolicated',
    };
    expect(toFrame({ data })).toMatchObject({
      map: 'app.js.map',
      mapUrl: 'https://x.test/js/app.js.map',
      origLineNo: 1,
      origColNo: 900,
      symbolicatorStatus: 'symbolicated',
    });
  });

  it('links to no map of another scheme', () => {
    expect(toFrame({ data: { sourcemap: 'javascript:alert(1)' } })).toMatchObject({ mapUrl: null });
  });
});

it('lists the parts in their order', () => {
  const event = stored({
    logentry: { message: 'm' },
    exception: { values: [{ type: 'E' }] },
    stacktrace: { frames: [{ function: 'f' }] },
    threads: { values: [{ id: 1 }] },
    breadcrumbs: { values: [{ message: 'b' }] },
    request: { url: 'http://x' },
    template: { filename: 't.html', lineno: 2, context_line: 'x' },
    debug_meta: { images: [{ type: 'elf' }] },
  });
  const { entries } = answer(event);
  expect(entries.map(({ type }) => type)).toEqual([
    'message',
    'exception',
    'stacktrace',
    'threads',
    'template',
    'breadcrumbs',
    'request',
    'debugmeta',
  ]);
});

it('cuts times below a millisecond, and loses none by multiplying', () => {
  expect(answer({}).dateCreated).toBe('2020-04-18T21:44:00.206Z');
  expect(answer({ timestamp: 1_589_330_269.130_999 }).dateCreated).toBe('2020-05-13T00:37:49.130Z');
});

it('keeps registers exact and threads whole', () => {
  const registers = { rip: '0xffffffffffffffff', rax: null };
  const event = {
    exception: { values: [{ type: 'E', thread_id: 4, stacktrace: { frames: [{ in_app: true }, {}], registers } }] },
    threads: { values: [{ id: 4, name: 'main', crashed: true, held_locks: { '0x1': { type: 1 } } }] },
  };
  const exception = exceptionEntryData.parse(entryOf(event, 'exception')).values[0];
  expect(exception?.threadId).toBe(4);
  expect(exception?.stacktrace?.registers).toEqual(registers);
  expect(exception?.stacktrace?.hasSystemFrames).toBe(true);
  const thread = threadsEntryData.parse(entryOf(event, 'threads')).values[0];
  expect(thread).toMatchObject({ id: 4, crashed: true, current: false, heldLocks: { '0x1': { type: 1 } } });
});

it('gives a stack trace of no exception with how it came, where its frames were mapped', () => {
  const trace = (name: string) => ({ frames: [{ function: name }] });
  const mapped = { stacktrace: trace('pay'), raw_stacktrace: trace('r') };
  const data = stacktraceEntryData.parse(entryOf(mapped, 'stacktrace'));
  expect(data.frames[0]?.function).toBe('pay');
  expect(data.rawStacktrace?.frames[0]?.function).toBe('r');
  expect(entryOf({ stacktrace: trace('pay') }, 'stacktrace')).not.toHaveProperty('rawStacktrace');
});

it('shows the pattern of a message only where the parameters changed it', () => {
  expect(entryOf({ logentry: { message: 'a %s', formatted: 'a 1', params: ['1'] } }, 'message')).toEqual({
    formatted: 'a 1',
    message: 'a %s',
    params: ['1'],
  });
  expect(entryOf({ logentry: { message: 'a', formatted: 'a', params: [] } }, 'message')).toEqual({ formatted: 'a' });
});

it('explains errors of processing in words, even of a type that it does not know', () => {
  const errors = [{ type: 'future_timestamp', value: 1 }, { type: 'js_no_source' }, { type: 'constructor' }];
  expect(answer({ errors }).errors).toEqual([
    { type: 'future_timestamp', message: expect.stringMatching(/future/), data: { value: 1 } },
    { type: 'js_no_source', message: expect.stringMatching(/js no source/), data: {} },
    { type: 'constructor', message: expect.stringMatching(/constructor/), data: {} },
  ]);
});

it('sorts tags, and says how to search for a user', () => {
  const tags: [string, string][] = [
    ['user', 'id:7"'],
    ['a', '1'],
  ];
  expect(answer({ tags }).tags).toEqual([
    { key: 'a', value: '1', _meta: null },
    { key: 'user', value: 'id:7"', query: 'user.id:"7\\""', _meta: null },
  ]);
});

it('passes keys of strangers on as keys', () => {
  const vars = JSON.parse('{"__proto__": {"polluted": true}, "constructor": "c"}');
  const contexts = JSON.parse('{"__proto__": {"name": "x"}}');
  const event = toEvent(stored({ exception: { values: [{ stacktrace: { frames: [{ vars }] } }] }, contexts }), extra);
  expect(JSON.stringify(event)).toContain('"__proto__":{"polluted":true}');
  expect(JSON.stringify(event.contexts)).toBe('{"__proto__":{"name":"x","type":"__proto__"}}');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

describe('_meta', () => {
  const rem = (...range: number[]) => ({ '': { rem: [['@password:filter', 's', ...range]] } }) as Meta;

  it('is under the entry, in the layout and with the names of the API', () => {
    const frames = [
      { lineno: 5, pre_context: ['p'], context_line: 'l', post_context: ['q'], vars: { pw: '[Filtered]' } },
    ];
    const meta = metaOf({
      logentry: { formatted: 'x' },
      exception: { values: [{ value: 'v', stacktrace: { frames } }] },
      _meta: {
        exception: {
          values: {
            '0': {
              value: rem(),
              stacktrace: {
                frames: {
                  '0': {
                    vars: { pw: rem(), gone: rem() },
                    abs_path: rem(),
                    pre_context: { '0': rem() },
                    post_context: { '0': rem() },
                  },
                  '7': { vars: rem() },
                },
              },
            },
          },
        },
      },
    });
    const note = rem();
    expect(meta['entries']).toEqual({
      '1': {
        data: {
          values: {
            '0': {
              value: note,
              stacktrace: {
                frames: {
                  '0': {
                    vars: { pw: note, gone: note },
                    absPath: note,
                    context: { '0': { '1': note }, '2': { '1': note } },
                  },
                },
              },
            },
          },
        },
      },
    });
  });

  it('follows a header to its place in the sorted list, by index and by name', () => {
    const headers: [string, string][] = [
      ['X-Token', '[Filtered]'],
      ['Accept', 'a'],
    ];
    const expected = { '0': { data: { headers: { '1': { '1': rem() } } } } };
    expect(
      metaOf({ request: { headers }, _meta: { request: { headers: { '0': { '1': rem() } } } } })['entries'],
    ).toEqual(expected);
    expect(metaOf({ request: { headers }, _meta: { request: { headers: { 'x-token': rem() } } } })['entries']).toEqual(
      expected,
    );
  });

  it('names tags by their place in the sorted list', () => {
    const tags: [string, string][] = [
      ['z', '1'],
      ['a', 'x'],
    ];
    expect(metaOf({ tags, _meta: { tags: { '0': { '1': rem() } } } })['tags']).toEqual({ '1': { value: rem() } });
  });

  it('cuts an annotated text into chunks', () => {
    expect(metaFor(rem(5, 15), 'card [Filtered] declined')).toEqual({
      '': {
        rem: [['@password:filter', 's', 5, 15]],
        chunks: [
          { type: 'text', text: 'card ' },
          { type: 'redaction', text: '[Filtered]', rule_id: '@password:filter', remark: 's' },
          { type: 'text', text: ' declined' },
        ],
      },
    });
  });

  test.each<[string, number[]]>([
    ['behind the text', [5, 500]],
    ['backwards', [5, 2]],
    ['negative', [-3, 2]],
  ])('makes no chunks of a range that is %s', (_, range) => {
    expect(metaFor(rem(...range), 'short text')).toEqual(rem(...range));
  });

  test.each([[null], ['text'], [[]], [{ '': null }], [{ a: 5 }], [{ '0': { '0': { '': 1 } } }]])(
    'takes %j without harm',
    (meta) => {
      expect(() =>
        toEvent(
          stored({ tags: [['a', 'b']], _meta: { tags: meta, exception: meta, request: meta } as unknown as Meta }),
          extra,
        ),
      ).not.toThrow();
    },
  );

  it('comes back to the wire where it was', () => {
    const frames = [{ lineno: 5, pre_context: ['p'], context_line: 'l', post_context: ['q'], vars: { a: '' } }];
    const _meta: Meta = {
      exception: {
        values: {
          '0': {
            stacktrace: { frames: { '0': { vars: { a: rem() }, post_context: { '0': rem() }, context_line: rem() } } },
          },
        },
      },
      user: { email: rem() },
      extra: { key: rem() },
    };
    const event = toEvent(
      stored({ exception: { values: [{ stacktrace: { frames } }] }, user: { email: 'x' }, extra: { key: 1 }, _meta }),
      extra,
    );
    expect(fromApiEvent(event)['_meta']).toEqual(_meta);
  });
});

it('keeps what an SDK adds to a frame of its own, and lets none of it stand for a field of ours', () => {
  const added = JSON.parse(
    '{"native": true, "function_id": "0x1", "lineNo": 9, "inApp": true, "__proto__": {"polluted": 1}}',
  );
  const frame = toFrame({ ...added, lineno: 3, pre_context: ['a'], context_line: 'b' });
  expect(frame).toMatchObject({ native: true, function_id: '0x1', lineNo: 3, inApp: false });
  expect(Object.keys(frame)).not.toContain('lineno');
  expect(Object.keys(frame)).not.toContain('pre_context');
  expect('polluted' in frame).toBe(false);
});
