import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toEvent } from '../../../../server/api/event.ts';
import { fromApiEvent } from '../../../../server/api/from-api-event.ts';
import { envelopesOf } from '../../../../server/api/import.ts';
import { deriveEvent } from '../../../../server/digest/derive.ts';
import { normalizeEvent } from '../../../../server/digest/normalize.ts';
import {
  breadcrumbsEntryData,
  debugMetaEntryData,
  eventSchema,
  exceptionEntryData,
  messageEntryData,
  requestSchema,
  stacktraceSchema,
  threadsEntryData,
} from '../../../../server/protocol/contract.ts';

const anything = fc.jsonValue({ maxDepth: 3 });
/** Objects with the keys that readers look for, and anything whatsoever under them. */
const withKeys = (keys: string[], value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom(...keys, '__proto__', 'x', ''), value, { maxKeys: 8 });
const frame = withKeys(
  [
    'filename',
    'abs_path',
    'lineno',
    'colno',
    'context_line',
    'pre_context',
    'post_context',
    'vars',
    'in_app',
    'data',
    'lock',
    'errors',
    'function',
  ],
  anything,
);
const stacktrace = fc.oneof(
  anything,
  withKeys(['frames', 'registers', 'frames_omitted'], fc.oneof(anything, fc.array(fc.oneof(frame, anything)))),
);
const exception = withKeys(
  ['type', 'value', 'mechanism', 'stacktrace', 'raw_stacktrace', 'thread_id'],
  fc.oneof(anything, stacktrace),
);
const values = fc.oneof(anything, fc.array(exception), withKeys(['values'], fc.oneof(anything, fc.array(exception))));
const meta = withKeys(
  ['exception', 'values', '0', 'stacktrace', 'frames', 'vars', 'request', 'headers', 'tags', 'rem', 'user'],
  withKeys(['0', 'values', 'headers', ''], withKeys(['', '0', 'rem', 'err'], anything)),
);
const payload = fc.record(
  {
    exception: values,
    threads: values,
    stacktrace,
    breadcrumbs: fc.oneof(anything, fc.array(withKeys(['timestamp', 'data', 'message', 'level'], anything))),
    request: withKeys(['headers', 'cookies', 'query_string', 'data', 'url', 'env'], anything),
    tags: anything,
    user: anything,
    contexts: fc.oneof(anything, withKeys(['os', 'trace', 'device'], anything)),
    logentry: anything,
    debug_meta: withKeys(['images', 'sdk_info'], anything),
    template: withKeys(['filename', 'lineno', 'context_line', 'pre_context'], anything),
    sdk: anything,
    extra: anything,
    modules: anything,
    errors: anything,
    timestamp: anything,
    level: anything,
    _meta: meta,
  },
  { requiredKeys: [] },
);

const ENTRIES = {
  exception: exceptionEntryData,
  threads: threadsEntryData,
  stacktrace: stacktraceSchema,
  breadcrumbs: breadcrumbsEntryData,
  request: requestSchema,
  message: messageEntryData,
  debugmeta: debugMetaEntryData,
};

function answer(raw: unknown) {
  const eventId = 'a'.repeat(32);
  const normalized = normalizeEvent(raw, { projectId: 2, eventId, receivedAt: 1_700_000_000_000, remoteAddress: null });
  const stored = { ...normalized, ...deriveEvent(normalized), hashes: [], grouping_config: { id: 'v1' } };
  // As nodestore gives it back.
  const body = JSON.parse(JSON.stringify(stored));
  const extra = { id: eventId, groupID: '1', nextEventID: null, previousEventID: null, size: 1 };
  return JSON.parse(JSON.stringify(toEvent(body, extra)));
}

it('answers in the shape of the contract whatever an SDK sent, and again for what comes back from it', () => {
  fc.assert(
    fc.property(payload, (raw) => {
      for (const event of [answer(raw), answer(fromApiEvent(answer(raw)))]) {
        expect(eventSchema.safeParse(event).error?.issues).toBeUndefined();
        for (const { type, data } of event.entries) {
          const schema = Object.hasOwn(ENTRIES, type) ? ENTRIES[type as keyof typeof ENTRIES] : null;
          expect(schema?.safeParse(data).error?.issues).toBeUndefined();
        }
      }
    }),
    { numRuns: 100 },
  );
});

it('imports any text or refuses it as the caller’s fault', () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(fc.json()).map((lines) => lines.join('\n')),
    fc.record({ entries: anything, tags: anything, _meta: meta }).map((event) => JSON.stringify(event)),
  );
  fc.assert(
    fc.property(text, (input) => {
      try {
        expect(envelopesOf(input).eventIDs.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toMatchObject({ status: 400 });
      }
    }),
    { numRuns: 500 },
  );
});
