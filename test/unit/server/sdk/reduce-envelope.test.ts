import { join } from 'node:path';
import type { Event } from '@sentry/core';
import { describe, expect, it, test } from 'vitest';
import { KEPT_TEXT, reduceEnvelope } from '../../../../server/sdk/reduce-envelope.ts';
import { envelopeWith, typesOf } from './envelopes.ts';

const CANARY = 'canary 4f1c';
const root = join(import.meta.dirname, '..', '..', '..', '..');
const own = (path: string) => join(root, path);

/** What is left of one event. */
function reduce(event: Event): Event {
  const [, [item]] = reduceEnvelope(envelopeWith(['event'], event));
  return (item?.[1] ?? {}) as Event;
}

/** An event whose every field that the SDK knows quotes a user's event. */
const FULL: Event = {
  event_id: 'c'.repeat(32),
  timestamp: 1_767_323_045.5,
  platform: 'node',
  level: 'fatal',
  release: 'stackmend@1.2.3',
  environment: 'production',
  message: CANARY,
  logentry: { message: CANARY, params: [CANARY] },
  transaction: CANARY,
  server_name: CANARY,
  logger: CANARY,
  dist: CANARY,
  fingerprint: [CANARY],
  breadcrumbs: [{ message: CANARY, data: { body: CANARY } }],
  request: { url: CANARY, data: CANARY, headers: { cookie: CANARY } },
  user: { id: CANARY, email: CANARY, ip_address: '192.0.2.1' },
  extra: { during: CANARY, deep: { body: CANARY } },
  modules: { [CANARY]: CANARY },
  sdk: {
    name: 'sentry.javascript.node',
    version: '11.12.0',
    integrations: [CANARY],
    packages: [{ name: CANARY, version: CANARY }],
  },
  tags: { processing_event_for_project: '2', _unsafe: true, 'error.code': 'SQLITE_ERROR', shop: CANARY },
  contexts: {
    runtime: { name: 'node', version: 'v24.21.0', raw_description: CANARY },
    os: { name: 'Debian', version: '12.11\n', kernel_version: '6.1.0-amd64', rooted: CANARY },
    device: { name: CANARY },
    app: { app_name: CANARY },
    event: { payload: CANARY },
  },
  threads: { values: [{ name: CANARY, stacktrace: { frames: [{ function: CANARY }] } }] },
  debug_meta: { images: [{ type: 'sourcemap', code_file: CANARY, debug_id: CANARY }] },
  exception: {
    values: [
      {
        type: 'TypeError',
        value: CANARY,
        mechanism: {
          type: 'chained',
          handled: true,
          source: 'cause',
          exception_id: 1,
          parent_id: 0,
          data: { x: CANARY },
        },
      },
      {
        type: 'SqliteError',
        value: CANARY,
        module: CANARY,
        mechanism: { type: 'generic', handled: false },
        stacktrace: {
          frames: [
            {
              filename: own('server/digest/save.ts'),
              abs_path: CANARY,
              module: CANARY,
              function: 'async Object.saveBatch [as save]',
              lineno: 12,
              colno: 5,
              in_app: true,
              vars: { event: CANARY },
              pre_context: [CANARY],
              context_line: CANARY,
              post_context: [CANARY],
            },
            { filename: own('node_modules/kysely/dist/x.js'), function: 'run', lineno: 1, in_app: false },
            { filename: 'node:internal/process/task_queues', function: CANARY },
            { filename: `/srv/shop/${CANARY}.ts`, function: CANARY, lineno: 3 },
            { filename: '<anonymous>', function: CANARY },
          ],
        },
      },
    ],
  },
};

describe('an event', () => {
  it('keeps type, place, version and machine alone', () => {
    const reduced = reduce(FULL);
    expect(JSON.stringify(reduced)).not.toContain('canary');
    expect(reduced).toEqual({
      event_id: 'c'.repeat(32),
      timestamp: 1_767_323_045.5,
      platform: 'node',
      level: 'fatal',
      release: 'stackmend@1.2.3',
      environment: 'production',
      message: KEPT_TEXT,
      sdk: { name: 'sentry.javascript.node', version: '11.12.0', settings: { infer_ip: 'never' } },
      tags: { processing_event_for_project: '2', _unsafe: 'true', 'error.code': 'SQLITE_ERROR' },
      contexts: {
        runtime: { name: 'node', version: 'v24.21.0' },
        os: { name: 'Debian', version: '12.11', kernel_version: '6.1.0-amd64' },
      },
      exception: {
        values: [
          {
            type: 'TypeError',
            value: KEPT_TEXT,
            mechanism: { type: 'chained', handled: true, source: 'cause', exception_id: 1, parent_id: 0 },
          },
          {
            type: 'SqliteError',
            value: KEPT_TEXT,
            mechanism: { type: 'generic', handled: false },
            stacktrace: {
              frames: [
                {
                  filename: 'app:///server/digest/save.ts',
                  function: 'async Object.saveBatch [as save]',
                  lineno: 12,
                  colno: 5,
                  in_app: true,
                },
                { filename: 'app:///node_modules/kysely/dist/x.js', function: 'run', lineno: 1, in_app: false },
              ],
            },
          },
        ],
      },
    });
  });

  it('is not written into', () => {
    const before = structuredClone(FULL);
    reduce(FULL);
    expect(FULL).toEqual(before);
  });

  test.each<[string, Event]>([
    ['a level', { level: CANARY as Event['level'] }],
    ['a code that is words', { tags: { 'error.code': CANARY } }],
    ['a code that is one word', { tags: { 'error.code': 'canary' } }],
    ['a project that is none', { tags: { processing_event_for_project: CANARY } }],
    ['a version of a runtime', { contexts: { runtime: { name: 'node', version: `<${CANARY}>` } } }],
    ['the class of an error', { exception: { values: [{ type: `Error ${CANARY}` }] } }],
    [
      'a function',
      {
        exception: {
          values: [{ stacktrace: { frames: [{ filename: own('server/a.ts'), function: `f("${CANARY}")` }] } }],
        },
      },
    ],
    ['a path', { exception: { values: [{ stacktrace: { frames: [{ filename: own(`server/${CANARY}.ts`) }] } }] } }],
    [
      'a path beside ours',
      { exception: { values: [{ stacktrace: { frames: [{ filename: `${root}-canary/x.ts` }] } }] } },
    ],
    ['a time', { timestamp: CANARY as unknown as number }],
    ['exceptions that are none', { exception: { values: CANARY as never } }],
    ['an exception that is none', { exception: { values: [CANARY as never] } }],
  ])('loses %s that could be of an event', (_, event) => {
    expect(JSON.stringify(reduce(event))).not.toContain('canary');
  });

  test.each(['x\n    at canary (server/a.ts:1:2)', 'at canary', 'x\n\tat canary'])(
    'loses all frames where a line of the message could be one: %j',
    (value) => {
      const stacktrace = { frames: [{ filename: own('server/a.ts'), function: 'canary', lineno: 1 }] };
      expect(reduce({ exception: { values: [{ type: 'Error', value, stacktrace }] } }).exception?.values).toEqual([
        { type: 'Error', value: KEPT_TEXT },
      ]);
    },
  );

  it('with fields of a prototype keeps none of them', () => {
    const event = JSON.parse('{"__proto__":{"level":"error"},"tags":{"__proto__":{"_unsafe":true}},"contexts":null}');
    expect(reduce(event)).toEqual({ sdk: { settings: { infer_ip: 'never' } }, tags: {} });
  });
});

describe('an envelope', () => {
  it('keeps numbers about us, and no item that could hold words', () => {
    const types = [
      'event',
      'attachment',
      'log',
      'feedback',
      'user_report',
      'transaction',
      'span',
      'session',
      'client_report',
      'trace_metric',
    ];
    expect(typesOf(reduceEnvelope(envelopeWith(types)))).toEqual(['event', 'client_report', 'trace_metric']);
  });

  it('keeps no header that names a transaction or a DSN', () => {
    const envelope = envelopeWith(['event']);
    Object.assign(envelope[0], { dsn: CANARY, trace: { transaction: CANARY }, sdk: { name: 'x', version: '1' } });
    const [headers] = reduceEnvelope(envelope);
    expect(Object.keys(headers).toSorted()).toEqual(['event_id', 'sdk', 'sent_at']);
    expect(envelope[0]).toHaveProperty('trace');
  });

  it('without anything that may leave has no items', () => {
    expect(typesOf(reduceEnvelope(envelopeWith(['attachment', 'log'])))).toEqual([]);
  });
});
