import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createSqlEventstream } from '../../../server/backends/eventstream.ts';
import { createSqlNodestore } from '../../../server/backends/nodestore.ts';
import { digestPending } from '../../../server/digest/digest.ts';
import {
  breadcrumbsEntryData,
  debugMetaEntryData,
  eventRowsSchema,
  eventSchema,
  exceptionEntryData,
  importedSchema,
  issueSchema,
  issueTagsSchema,
  messageEntryData,
  requestSchema,
  stacktraceSchema,
  threadsEntryData,
} from '../../../server/protocol/contract.ts';
import { corpusFiles, corpusRoot, reportMissingCorpus } from '../../corpus.ts';
import { startApp, type TestApp } from './harness.ts';

const MEBIBYTE = 1024 * 1024;
/** Files of the corpus that hold no error event, which the importer says. */
const NO_EVENT = [
  'edge/empty.envelope',
  'edge/no_length_eof.envelope',
  'edge/unknown_item_type.envelope',
  'edge/transaction_only.envelope',
];
/** Line ends were changed on their way, so that the stated lengths are wrong. */
const BROKEN = ['edge/two_items_bom.envelope'];

const ENTRIES = {
  exception: exceptionEntryData,
  threads: threadsEntryData,
  breadcrumbs: breadcrumbsEntryData,
  message: messageEntryData,
  debugmeta: debugMetaEntryData,
  request: requestSchema,
  stacktrace: stacktraceSchema,
};

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ maxImportBytes: MEBIBYTE });
});
afterAll(async () => {
  expect(app.logged).toEqual([]);
  await app.close();
});

let lastId = 0;
/** Digests what was spooled since the last time. */
async function digest(): Promise<void> {
  const rows = app.spooled.splice(0).map((envelope) => {
    lastId += 1;
    return { ...envelope, id: lastId };
  });
  const services = {
    spool: { readAfter: () => rows },
    db: app.db,
    nodestore: createSqlNodestore(app.db),
    eventstream: createSqlEventstream(app.db),
    metrics: { incr: () => {} },
    now: Date.now,
    log: (message: string) => expect.unreachable(message),
  };
  await digestPending(services, { limit: 100 });
}

reportMissingCorpus('every event of the corpus, imported and read through the API');

reportMissingCorpus('pasting and reading every event');

describe.runIf(corpusRoot)('an event of the corpus, pasted and read', () => {
  const files = corpusFiles();
  const events = files.filter(({ path }) => !NO_EVENT.includes(path) && !BROKEN.includes(path));

  test.each(events)('$path', async ({ path }) => {
    const answer = await app.ask(
      'POST',
      '/projects/stackmend/default/events/',
      readFileSync(join(corpusRoot ?? '', path)),
    );
    expect([answer.status, answer.text]).toEqual([202, expect.anything()]);
    const [eventId] = importedSchema.parse(answer.body).eventIDs;
    await digest();

    const response = await app.get(`/projects/stackmend/default/events/${eventId}/`);
    const event = eventSchema.parse(response.body);
    expect(event.eventID).toBe(eventId);
    expect(event.title).not.toBe('');
    for (const { type, data } of event.entries) {
      const schema = Object.hasOwn(ENTRIES, type) ? ENTRIES[type as keyof typeof ENTRIES] : null;
      if (schema) expect([path, type, schema.safeParse(data).error?.issues]).toEqual([path, type, undefined]);
    }
    const issue = issueSchema.parse((await app.get(`/organizations/stackmend/issues/${event.groupID}/`)).body);
    expect(Number(issue.count)).toBeGreaterThan(0);
    const rows = eventRowsSchema.parse((await app.get(`/issues/${event.groupID}/events/?query=${eventId}`)).body);
    expect(rows.map(({ eventID }) => eventID)).toEqual([eventId]);
    issueTagsSchema.parse((await app.get(`/issues/${event.groupID}/tags/`)).body);
    const json = (await app.get(`/projects/stackmend/default/events/${eventId}/json/`)).body as { event_id: string };
    expect(json.event_id).toBe(eventId);
  });

  test.each([...NO_EVENT, ...BROKEN])('%s is refused', async (path) => {
    const answer = await app.ask(
      'POST',
      '/projects/stackmend/default/events/',
      readFileSync(join(corpusRoot ?? '', path)),
    );
    expect(answer.status).toBe(400);
  });

  it('shows every tag of an event so that searching for it finds the event', async () => {
    const issues = (await app.get('/organizations/stackmend/issues/?query=&limit=100')).body as { id: string }[];
    let searched = 0;
    for (const { id } of issues.slice(0, 10)) {
      const event = eventSchema.parse((await app.get(`/issues/${id}/events/latest/`)).body);
      for (const tag of event.tags) {
        const query = typeof tag['query'] === 'string' ? tag['query'] : `${tag.key}:${JSON.stringify(tag.value)}`;
        const found = await app.get(`/issues/${id}/events/?query=${encodeURIComponent(query)}`);
        expect([query, found.status, found.text.includes(event.eventID)]).toEqual([query, 200, true]);
        searched += 1;
      }
    }
    expect(searched).toBeGreaterThan(20);
  });
});
