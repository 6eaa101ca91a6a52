import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DigestServices, digestPending, retryDeadLetters } from '../../../server/digest/digest.ts';
import {
  attachmentItem,
  type DigestHarness,
  eventItem,
  NOW,
  newEventId,
  openDigest,
  PROJECT,
  wireEvent,
} from './harness.ts';

let h: DigestHarness;
beforeEach(async () => {
  h = await openDigest();
});
afterEach(() => h.close());

describe('one event', () => {
  it('becomes an issue, a row, tags, counts and a body', async () => {
    const event = wireEvent('Boom', {
      release: 'shop@1.0',
      environment: 'prod',
      user: { id: 'u1' },
      exception: [
        {
          type: 'Boom',
          value: 'v',
          mechanism: { type: 'x', handled: false },
          stacktrace: { frames: [{ function: 'f', module: 'm', in_app: true }] },
        },
      ],
    });
    const eventId = h.accept([eventItem(event)]);
    expect(await h.digest()).toBe(1);

    const [issue] = await h.issues();
    expect(issue).toMatchObject({
      projectId: PROJECT,
      number: 1,
      title: 'Boom: v',
      culprit: 'm in f',
      type: 'error',
      level: 'error',
      platform: 'python',
      status: 'unresolved',
      substatus: 'new',
      isUnhandled: 1,
      firstSeen: NOW,
      lastSeen: NOW,
      timesSeen: 1,
      userCount: 1,
      firstRelease: 'shop@1.0',
      lastRelease: 'shop@1.0',
      groupingConfig: 'v1',
    });
    expect(await h.events()).toMatchObject([
      { eventId, issueId: issue?.id, title: 'Boom: v', release: 'shop@1.0', environment: 'prod', user: '{"id":"u1"}' },
    ]);
    const stored = await h.stored(eventId);
    expect(stored).toMatchObject({
      event_id: eventId,
      project: '2',
      hashes: [issue?.primaryHash],
      grouping_config: { id: 'v1' },
    });
    const tags = await h.db.selectFrom('issueTag').select(['key', 'value', 'timesSeen']).execute();
    expect(tags).toContainEqual({ key: 'environment', value: 'prod', timesSeen: 1 });
    expect(await h.db.selectFrom('eventTag').selectAll().execute()).toHaveLength(tags.length);
    expect(await h.db.selectFrom('issueStat').selectAll().execute()).toEqual([
      { issueId: issue?.id, hour: NOW - (NOW % 3_600_000), timesSeen: 1 },
    ]);
    expect(await h.db.selectFrom('release').selectAll().execute()).toMatchObject([
      { projectId: PROJECT, version: 'shop@1.0' },
    ]);
    expect(await h.db.selectFrom('project').select('firstEvent').where('id', '=', PROJECT).executeTakeFirst()).toEqual({
      firstEvent: NOW,
    });
    expect(h.counted('events.digested')).toBe(1);
    expect(h.spool.depth().rows).toBe(0);
  });

  it('has the id of the header, else of the payload, else a new one', async () => {
    const [inHeader, inPayload] = [newEventId(), newEventId()];
    h.accept([eventItem(wireEvent('A', { event_id: newEventId() }))], { eventId: inHeader });
    const dashed = `${inPayload.slice(0, 8)}-${inPayload.slice(8, 12)}-${inPayload.slice(12, 16)}-${inPayload.slice(16, 20)}-${inPayload.slice(20)}`;
    h.accept([eventItem(wireEvent('A', { event_id: dashed.toUpperCase() }))], { eventId: null });
    h.accept([eventItem(wireEvent('A', { event_id: '' }))], { eventId: null });
    await h.digest();
    const ids = (await h.events()).map(({ eventId }) => eventId);
    expect(ids.slice(0, 2)).toEqual([inHeader, inPayload]);
    expect(ids[2]).toMatch(/^[0-9a-f]{32}$/);
  });

  it('that comes again changes nothing, whether in the same batch or later', async () => {
    const eventId = newEventId();
    const items = [eventItem(wireEvent('A')), attachmentItem('a.txt', 'one')];
    h.accept(items, { eventId });
    h.accept(items, { eventId });
    await h.digest();
    h.accept([eventItem(wireEvent('Other')), attachmentItem('a.txt', 'one')], { eventId });
    await h.digest();
    expect(await h.issues()).toMatchObject([{ title: 'A: v', timesSeen: 1 }]);
    expect(await h.db.selectFrom('attachment').select('name').execute()).toHaveLength(1);
    expect(h.counted('events.duplicates')).toBe(2);
  });

  it('counts first when an envelope has two', async () => {
    h.accept([eventItem(wireEvent('First')), eventItem(wireEvent('Second'))]);
    await h.digest();
    expect(await h.issues()).toMatchObject([{ title: 'First: v' }]);
  });

  it('may have the same id in two projects', async () => {
    const eventId = newEventId();
    h.accept([eventItem(wireEvent('A'))], { eventId });
    h.accept([eventItem(wireEvent('A'))], { eventId, projectId: 1 });
    await h.digest();
    expect(await h.issues()).toMatchObject([
      { projectId: 2, number: 1 },
      { projectId: 1, number: 1 },
    ]);
  });
});

describe('issues', () => {
  it('gather their events, also within a batch, and count on within the project', async () => {
    for (const name of ['A', 'B', 'A']) h.accept([eventItem(wireEvent(name))]);
    await h.digest();
    for (const name of ['B', 'C', 'A']) h.accept([eventItem(wireEvent(name))]);
    await h.digest(1);
    expect((await h.issues()).map(({ number, title, timesSeen }) => [number, title, timesSeen])).toEqual([
      [1, 'A: v', 3],
      [2, 'B: v', 2],
      [3, 'C: v', 1],
    ]);
  });

  it('show what their newest event says, whichever came last', async () => {
    const at = (seconds: number, level: string, release: string) =>
      h.accept([eventItem(wireEvent('A', { timestamp: NOW / 1000 - seconds, level, release }))]);
    at(100, 'error', 'r2');
    await h.digest();
    at(10, 'fatal', 'r3');
    at(500, 'info', 'r1');
    await h.digest();
    expect(await h.issues()).toMatchObject([
      {
        level: 'fatal',
        firstSeen: NOW - 500_000,
        lastSeen: NOW - 10_000,
        firstRelease: 'r2',
        lastRelease: 'r3',
        timesSeen: 3,
      },
    ]);
  });

  it('count each user once', async () => {
    for (const id of ['u1', 'u2', 'u1']) h.accept([eventItem(wireEvent('A', { user: { id } }))]);
    await h.digest();
    for (const id of ['u2', 'u3']) h.accept([eventItem(wireEvent('A', { user: { id } }))]);
    await h.digest();
    expect(await h.issues()).toMatchObject([{ userCount: 3 }]);
  });

  it('that were resolved come back as regressed; ignored ones stay ignored', async () => {
    for (const name of ['A', 'B', 'C']) h.accept([eventItem(wireEvent(name))]);
    await h.digest();
    await h.db.updateTable('issue').set({ status: 'resolved', substatus: null }).where('title', '=', 'A: v').execute();
    await h.db
      .updateTable('issue')
      .set({ status: 'ignored', substatus: 'archived_forever' })
      .where('title', '=', 'B: v')
      .execute();
    for (const name of ['A', 'B', 'C']) h.accept([eventItem(wireEvent(name))]);
    await h.digest();
    expect((await h.issues()).map(({ status, substatus }) => [status, substatus])).toEqual([
      ['unresolved', 'regressed'],
      ['ignored', 'archived_forever'],
      ['unresolved', 'new'],
    ]);
  });

  it("are found by any of their hashes, so that frames which become the program's own make no new issue", async () => {
    const stack = (isLibraryOwn: boolean) => ({
      platform: 'python',
      exception: [
        {
          type: 'E',
          stacktrace: {
            frames: [
              { function: 'lib', module: 'l', in_app: isLibraryOwn },
              { function: 'f', module: 'm', in_app: true },
            ],
          },
        },
      ],
    });
    h.accept([eventItem(stack(false))]);
    h.accept([eventItem(stack(true))]);
    await h.digest();
    expect(await h.issues()).toMatchObject([{ timesSeen: 2 }]);
    expect(await h.db.selectFrom('issueHash').selectAll().execute()).toHaveLength(2);
  });
});

describe('what comes beside an event', () => {
  it('is kept: before it, with it, after it and without it', async () => {
    const [eventId, alone] = [newEventId(), newEventId()];
    const report = { event_id: eventId, name: 'Ann', email: 'ann@example.com', comments: 'It broke' };
    h.accept([attachmentItem('before.txt', '1')], { eventId });
    await h.digest();
    h.accept([eventItem(wireEvent('A')), attachmentItem('with.txt', '2')], { eventId });
    h.accept([attachmentItem('after.txt', '3'), { type: 'user_report', payload: report }], { eventId });
    h.accept([attachmentItem('alone.txt', '4')], { eventId: alone });
    await h.digest();
    const attachments = await h.db.selectFrom('attachment').selectAll().orderBy('id').execute();
    expect(attachments.map(({ eventId: id, name, data, size }) => [id, name, data.toString(), size])).toEqual([
      [eventId, 'before.txt', '1', 1],
      [eventId, 'with.txt', '2', 1],
      [eventId, 'after.txt', '3', 1],
      [alone, 'alone.txt', '4', 1],
    ]);
    expect(attachments[0]).toMatchObject({
      contentType: 'text/plain',
      attachmentType: 'event.attachment',
      dateCreated: NOW,
    });
    expect(await h.db.selectFrom('userReport').selectAll().execute()).toMatchObject([
      { ...{ name: 'Ann', comments: 'It broke' }, eventId },
    ]);
  });

  it('is not doubled when it is sent again by itself', async () => {
    const eventId = newEventId();
    const items = [
      attachmentItem('a.txt', '1'),
      { type: 'user_report', payload: { event_id: eventId, comments: 'c' } },
    ];
    h.accept(items, { eventId });
    h.accept(items, { eventId });
    await h.digest();
    expect(await h.db.selectFrom('attachment').select('id').execute()).toHaveLength(1);
    expect(await h.db.selectFrom('userReport').select('id').execute()).toHaveLength(1);
  });

  it('is counted and dropped when it is of another type', async () => {
    h.accept([
      { type: 'session', payload: {} },
      { type: 'transaction', payload: {} },
      { type: 'brand_new', payload: {} },
    ]);
    h.accept([eventItem({ type: 'transaction', transaction: '/x' })]);
    h.acceptBytes('{}');
    expect(await h.digest()).toBe(3);
    expect(await h.issues()).toEqual([]);
    expect(await h.letters()).toEqual([]);
    expect(h.counted('digest.items_dropped')).toBe(4);
  });
});

describe('what cannot be digested', () => {
  it('is kept as a dead letter with its reason, and the rest goes on', async () => {
    h.accept([eventItem(wireEvent('A'))]);
    h.acceptBytes('{}\n{"type":"event","length":4}\n{"a"\n', { eventId: newEventId() });
    h.acceptBytes('{}\n{"type":"event"}\n[1]\n');
    h.acceptBytes('not an envelope');
    h.accept([eventItem(wireEvent('B'))]);
    expect(await h.digest()).toBe(5);
    expect((await h.issues()).map(({ title }) => title)).toEqual(['A: v', 'B: v']);
    const letters = await h.letters();
    expect(letters.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('JSON'),
      'The event is not a JSON object.',
      expect.stringContaining('envelope header'),
    ]);
    expect(letters[2]?.body.toString()).toBe('not an envelope');
    expect(h.counted('digest.dead_letters')).toBe(3);
  });

  it('is found one by one when SQL refuses it', async () => {
    const { sql } = await import('kysely');
    await sql`CREATE TRIGGER refuse BEFORE INSERT ON issue WHEN new.title = 'Bad: v' BEGIN SELECT raise(ABORT, 'no such luck'); END`.execute(
      h.db,
    );
    for (const name of ['A', 'Bad', 'B', 'A']) h.accept([eventItem(wireEvent(name))]);
    expect(await h.digest()).toBe(4);
    expect((await h.issues()).map(({ title, timesSeen }) => [title, timesSeen])).toEqual([
      ['A: v', 2],
      ['B: v', 1],
    ]);
    expect(await h.letters()).toMatchObject([{ reason: 'It could not be saved: no such luck' }]);
    expect(h.logged).toHaveLength(2);

    await sql`DROP TRIGGER refuse`.execute(h.db);
    h.acceptBytes('hopeless');
    await h.digest();
    expect(await retryDeadLetters(h.services)).toEqual({ digested: 1, failed: 1 });
    expect((await h.issues()).map(({ title }) => title)).toEqual(['A: v', 'B: v', 'Bad: v']);
    expect(await h.letters()).toHaveLength(1);
  });

  it('is told of as our fault only when it is, once, and with its project', async () => {
    const faults: [unknown, number][] = [];
    const services: DigestServices = { ...h.services, onError: (...told) => void faults.push(told) };
    const { sql } = await import('kysely');
    await sql`CREATE TRIGGER refuse BEFORE INSERT ON issue WHEN new.title = 'Bad: v' BEGIN SELECT raise(ABORT, 'no such luck'); END`.execute(
      h.db,
    );
    h.acceptBytes('not an envelope');
    h.acceptBytes('{}\n{"type":"event"}\n[1]\n');
    h.acceptBytes('{}\n{"type":"event"}\n{"a"\n');
    h.accept([eventItem(wireEvent('A'))]);
    h.accept([eventItem(wireEvent('Bad'))], { projectId: 1 });
    expect(await digestPending(services, { limit: 10 })).toEqual({ digested: 5, mark: 5 });
    expect(await h.letters()).toHaveLength(4);
    expect(faults).toEqual([[expect.objectContaining({ message: 'no such luck' }), 1]]);
  });

  it('is not given up on when the database itself fails: nothing moves, and it is all there later', async () => {
    h.accept([eventItem(wireEvent('A'))]);
    const { eventstream } = h.services;
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    const failing = { ...h.services, eventstream: { ...eventstream, insert: () => Promise.reject(full) } };
    await expect(digestPending(failing, { limit: 10 })).rejects.toThrow('full');
    expect(await h.issues()).toEqual([]);
    expect(await h.digest()).toBe(1);
    expect(await h.issues()).toMatchObject([{ number: 1, timesSeen: 1 }]);
    expect(await h.letters()).toEqual([]);
  });

  it('goes with its project when that is deleted meanwhile', async () => {
    h.accept([eventItem(wireEvent('A')), attachmentItem('a', 'b')], { projectId: 99 });
    h.accept([eventItem(wireEvent('B'))]);
    expect(await h.digest()).toBe(2);
    expect(await h.issues()).toMatchObject([{ title: 'B: v' }]);
    expect(await h.db.selectFrom('attachment').select('id').execute()).toEqual([]);
    expect(h.counted('digest.dropped')).toBe(1);
  });
});

it('keeps the tags of any text as they were, in every table', async () => {
  const tags = { quote: `"'\\`, unicode: 'é😀', number: '007', json: '{"a":[1]}', 'k e\ty': ' x ' };
  const eventId = h.accept([eventItem({ tags, release: '1.0' })]);
  await h.digest();
  const expected = [
    ['json', '{"a":[1]}'],
    ['k-e-y', ' x '],
    ['level', 'error'],
    ['number', '007'],
    ['quote', `"'\\`],
    ['release', '1.0'],
    ['unicode', 'é😀'],
  ];
  const pairs = (rows: { key: string; value: string }[]) => rows.map(({ key, value }) => [key, value]);
  expect(pairs(await h.db.selectFrom('eventTag').select(['key', 'value']).orderBy('key').execute())).toEqual(expected);
  expect(pairs(await h.db.selectFrom('issueTag').select(['key', 'value']).orderBy('key').execute())).toEqual(expected);
  expect((await h.stored(eventId))?.tags.toSorted()).toEqual(expected);
});

it('takes no spool row twice, though the spool still has it', async () => {
  h.accept([eventItem(wireEvent('A'))]);
  expect(await digestPending(h.services, { limit: 10 })).toEqual({ digested: 1, mark: 1 });
  expect(await digestPending(h.services, { limit: 10 })).toEqual({ digested: 0, mark: 1 });
  h.accept([eventItem(wireEvent('A'))]);
  expect(await digestPending(h.services, { limit: 10 })).toEqual({ digested: 1, mark: 2 });
  expect(await h.issues()).toMatchObject([{ timesSeen: 2 }]);
});

it('stays upright under an event with thousands of tags, frames and breadcrumbs', async () => {
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  h.accept([
    eventItem({
      tags: Object.fromEntries(many(10_000, (index) => [`t${index}`, 'x'])),
      breadcrumbs: many(5000, (index) => ({ message: `m${index}` })),
      exception: [
        { type: 'Big', stacktrace: { frames: many(5000, (index) => ({ function: `f${index}`, lineno: 'x' })) } },
      ],
    }),
  ]);
  const started = performance.now();
  expect(await h.digest()).toBe(1);
  expect(performance.now() - started).toBeLessThan(2000);
  expect(await h.db.selectFrom('eventTag').select('key').execute()).toHaveLength(201);
});
