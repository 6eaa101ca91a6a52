import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createSqlNodestore } from '../../../server/backends/nodestore.ts';
import { groupEvent } from '../../../server/digest/group.ts';
import {
  errorBodySchema,
  eventRowsSchema,
  eventSchema,
  eventsStatsSchema,
  exceptionEntryData,
  groupingInfoSchema,
  projectSchema,
} from '../../../server/protocol/contract.ts';
import { createLoadEvent } from '../../../server/runner/suggester.ts';
import { createEventStore } from '../../../server/storage/events.ts';
import { createProjectStore } from '../../../server/storage/projects.ts';
import { parseLinkHeader } from '../../../src/api/link-header.ts';
import { startApp, type TestApp } from './harness.ts';
import { DAY, eventIdOf, HOUR, NOW, seedIssue } from './seed.ts';

let app: TestApp;
let issueId: number;
beforeEach(async () => {
  app = await startApp();
  issueId = await seedIssue(app.db, { firstSeen: NOW - 2 * DAY });
  const add = (number: number, hours: number, environment: string, user: string) =>
    app.seedEventWithBody(issueId, {
      eventId: eventIdOf(number),
      timestamp: NOW - hours * HOUR,
      richness: number,
      tags: [
        ['environment', environment],
        ['user', user],
      ],
    });
  await add(1, 40, 'prod', 'id:1');
  await add(2, 30, 'dev', 'id:1');
  await add(3, 20, 'prod', 'id:2');
  await add(4, 10, 'dev', 'id:2');
});
afterEach(async () => {
  expect(app.logged).toEqual([]);
  await app.close();
});

const PROJECT = '/projects/stackmend/default/';
const FRAMES = {
  frames: [
    { function: 'main', module: 'vendor.server', in_app: true },
    { function: 'pay', module: 'shop.cart', in_app: true },
  ],
};
const detailOf = ({ body }: { body: unknown }) => errorBodySchema.parse(body).detail;

describe('the events of a filter', () => {
  const path = () => `/organizations/stackmend/issues/${issueId}/events/`;
  const event = async (name: string, query: string) => {
    const { eventID, nextEventID, previousEventID } = eventSchema.parse(
      (await app.get(`${path()}${name}/${query}`)).body,
    );
    return [previousEventID, eventID, nextEventID].map((id) => (id ? Number.parseInt(id.slice(1), 16) : null));
  };

  test.each<[string, string, (number | null)[]]>([
    ['latest', '', [3, 4, null]],
    ['latest', '?environment=prod', [1, 3, null]],
    ['oldest', '?environment=dev', [null, 2, 4]],
    ['recommended', '?query=user:"id:1"', [1, 2, null]],
    ['latest', '?environment=', [3, 4, null]],
    ['latest', '?statsPeriod=24h', [3, 4, null]],
    ['oldest', '?statsPeriod=24h', [null, 3, 4]],
    ['latest', `?start=${(NOW - 35 * HOUR) / 1000}&end=${(NOW - 15 * HOUR) / 1000}`, [2, 3, null]],
    // Named, it is given although it does not match; its neighbours do.
    [eventIdOf(2), '?environment=prod', [1, 2, 3]],
    [eventIdOf(2), '', [1, 2, 3]],
  ])('%s%s is among its neighbours', async (name, query, expected) => {
    expect(await event(name, query)).toEqual(expected);
  });

  it('says that nothing matches, and what cannot be read', async () => {
    expect(detailOf(await app.get(`${path()}latest/?environment=staging`))).toMatch(/has no stored event that matches/);
    for (const name of ['', 'latest/', `${eventIdOf(2)}/`]) {
      const answer = await app.get(`${path()}${name}?query=level:(error`);
      expect(answer.status).toBe(400);
      expect(detailOf(answer)).toMatch(/parentheses/);
    }
  });

  it('lists them, and counts all where that is cheap', async () => {
    const list = await app.get(`${path()}?environment=prod&statsPeriod=24h`);
    expect(eventRowsSchema.parse(list.body).map(({ eventID }) => eventID)).toEqual([eventIdOf(3)]);
    expect(list.headers.get('x-hits')).toBe('1');
    expect((await app.get(path())).headers.get('x-hits')).toBe('4');
  });

  it('lists them oldest first where asked to, page after page and back', async () => {
    const path = `/issues/${issueId}/events/?sort=timestamp&limit=3`;
    const idsOf = (body: unknown) => eventRowsSchema.parse(body).map(({ eventID }) => eventID);
    const first = await app.get(path);
    expect(idsOf(first.body)).toEqual([1, 2, 3].map(eventIdOf));
    const { next } = parseLinkHeader(first.headers.get('link'));
    const second = await app.get(`${path}&cursor=${next}`);
    expect(idsOf(second.body)).toEqual([eventIdOf(4)]);
    const { previous, next: none } = parseLinkHeader(second.headers.get('link'));
    expect(none).toBeNull();
    expect(idsOf((await app.get(`${path}&cursor=${previous}`)).body)).toEqual([1, 2, 3].map(eventIdOf));
    expect((await app.get(`/issues/${issueId}/events/?sort=title`)).status).toBe(400);
  });
});

describe('events-stats', () => {
  const stats = async (query = '') =>
    eventsStatsSchema.parse((await app.get(`/issues/${issueId}/events-stats/${query}`)).body);

  it('counts since the issue was first seen, with the releases that came meanwhile', async () => {
    for (let version = 0; version < 60; version += 1) {
      const dateCreated = NOW - DAY + version;
      await app.db
        .insertInto('release')
        .values({ projectId: 2, version: `app@${version}`, commitSha: null, dateCreated })
        .execute();
    }
    const early = { projectId: 2, version: 'early', commitSha: null, dateCreated: NOW - 3 * DAY };
    const foreign = { projectId: 1, version: 'foreign', commitSha: null, dateCreated: NOW - DAY };
    await app.db.insertInto('release').values([early, foreign]).execute();
    const { start, end, intervalMs, total, matching, releases } = await stats();
    expect([start, intervalMs]).toEqual([NOW - 2 * DAY, HOUR / 2]);
    expect(end).toBe(NOW + HOUR / 2);
    expect(total).toMatchObject({ eventCount: 4, userCount: 2 });
    expect(matching).toBeNull();
    expect(releases).toHaveLength(50);
    expect(releases[0]).toEqual({ version: 'app@10', time: NOW - DAY + 10 });
    expect(releases.at(-1)).toEqual({ version: 'app@59', time: NOW - DAY + 59 });
  });

  it('counts what matches beside the rest, within a span', async () => {
    const { total, matching } = await stats('?environment=prod&statsPeriod=24h');
    expect(total).toMatchObject({ eventCount: 2, userCount: 1 });
    expect(matching).toMatchObject({ eventCount: 1, userCount: 1 });
    expect(matching?.events).toHaveLength(total.events.length);
  });

  test.each(['?query=level:(error', '?statsPeriod=week', '?start=soon', '?start=2026-01-02&end=2026-01-01'])(
    'refuses %s, saying why',
    async (query) => {
      const answer = await app.get(`/issues/${issueId}/events-stats/${query}`);
      expect(answer.status).toBe(400);
      expect(detailOf(answer)).toBeTruthy();
    },
  );
});

describe('in-app rules of a project', () => {
  const put = (groupingEnhancements: unknown) => app.ask('PUT', PROJECT, { groupingEnhancements });
  const project = async () => projectSchema.parse((await app.get(PROJECT)).body);
  const viewed = async () => {
    const { entries } = eventSchema.parse((await app.get(`${PROJECT}events/${eventIdOf(9)}/`)).body);
    const { values, hasSystemFrames } = exceptionEntryData.parse(
      entries.find(({ type }) => type === 'exception')?.data,
    );
    const { stacktrace } = values[0] ?? {};
    expect(stacktrace?.hasSystemFrames).toBe(hasSystemFrames);
    return { inApp: stacktrace?.frames.map(({ inApp }) => inApp), hasSystemFrames };
  };
  beforeEach(async () => {
    const exception = { values: [{ type: 'CartError', stacktrace: FRAMES }] };
    await app.seedEventWithBody(issueId, { eventId: eventIdOf(9) }, { exception });
  });

  it('take effect on view, at once, and are taken back as easily', async () => {
    expect((await project()).groupingEnhancements).toBe('');
    expect(await viewed()).toEqual({ inApp: [true, true], hasSystemFrames: false });

    const rules = '# not ours\nstack.module:vendor.* -app\n';
    const changed = await put(rules);
    expect(changed.status).toBe(200);
    expect(projectSchema.parse(changed.body).groupingEnhancements).toBe(rules);
    expect((await project()).groupingEnhancements).toBe(rules);
    expect(await viewed()).toEqual({ inApp: [false, true], hasSystemFrames: true });

    const stored = await app.get(`${PROJECT}events/${eventIdOf(9)}/json/`);
    expect(stored.body).toMatchObject({ exception: { values: [{ stacktrace: FRAMES }] } });
    expect((await app.get('/organizations/stackmend/projects/')).text).not.toContain('groupingEnhancements');

    await put('');
    expect(await viewed()).toEqual({ inApp: [true, true], hasSystemFrames: false });
  });

  it('are refused by the line that cannot be read, and then nothing changes', async () => {
    await put('stack.module:vendor.* -app');
    const refused = await app.ask('PUT', PROJECT, { name: 'Other', groupingEnhancements: 'app:no +app\nwhat is this' });
    expect(refused.status).toBe(400);
    expect(detailOf(refused)).toMatch(/^Line 2: "what" is neither a matcher/);
    expect(await project()).toMatchObject({ name: 'Default', groupingEnhancements: 'stack.module:vendor.* -app' });
    expect((await put(7)).status).toBe(400);
  });

  it('hide no event when they were stored by a version that could read more', async () => {
    await app.db.updateTable('project').set({ groupingEnhancements: 'release:1 -app' }).execute();
    expect(await viewed()).toEqual({ inApp: [true, true], hasSystemFrames: false });
  });

  it('hold for what a model is told, too', async () => {
    await put('stack.module:vendor.* -app');
    const { db } = app;
    const load = createLoadEvent(db, createProjectStore(db), createEventStore(db), createSqlNodestore(db));
    const { event } = (await load('default', eventIdOf(9))) ?? {};
    const frames = event?.exception?.values[0]?.stacktrace?.frames;
    expect(frames?.map(({ in_app }) => in_app)).toEqual([false, true]);
  });
});

it('tells what the hashes of an event were made of, whatever the rules say', async () => {
  const exception = { values: [{ type: 'CartError', value: 'x', stacktrace: FRAMES }] };
  const { hashes } = groupEvent({ platform: 'python', level: 'error', tags: [], exception });
  await app.seedEventWithBody(issueId, { eventId: eventIdOf(9) }, { exception, hashes: [...hashes, 'a'.repeat(32)] });
  const info = async () =>
    groupingInfoSchema.parse((await app.get(`${PROJECT}events/${eventIdOf(9)}/grouping-info/`)).body);
  const before = await info();
  expect(before).toMatchObject({
    config: 'v1',
    variants: [
      { hash: hashes[0], isPrimary: true },
      { hash: 'a'.repeat(32), isPrimary: false, description: expect.stringMatching(/earlier version/), parts: [] },
    ],
  });
  expect(before.variants[0]?.parts).toEqual([
    { name: 'type', value: 'CartError', contributes: true, hint: null },
    { name: 'value', value: 'x', contributes: false, hint: 'ignored: the type and the frames tell more' },
    { name: 'frame', value: 'main in vendor.server', contributes: true, hint: null },
    { name: 'frame', value: 'pay in shop.cart', contributes: true, hint: null },
  ]);
  await app.ask('PUT', PROJECT, { groupingEnhancements: 'stack.module:vendor.* -app' });
  expect(await info()).toEqual(before);
});
