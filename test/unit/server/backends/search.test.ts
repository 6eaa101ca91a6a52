import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { EventFilter } from '../../../../server/backends/event-filter.ts';
import { createSqlSearch, type IssueSearch, type Search } from '../../../../server/backends/search.ts';
import { parseSearchQuery } from '../../../../server/backends/search-query.ts';
import type { Database } from '../../../../server/storage/tables.ts';
import { DAY, eventIdOf, HOUR, NOW, seedEvent, seedIssue, temporaryDatabase } from '../../../integration/api/seed.ts';

let db: Database;
let close: () => Promise<void>;
let search: Search;
/** Issue names by id. */
const names = new Map<number, string>();

beforeAll(async () => {
  ({ db, close } = await temporaryDatabase());
  search = createSqlSearch(db, { now: () => NOW });
  names.set(
    await seedIssue(db, {
      title: 'ValueError: amount must be positive',
      timesSeen: 50,
      userCount: 3,
      lastSeen: NOW - HOUR,
      firstSeen: NOW - 20 * DAY,
      isUnhandled: 1,
      substatus: 'regressed',
      tags: {
        environment: ['production'],
        release: ['app@1.0'],
        browser: ['Firefox 75.0'],
        user: ['id:7'],
        level: ['error'],
      },
      hours: [[NOW - 2 * HOUR - (NOW % HOUR), 2]],
    }),
    'value',
  );
  names.set(
    await seedIssue(db, {
      title: 'TypeError: x is "null" 100%',
      culprit: 'render in src/view_model.js',
      metadata: { type: 'TypeError', value: 'x is "null" 100%' },
      timesSeen: 5,
      userCount: 9,
      lastSeen: NOW - 3 * DAY,
      firstSeen: NOW - 3 * DAY,
      level: 'warning',
      isBookmarked: 1,
      tags: { environment: ['staging'], release: ['app@2.0'], browser: ['Chrome 120', 'Firefox 76.0'] },
      hours: [[NOW - 3 * DAY - (NOW % HOUR), 5]],
    }),
    'type',
  );
  names.set(
    await seedIssue(db, {
      title: 'Disk full',
      culprit: '',
      metadata: { title: 'Disk full' },
      status: 'resolved',
      timesSeen: 1,
      lastSeen: NOW - 30 * DAY,
      firstSeen: NOW - 30 * DAY,
    }),
    'disk',
  );
  names.set(await seedIssue(db, { title: 'Archived one', status: 'ignored', lastSeen: NOW - 31 * DAY }), 'archived');
  names.set(await seedIssue(db, { projectId: 1, title: 'Internal one', lastSeen: NOW - 2 * HOUR }), 'internal');
});
afterAll(() => close());

async function find(asked: Partial<IssueSearch>): Promise<(string | undefined)[]> {
  const page = await search.issues({ projectIds: [2], query: '', limit: 10, ...asked });
  return page.items.map((id) => names.get(id));
}

describe('issues', () => {
  test.each<[string, string[]]>([
    ['', ['value', 'type', 'disk', 'archived']],
    ['is:unresolved', ['value', 'type']],
    ['is:resolved', ['disk']],
    ['is:archived', ['archived']],
    ['is:ignored', ['archived']],
    ['!is:unresolved', ['disk', 'archived']],
    ['is:unhandled', ['value']],
    ['error.unhandled:true', ['value']],
    ['is:bookmarked', ['type']],
    ['is:regressed', ['value']],
    ['level:warning', ['type']],
    ['!level:warning', ['value', 'disk', 'archived']],
    ['level:[warning, error]', ['value', 'type', 'disk', 'archived']],
    ['environment:production', ['value']],
    ['release:app@2.0', ['type']],
    ['release:app@*', ['value', 'type']],
    ['browser:"Firefox 75.0"', ['value']],
    ['browser:Firefox*', ['value', 'type']],
    ['browser:firefox*', ['value', 'type']],
    ['browser:"Firefox*"', []],
    ['!browser:Firefox*', ['disk', 'archived']],
    ['has:release', ['value', 'type']],
    ['!has:release', ['disk', 'archived']],
    ['release:""', ['disk', 'archived']],
    ['user.id:7', ['value']],
    ['tags[browser]:"Chrome 120"', ['type']],
    ['timesSeen:>5', ['value']],
    ['timesSeen:>=5', ['value', 'type']],
    ['timesSeen:1', ['disk', 'archived']],
    ['userCount:>4', ['type']],
    ['lastSeen:-24h', ['value']],
    ['lastSeen:+24h', ['type', 'disk', 'archived']],
    ['firstSeen:-7d', ['type']],
    ['age:+25d', ['disk', 'archived']],
    ['lastSeen:>2026-06-01', ['value']],
    ['lastSeen:2026-05-30', ['type']],
    ['lastSeen:<2026-05-10T00:00:00Z', ['disk', 'archived']],
    ['error.type:TypeError', ['type']],
    ['title:"Disk full"', ['disk']],
    ['amount', ['value', 'archived']],
    ['AMOUNT positive', ['value', 'archived']],
    ['"must be"', ['value', 'archived']],
    ['!amount', ['type', 'disk']],
    ['TypeError: x', ['type']],
    ['"x is \\"null\\""', ['type']],
    ['100%', ['type']],
    ['0%', ['type']],
    ['view_model', ['type']],
    ['viewXmodel', []],
    ['issue:DEFAULT-1', ['value']],
    ['issue:default-2', ['type']],
    ['project:default', ['value', 'type', 'disk', 'archived']],
    ['is:unresolved level:error amount', ['value']],
    ["'; drop table issue; --", []],
    ['__proto__:x', []],
    ['constructor:x', []],
    ['https://example.org', []],
    ['culprit:"render in (anonymous)"', []],
    ['transaction:main()', []],
    ['url:http://[::1]/', []],
    ['positive(', []],
  ])('%j finds %j', async (query, expected) => {
    expect(await find({ query })).toEqual(expected);
  });

  test.each<[string, RegExp]>([
    ['is:wrong', /is:wrong is unknown.*unresolved/],
    ['is:__proto__', /is unknown/],
    ['is:', /"is:" needs a value/],
    ['level:"open', /quote is not closed/],
    ['level:[a, b', /not closed/],
    ['level:[]', /needs 1 to/],
    ['timesSeen:many', /timesSeen is a number/],
    ['lastSeen:yesterday', /is no time/],
    ['lastSeen:-5y', /not a period/],
    ['a OR b', /OR.*not supported/],
    ['issue:nothing!', /is no issue/],
    ['level:(error', /parentheses do not group.*level:"\(error"/],
    ['level:error)', /parentheses/],
    ['level:(error OR fatal)', /parentheses/],
    ['!level:>(5', /parentheses/],
    ['level:[a, (b]', /parentheses/],
    ['level:error]', /not paired/],
    ['(error', /parentheses are not supported/],
    ['level:err"or', /quote a value as a whole/],
    ['level:"err"or', /quote a value as a whole/],
    ['level:["a"b]', /quote a value as a whole/],
    ['level:[a]b', /quote a value as a whole/],
    [`${'a '.repeat(60)}`, /more than 50 terms/],
    ['x'.repeat(5000), /longer than/],
  ])('%j is refused, saying why', async (query, message) => {
    await expect(find({ query })).rejects.toMatchObject({ status: 400, message: expect.stringMatching(message) });
  });

  test.each<[Partial<IssueSearch>, string[]]>([
    [{ sort: 'date' }, ['value', 'type', 'disk', 'archived']],
    [{ sort: 'new' }, ['type', 'value', 'disk', 'archived']],
    [{ sort: 'freq' }, ['value', 'type', 'archived', 'disk']],
    [{ sort: 'user' }, ['type', 'value', 'archived', 'disk']],
    [{ sort: 'inbox' }, ['value', 'type', 'disk', 'archived']],
    [{ sort: 'freq', statsPeriod: '14d' }, ['type', 'value']],
    [{ statsPeriod: '24h' }, ['value']],
    [{ environments: ['staging', 'production'] }, ['value', 'type']],
    [{ environments: ['staging'] }, ['type']],
    [{ projectIds: [1] }, ['internal']],
    [{ projectIds: [1, 2], query: 'is:unresolved' }, ['value', 'internal', 'type']],
  ])('%j gives %j', async (asked, expected) => {
    expect(await find(asked)).toEqual(expected);
  });

  it('refuses an unknown sort, period and cursor', async () => {
    await expect(find({ sort: 'sideways' })).rejects.toThrow(/sort/);
    await expect(find({ statsPeriod: 'week' })).rejects.toThrow(/period/);
    await expect(find({ cursor: 'abc' })).rejects.toThrow(/cursor/);
  });

  it('counts what matches', async () => {
    const page = await search.issues({ projectIds: [2], query: 'is:unresolved', limit: 1 });
    expect(page.hits).toBe(2);
  });
});

it('pages forth and back over equal times, and an issue that comes meanwhile shifts nothing', async () => {
  const { db, close } = await temporaryDatabase();
  try {
    const search = createSqlSearch(db, { now: () => NOW });
    const ids: number[] = [];
    for (let index = 0; index < 7; index += 1) ids.unshift(await seedIssue(db, { lastSeen: NOW - HOUR }));
    const page = (cursor?: string) => search.issues({ projectIds: [2], query: '', limit: 3, cursor });

    const first = await page();
    expect(first.items).toEqual(ids.slice(0, 3));
    expect(first.previous.results).toBe(false);
    await seedIssue(db, { lastSeen: NOW });

    const second = await page(first.next.cursor);
    expect(second.items).toEqual(ids.slice(3, 6));
    const third = await page(second.next.cursor);
    expect(third.items).toEqual(ids.slice(6));
    expect(third.next.results).toBe(false);

    const back = await page(third.previous.cursor);
    expect(back.items).toEqual(ids.slice(3, 6));
    expect(back.next.results).toBe(true);
    const start = await page(back.previous.cursor);
    expect(start.items).toEqual(ids.slice(0, 3));
    // The new one is in front of it.
    expect(start.previous.results).toBe(true);
  } finally {
    await close();
  }
});

describe('events of an issue', () => {
  let issueId: number;
  beforeAll(async () => {
    issueId = await seedIssue(db, { title: 'With events', lastSeen: NOW - 60 * DAY });
    const other = await seedIssue(db, { title: 'Other', lastSeen: NOW - 60 * DAY });
    await seedEvent(db, issueId, {
      eventId: eventIdOf(1),
      timestamp: NOW - 3 * HOUR,
      tags: [
        ['browser', 'Firefox'],
        ['environment', 'prod'],
      ],
    });
    await seedEvent(db, issueId, {
      eventId: eventIdOf(2),
      timestamp: NOW - 2 * HOUR,
      tags: [['browser', 'Chrome']],
      message: 'card 42 declined',
    });
    await seedEvent(db, issueId, { eventId: eventIdOf(3), timestamp: NOW - 40 * DAY });
    await seedEvent(db, other, { eventId: eventIdOf(4), tags: [['browser', 'Firefox']] });
  });

  test.each<[string, number[]]>([
    ['', [2, 1, 3]],
    ['browser:Firefox', [1]],
    ['!browser:Firefox', [2, 3]],
    ['browser:*o*', [2, 1]],
    ['has:browser', [2, 1]],
    ['!has:browser', [3]],
    ['browser:""', [3]],
    ['environment:prod', [1]],
    ['!environment:prod', [2, 3]],
    ['environment:""', [2, 3]],
    ['declined', [2]],
    ['message:"card 42"', [2]],
    [eventIdOf(3), [3]],
    ['timestamp:-1d', [2, 1]],
  ])('%j finds %j', async (query, expected) => {
    const { items } = await search.events({ issueId, query, limit: 10 });
    const rows = await db.selectFrom('event').select(['id', 'eventId']).execute();
    const found = items.map((id) => rows.find((row) => row.id === id)?.eventId);
    expect(found).toEqual(expected.map(eventIdOf));
  });

  it('takes a period and environments', async () => {
    const recent = await search.events({ issueId, query: '', statsPeriod: '14d', limit: 10 });
    expect(recent.items).toHaveLength(2);
    const prod = await search.events({ issueId, query: '', environments: ['prod'], limit: 10 });
    expect(prod.items).toHaveLength(1);
  });

  const idOf = async (number: number) => {
    const row = await db.selectFrom('event').select('id').where('eventId', '=', eventIdOf(number)).executeTakeFirst();
    return row?.id ?? null;
  };
  const iso = (time: number) => new Date(time).toISOString();

  test.each<[string | undefined, string | undefined, number[]]>([
    [iso(NOW - 3 * HOUR), iso(NOW - 2 * HOUR), [1]],
    [iso(NOW - 3 * HOUR), iso(NOW - 2 * HOUR + 1), [2, 1]],
    [String((NOW - 2 * HOUR) / 1000), undefined, [2]],
    [undefined, iso(NOW - 30 * DAY), [3]],
    ['2026-06-02', undefined, [2, 1]],
    ['2026-06-02T08:00:00', '2026-06-02T10:31:00+02:00', [2]],
  ])('takes a span from %s up to %s', async (start, end, expected) => {
    const { items, hits } = await search.events({ issueId, start, end, limit: 10 });
    expect(items).toEqual(await Promise.all(expected.map(idOf)));
    expect(hits).toBe(expected.length);
  });

  test.each<[Partial<EventFilter>, RegExp]>([
    [{ start: 'yesterday' }, /start "yesterday" is no time/],
    [{ end: '99999999999999' }, /end "99999999999999" is no time/],
    [{ start: String(NOW) }, /is no time/],
    [{ start: '2026-06-02', end: '2026-06-02' }, /start must be before end/],
    [{ start: '2026-06-02', statsPeriod: '1h' }, /either statsPeriod or start and end/],
    [{ statsPeriod: '1y' }, /not a period/],
    [{ query: 'level:(error' }, /parentheses/],
  ])('refuses %j in each of its answers', async (filter, message) => {
    const asked = { issueId, ...filter };
    const refused = { status: 400, message: expect.stringMatching(message) };
    await expect(search.events({ ...asked, limit: 1 })).rejects.toMatchObject(refused);
    await expect(search.event(asked, 'latest')).rejects.toMatchObject(refused);
    await expect(search.neighbours(asked, { timestamp: NOW, id: 1 })).rejects.toMatchObject(refused);
  });

  it('finds the latest, oldest and recommended of those that match', async () => {
    const at = (filter: Partial<EventFilter>) =>
      Promise.all(
        (['latest', 'oldest', 'recommended'] as const).map((name) => search.event({ issueId, ...filter }, name)),
      );
    const [first, second, third] = [await idOf(1), await idOf(2), await idOf(3)];
    expect(await at({})).toEqual([second, third, second]);
    expect(await at({ query: 'has:browser' })).toEqual([second, first, second]);
    expect(await at({ environments: ['prod'] })).toEqual([first, first, first]);
    expect(await at({ environments: ['prod', 'dev'], query: 'declined' })).toEqual([null, null, null]);
    expect(await at({ end: iso(NOW - DAY) })).toEqual([third, third, third]);
  });

  it('leads to the neighbours of those that match, also from one that does not', async () => {
    const from = async (number: number, filter: Partial<EventFilter>) => {
      const { id, timestamp } = await db
        .selectFrom('event')
        .select(['id', 'timestamp'])
        .where('eventId', '=', eventIdOf(number))
        .executeTakeFirstOrThrow();
      return search.neighbours({ issueId, ...filter }, { id, timestamp });
    };
    expect(await from(1, {})).toEqual({ nextEventID: eventIdOf(2), previousEventID: eventIdOf(3) });
    expect(await from(2, { query: '!browser:Firefox' })).toEqual({ nextEventID: null, previousEventID: eventIdOf(3) });
    expect(await from(1, { query: 'browser:Chrome' })).toEqual({ nextEventID: eventIdOf(2), previousEventID: null });
    expect(await from(3, { environments: ['prod'] })).toEqual({ nextEventID: eventIdOf(1), previousEventID: null });
  });
});

it('reads quotes, lists, operators and free text', () => {
  expect(parseSearchQuery('!a:"b c" n:>=5 k:[x, "y z",w*] free "two words" TypeError: http://x')).toEqual([
    { kind: 'filter', negated: true, key: 'a', operator: '=', values: [{ text: 'b c', isPattern: false }] },
    { kind: 'filter', negated: false, key: 'n', operator: '>=', values: [{ text: '5', isPattern: false }] },
    {
      kind: 'filter',
      negated: false,
      key: 'k',
      operator: '=',
      values: [
        { text: 'x', isPattern: false },
        { text: 'y z', isPattern: false },
        { text: 'w*', isPattern: true },
      ],
    },
    { kind: 'text', negated: false, text: 'free' },
    { kind: 'text', negated: false, text: 'two words' },
    { kind: 'text', negated: false, text: 'TypeError:' },
    { kind: 'text', negated: false, text: 'http://x' },
  ]);
});
