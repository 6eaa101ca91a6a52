import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { toEvent } from '../../../../server/api/event.ts';
import { fromApiEvent, isApiEvent } from '../../../../server/api/from-api-event.ts';
import { deriveEvent } from '../../../../server/digest/derive.ts';
import { normalizeEvent } from '../../../../server/digest/normalize.ts';
import { eventSchema } from '../../../../server/protocol/contract.ts';
import { corpusFiles, corpusRoot, reportMissingCorpus } from '../../../corpus.ts';

type Json = Record<string, unknown>;
const read = (path: string): Json => JSON.parse(readFileSync(join(corpusRoot ?? '', path), 'utf8'));

/** The API's answer for a payload, as if digest had stored it. */
function answer(payload: Json, received: string): Json {
  const context = {
    projectId: 7,
    eventId: String(payload['event_id']).replaceAll('-', ''),
    receivedAt: Date.parse(received),
    remoteAddress: null,
  };
  const normalized = normalizeEvent(payload, context);
  const derived = deriveEvent(normalized);
  const stored = { ...normalized, ...derived, hashes: ['h'], grouping_config: { id: 'v1' } };
  const extra = { id: '1', groupID: '2', nextEventID: null, previousEventID: null, size: 1 };
  const event = JSON.parse(JSON.stringify(toEvent(stored, extra)));
  expect(eventSchema.safeParse(event).error).toBeUndefined();
  return event;
}

/** Fields that are about the server and not about the event: ids, hashes and sizes of theirs. */
const OTHER_SERVER = ['id', 'groupID', 'projectID', 'size', 'groupingConfig', 'fingerprints'];
type Exception = (theirs: Json, ours: Json) => void;
const tagsBut = (event: Json, ...keys: string[]) =>
  (event['tags'] as Json[]).filter(({ key }) => !keys.includes(String(key)));
const tagOf = (event: Json, name: string) => (event['tags'] as Json[]).find(({ key }) => key === name)?.['value'];
const within = (event: Json, name: string) => event[name] as Record<string, Json>;

/** It tells of a newer version of the SDK, for which Sentry asks the outside world; we ask nobody. */
const sdkWithoutUpstream: Exception = (theirs, ours) => {
  const { upstream: _, ...sdk } = within(theirs, 'sdk');
  expect(ours['sdk']).toMatchObject(sdk);
};
/** Where Sentry of 2020 answered otherwise, and why we do not. */
const EXCEPTIONS: Record<string, Exception> = {
  'python sdk': sdkWithoutUpstream,
  'dotnet sdk': sdkWithoutUpstream,
  // 2020's was the text of its search index (function, type, value, file, transaction); today's is the logged message.
  'python message': (theirs, ours) => {
    expect(theirs['message']).toMatch(/^_reverse_with_prefix NoReverseMatch/);
    expect(ours['message']).toBe('');
  },
  // The SDK said that it removed the Cookie header. 2020's answer dropped the remark with the header.
  'python _meta': (theirs, ours) => {
    expect({ ...within(ours, '_meta'), entries: {} }).toEqual(theirs['_meta']);
    expect(within(ours, '_meta')['entries']).not.toHaveProperty('0');
  },
  // 2020 cut the tag of a logger at 64 characters; the whole name is of more use.
  'dotnet tags': (theirs, ours) => {
    expect(tagsBut(ours, 'logger')).toEqual(tagsBut(theirs, 'logger'));
    expect(tagOf(ours, 'logger')).toContain(String(tagOf(theirs, 'logger')).replace('...', ''));
  },
  // A trace context without a type was called `default`; today its type is its name.
  'python contexts': (theirs, ours) => {
    const { trace, ...others } = within(theirs, 'contexts');
    expect(ours['contexts']).toEqual({ ...others, trace: { ...trace, type: 'trace' } });
  },
};

/**
 * On the way back, `contexts.os` is what Sentry had read from the User-Agent, and is indistinguishable from one that the
 * program reported: so the User-Agent's goes to `client_os`, as for any server.
 */
const withClientOs: Exception = (theirs, ours) => {
  const { client_os: _, ...contexts } = within(ours, 'contexts');
  expect(contexts).toEqual(theirs['contexts']);
};
const EXCEPTIONS_BACK: Record<string, Exception> = {
  ...EXCEPTIONS,
  'python contexts': withClientOs,
  'dotnet contexts': withClientOs,
  'python _meta': (theirs, ours) => expect(ours['_meta']).toEqual(theirs['_meta']),
  'python tags': (theirs, ours) => expect(tagsBut(ours, 'client_os', 'client_os.name')).toEqual(theirs['tags']),
  'dotnet tags': (theirs, ours) => expect(tagsBut(ours, 'client_os', 'client_os.name')).toEqual(theirs['tags']),
};

const ORACLES = [
  ['python', 'python/django_template_error'],
  ['dotnet', 'dotnet/aspnet_error'],
] as const;

reportMissingCorpus('the events whose Sentry answer is known', 2);

describe.runIf(corpusRoot)('agrees with Sentry field by field', () => {
  describe.each(ORACLES)('%s', (name, path) => {
    const theirs = corpusRoot ? read(`${path}.sentry-api.json`) : {};
    const ours = corpusRoot ? answer(read(`${path}.json`), String(theirs['dateReceived'])) : {};
    const again = corpusRoot ? answer(fromApiEvent(theirs), String(theirs['dateReceived'])) : {};

    test.each(Object.keys(theirs).filter((key) => !OTHER_SERVER.includes(key)))('%s', (key) => {
      const exception = EXCEPTIONS[`${name} ${key}`];
      if (exception) exception(theirs, ours);
      else agree(key, ours[key], theirs[key]);
    });

    test.each(Object.keys(theirs).filter((key) => !OTHER_SERVER.includes(key)))(
      '%s, from their answer back to the wire',
      (key) => {
        const exception = EXCEPTIONS_BACK[`${name} ${key}`];
        if (exception) exception(theirs, again);
        else agree(key, again[key], theirs[key]);
      },
    );
  });
});

/** Today's API has more fields in these than that of 2020; what theirs has must be there, and equal. */
const GROWN = ['entries'];

function agree(key: string, ours: unknown, theirs: unknown): void {
  if (GROWN.includes(key)) expect(ours).toMatchObject(theirs as object);
  else expect(ours).toEqual(theirs);
}

it.runIf(corpusRoot)('knows an answer of the API from what an SDK sends', () => {
  for (const { path, kind } of corpusFiles()) {
    if (kind !== 'envelope') expect(isApiEvent(read(path)), path).toBe(kind === 'sentry-api');
  }
});
