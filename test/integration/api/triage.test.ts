import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import {
  type Activity,
  activitiesSchema,
  actorsSchema,
  issueSchema,
  issuesSchema,
} from '../../../server/protocol/contract.ts';
import { startApp, type TestApp } from './harness.ts';
import { addUser, signIn } from './people.ts';
import { HOUR, NOW, seedIssue } from './seed.ts';

const LIST = '/organizations/stackmend/issues/';
const MINUTE = 60_000;
const at = (time: number) => new Date(time).toISOString();
const LOCAL = { type: 'user', id: 'local', name: 'Local user' };

let app: TestApp;
/** Stands still; a test moves it. */
let now: number;
beforeEach(async () => {
  now = NOW;
  app = await startApp({ now: () => now });
});
afterEach(async () => {
  await app.close();
  expect(app.logged).toEqual([]);
});

const put = (id: number, body: unknown, as = {}) => app.ask('PUT', `${LIST}${id}/`, body, as);
const read = async (id: number, as = {}) => issueSchema.parse((await app.get(`${LIST}${id}/`, as)).body);
async function told(id: number, as = {}): Promise<Activity[]> {
  return activitiesSchema.parse((await app.get(`${LIST}${id}/activities/`, as)).body).activity;
}
const types = async (id: number) => (await told(id)).map(({ type }) => type);
async function addRelease(version: string, dateCreated: number, projectId = 2) {
  await app.db.insertInto('release').values({ projectId, version, commitSha: null, dateCreated }).execute();
}

describe('a status', () => {
  beforeEach(async () => {
    await addRelease('shop@1.0.0', 1);
    await addRelease('shop@1.1.0', 2);
  });

  test.each<[string, object, object, object]>([
    ['resolved', { status: 'resolved' }, { status: 'resolved', substatus: null }, {}],
    ['resolved, with no details', { status: 'resolved', statusDetails: {} }, { status: 'resolved' }, {}],
    [
      'resolved in a release',
      { status: 'resolved', statusDetails: { inRelease: 'shop@1.0.0' } },
      { status: 'resolved', substatus: null },
      { inRelease: 'shop@1.0.0' },
    ],
    [
      'resolved in the newest one',
      { status: 'resolved', statusDetails: { inRelease: 'latest' } },
      { status: 'resolved' },
      { inRelease: 'shop@1.1.0' },
    ],
    [
      'resolved in the next one',
      { status: 'resolved', statusDetails: { inNextRelease: true } },
      { status: 'resolved' },
      { inNextRelease: true },
    ],
    ['resolved, not in the next one', { status: 'resolved', statusDetails: { inNextRelease: false } }, {}, {}],
    ['archived for ever', { status: 'ignored' }, { status: 'ignored', substatus: 'archived_forever' }, {}],
    [
      'archived for a time',
      { status: 'ignored', statusDetails: { ignoreDuration: 90.5 } },
      { status: 'ignored', substatus: 'archived_until_condition_met' },
      { ignoreUntil: at(NOW + 90.5 * MINUTE) },
    ],
    [
      'archived until events',
      { status: 'ignored', statusDetails: { ignoreCount: 10 } },
      { status: 'ignored', substatus: 'archived_until_condition_met' },
      { ignoreCount: 10 },
    ],
    [
      'archived until users, or a time',
      { status: 'ignored', statusDetails: { ignoreUserCount: 3, ignoreDuration: 1 } },
      { status: 'ignored', substatus: 'archived_until_condition_met' },
      { ignoreUserCount: 3, ignoreUntil: at(NOW + MINUTE) },
    ],
  ])('is %s, and says who did it', async (_, body, expected, condition) => {
    const id = await seedIssue(app.db, { substatus: 'regressed' });
    const answer = await put(id, body);
    expect(answer.status).toBe(200);
    expect(issueSchema.parse(answer.body)).toMatchObject(expected);
    expect(await read(id)).toMatchObject({ ...expected, statusDetails: { ...condition, actor: LOCAL } });
    expect((await told(id))[0]).toEqual({
      id: expect.any(String),
      type: `set_${(await read(id)).status}`,
      user: LOCAL,
      dateCreated: at(NOW),
      data: { statusDetails: condition },
    });
    const [listed] = issuesSchema.parse((await app.get(`${LIST}?query=`)).body);
    expect(listed).toMatchObject({ ...expected, statusDetails: { ...condition, actor: LOCAL } });
  });

  it('loses its details with the next one', async () => {
    const id = await seedIssue(app.db);
    await put(id, { status: 'ignored', statusDetails: { ignoreCount: 10 } });
    expect((await put(id, { status: 'unresolved' })).body).toMatchObject({ substatus: 'ongoing', statusDetails: {} });
    expect((await read(id)).statusDetails).toEqual({});
    expect(await types(id)).toEqual(['set_unresolved', 'set_ignored', 'first_seen']);
  });

  test.each<[object, RegExp]>([
    [{ status: 'resolved', statusDetails: { ignoreCount: 5 } }, /ignoreCount belongs to the status "ignored"/],
    [{ status: 'ignored', statusDetails: { inNextRelease: true } }, /inNextRelease belongs to the status "resolved"/],
    [{ status: 'unresolved', statusDetails: { ignoreDuration: 5 } }, /ignoreDuration belongs/],
    [{ statusDetails: { inRelease: 'latest' } }, /inRelease belongs/],
    [{ status: 'resolved', statusDetails: { inRelease: 'latest', inNextRelease: true } }, /not both/],
    [{ status: 'resolved', statusDetails: { inRelease: 'shop@9.9.9' } }, /"default" has no release "shop@9\.9\.9"/],
    [{ status: 'resolved', statusDetails: { inRelease: '' } }, /inRelease/],
    [{ status: 'resolved', statusDetails: { inCommit: 'abc' } }, /inCommit/],
    [{ status: 'ignored', statusDetails: { ignoreCount: 0 } }, /ignoreCount/],
    [{ status: 'ignored', statusDetails: { ignoreCount: 1.5 } }, /ignoreCount/],
    [{ status: 'ignored', statusDetails: { ignoreUserCount: -1 } }, /ignoreUserCount/],
    [{ status: 'ignored', statusDetails: { ignoreDuration: 0 } }, /ignoreDuration/],
    [{ status: 'ignored', statusDetails: { ignoreDuration: 1e300 } }, /ignoreDuration/],
    [{ status: 'ignored', statusDetails: { ignoreWindow: 60, ignoreCount: 5 } }, /ignoreWindow/],
  ])('is refused: %j', async (body, detail) => {
    const id = await seedIssue(app.db);
    expect(await put(id, body)).toMatchObject({ status: 400, body: { detail: expect.stringMatching(detail) } });
    expect(await read(id)).toMatchObject({ status: 'unresolved', statusDetails: {} });
    expect(await types(id)).toEqual(['first_seen']);
  });

  it('is refused in a release where none is known, and says so', async () => {
    const id = await seedIssue(app.db, { projectId: 1 });
    for (const statusDetails of [{ inNextRelease: true }, { inRelease: 'latest' }]) {
      expect(await put(id, { status: 'resolved', statusDetails })).toMatchObject({
        status: 400,
        body: { detail: expect.stringMatching(/"internal" has no release yet/) },
      });
    }
  });
});

describe('what changes nothing', () => {
  it('leaves no activity', async () => {
    await addRelease('r1', 1);
    await addUser(app, 'ann');
    const { as } = await signIn(app, 'ann');
    const id = await seedIssue(app.db, { substatus: 'new' });
    for (const same of [
      { status: 'unresolved' },
      { priority: 'medium' },
      { assignedTo: '' },
      { assignedTo: null },
      {},
    ]) {
      expect((await put(id, same, as)).status).toBe(200);
    }
    expect(await read(id, as)).toMatchObject({ status: 'unresolved', substatus: 'new' });
    for (const once of [
      { status: 'resolved' },
      { status: 'resolved', statusDetails: { inRelease: 'r1' } },
      { status: 'resolved', statusDetails: { inNextRelease: true } },
      { status: 'ignored' },
      { status: 'ignored', statusDetails: { ignoreCount: 3 } },
      { status: 'ignored', statusDetails: { ignoreUserCount: 3, ignoreDuration: 5 } },
      { priority: 'low' },
      { assignedTo: 'user:1' },
      { status: 'unresolved' },
    ]) {
      const before = (await told(id, as)).length;
      await put(id, once, as);
      await put(id, once, as);
      expect([once, (await told(id, as)).length - before]).toEqual([once, 1]);
    }
    const before = await told(id, as);
    expect((await put(id, { isBookmarked: true }, as)).body).toMatchObject({ isBookmarked: true });
    expect(await told(id, as)).toEqual(before);
  });

  it('is not to wait for as many events once more', async () => {
    const id = await seedIssue(app.db, { timesSeen: 7 });
    const body = { status: 'ignored', statusDetails: { ignoreCount: 3 } };
    await put(id, body);
    await app.db.updateTable('issue').set({ timesSeen: 8 }).execute();
    await put(id, body);
    expect(await types(id)).toEqual(['set_ignored', 'set_ignored', 'first_seen']);
    const { statusDetails } = await app.db.selectFrom('issue').select('statusDetails').executeTakeFirstOrThrow();
    expect(JSON.parse(statusDetails)).toMatchObject({ ignoreCount: 3, timesSeen: 8 });
  });
});

describe('an issue that was archived for an hour', () => {
  const archive = { status: 'ignored', statusDetails: { ignoreDuration: 60 } };
  const overAt = NOW - HOUR / 2;
  const over = {
    type: 'set_unresolved',
    user: null,
    dateCreated: at(overAt),
    data: { statusDetails: { ignoreUntil: at(overAt) } },
  };
  let id: number;
  beforeEach(async () => {
    now = NOW - 1.5 * HOUR;
    id = await seedIssue(app.db);
    await put(id, archive);
    expect(await read(id)).toMatchObject({ status: 'ignored' });
    now = overAt - 1;
    expect(await read(id)).toMatchObject({ status: 'ignored', substatus: 'archived_until_condition_met' });
    now = NOW;
  });

  it('reads as unresolved when that is over, everywhere', async () => {
    const expected = { status: 'unresolved', substatus: 'ongoing', statusDetails: {} };
    expect(await read(id)).toMatchObject(expected);
    expect((await app.get('/organizations/stackmend/shortids/DEFAULT-1/')).body).toMatchObject({ group: expected });
    expect(await told(id)).toMatchObject([over, { type: 'set_ignored' }, { type: 'first_seen' }]);
    expect((await app.get(LIST)).body).toMatchObject([expected]);
    expect(await told(id)).toMatchObject([over, { type: 'set_ignored' }, { type: 'first_seen' }]);
  });

  test.each<[string, string[]]>([
    ['is:unresolved', ['no longer', 'other']],
    ['is:archived', ['for a while', 'for events']],
    ['!is:archived', ['no longer', 'other']],
    ['!is:unresolved', ['for a while', 'for events']],
    ['is:ongoing', ['no longer']],
  ])('is found by what it is now, beside others: %s', async (query, expected) => {
    await app.db.updateTable('issue').set({ title: 'no longer' }).execute();
    await put(await seedIssue(app.db, { title: 'for a while' }), archive);
    const forEvents = { status: 'ignored', statusDetails: { ignoreCount: 5 } };
    await put(await seedIssue(app.db, { title: 'for events' }), forEvents);
    await seedIssue(app.db, { title: 'other' });
    const found = issuesSchema.parse((await app.get(`${LIST}?query=${query}`)).body);
    expect(found.map(({ title }) => title).toSorted()).toEqual(expected);
  });

  it('has that written down by the next change, as of then', async () => {
    await app.ask('POST', `${LIST}${id}/notes/`, { text: 'It is back.' });
    expect(await types(id)).toEqual(['note', 'set_unresolved', 'set_ignored', 'first_seen']);
    await put(id, { priority: 'high' });
    expect(await told(id)).toMatchObject([
      { type: 'set_priority' },
      { type: 'note' },
      over,
      { type: 'set_ignored' },
      { type: 'first_seen' },
    ]);
    expect(await app.db.selectFrom('issue').select(['status', 'statusDetails']).execute()).toEqual([
      { status: 'unresolved', statusDetails: '{}' },
    ]);
    await put(id, { status: 'unresolved' });
    expect(await told(id)).toHaveLength(5);
  });

  it('can be archived anew', async () => {
    await put(id, archive);
    expect(await read(id)).toMatchObject({ status: 'ignored', statusDetails: { ignoreUntil: at(NOW + HOUR) } });
    expect(await types(id)).toEqual(['set_ignored', 'set_unresolved', 'set_ignored', 'first_seen']);
  });
});

describe('an assignee', () => {
  const ANN = { type: 'user', id: '1', name: 'Ann Lee', email: 'ann@example.com' };
  const BOB = { type: 'user', id: '2', name: 'bob', email: null };
  let as: Record<string, string>;
  beforeEach(async () => {
    await app.auth.createUser({
      username: 'ann',
      name: 'Ann Lee',
      email: 'ann@example.com',
      password: 'correct horse battery',
    });
    await addUser(app, 'bob');
    await addUser(app, 'carl');
    await app.auth.setActive(3, false);
    ({ as } = await signIn(app, 'ann'));
  });

  it('is set, changed and taken away, with who did it', async () => {
    const id = await seedIssue(app.db);
    expect((await put(id, { assignedTo: 'user:1' }, as)).body).toMatchObject({ assignedTo: ANN });
    expect((await put(id, { assignedTo: 'user:2' }, as)).body).toMatchObject({ assignedTo: BOB });
    expect((await app.get(LIST, as)).body).toMatchObject([{ assignedTo: BOB }]);
    expect((await put(id, { assignedTo: '' }, as)).body).toMatchObject({ assignedTo: null });
    const who = { type: 'user', id: '1', name: 'Ann Lee' };
    const bob = { type: 'user', id: '2', name: 'bob' };
    expect(await told(id, as)).toMatchObject([
      { type: 'unassigned', user: who, data: { assignee: bob } },
      { type: 'assigned', user: who, data: { assignee: bob } },
      { type: 'assigned', user: who, data: { assignee: who } },
      { type: 'first_seen' },
    ]);
  });

  it('is found by the list, also as whoever asks', async () => {
    const mine = await seedIssue(app.db, { title: 'mine' });
    await seedIssue(app.db, { title: 'nobody’s' });
    await put(mine, { assignedTo: 'user:1' }, as);
    expect((await app.get(`${LIST}?query=assigned:me`, as)).body).toMatchObject([{ title: 'mine' }]);
    const bob = await signIn(app, 'bob');
    expect((await app.get(`${LIST}?query=assigned:me`, bob.as)).body).toEqual([]);
    expect((await app.get(`${LIST}?query=assigned:none`, bob.as)).body).toMatchObject([{ title: 'nobody’s' }]);
  });

  it.each(['ann', 'me', 'user:', 'user:ann', 'user:1 ', 'team:1', '1', 'user:99', 'user:3'])(
    'cannot be "%s"',
    async (assignedTo) => {
      const id = await seedIssue(app.db);
      expect(await put(id, { assignedTo }, as)).toMatchObject({
        status: 400,
        body: { detail: expect.stringMatching(/^assignedTo: (write "user:<id>"|there is no active user)/) },
      });
      expect(await told(id, as)).toHaveLength(1);
    },
  );

  it('may be disabled later, and stays', async () => {
    const id = await seedIssue(app.db);
    await put(id, { assignedTo: 'user:2' }, as);
    await app.auth.setActive(2, false);
    expect(await read(id, as)).toMatchObject({ assignedTo: BOB });
    expect((await put(id, { priority: 'low' }, as)).status).toBe(200);
    const actors = actorsSchema.parse((await app.get('/organizations/stackmend/users/', as)).body);
    expect(actors).toEqual([{ ...ANN, username: 'ann' }]);
  });
});

it('lists nobody to assign to where there are no users', async () => {
  expect(await app.get('/organizations/stackmend/users/')).toMatchObject({ status: 200, body: [] });
  expect((await app.get('/organizations/other/users/')).status).toBe(404);
});

it('sets a priority, and refuses what is none', async () => {
  const id = await seedIssue(app.db);
  expect(await read(id)).toMatchObject({ priority: 'medium', assignedTo: null });
  expect((await put(id, { priority: 'high' })).body).toMatchObject({ priority: 'high' });
  expect((await told(id))[0]).toMatchObject({ type: 'set_priority', user: LOCAL, data: { priority: 'high' } });
  for (const priority of ['urgent', '', null, 1]) expect((await put(id, { priority })).status).toBe(400);
  expect((await app.get(`${LIST}?query=priority:high`)).body).toHaveLength(1);
});

describe('several issues', () => {
  it('are changed at once, each with its own activity, and answer with the change', async () => {
    await addRelease('r1', 1);
    const ids = [await seedIssue(app.db), await seedIssue(app.db)];
    const path = `${LIST}?${ids.map((id) => `id=${id}`).join('&')}`;
    const body = { status: 'resolved', statusDetails: { inRelease: 'latest' }, priority: 'low' };
    expect(await app.ask('PUT', path, body)).toMatchObject({
      status: 200,
      body: { ...body, statusDetails: { inRelease: 'r1' } },
    });
    for (const id of ids) {
      expect(await read(id)).toMatchObject({ status: 'resolved', priority: 'low', statusDetails: { inRelease: 'r1' } });
      expect((await types(id)).toSorted()).toEqual(['first_seen', 'set_priority', 'set_resolved']);
    }
    expect((await app.ask('PUT', path, { assignedTo: null, isBookmarked: true })).body).toEqual({
      assignedTo: null,
      isBookmarked: true,
    });
  });

  it('are left as they are, all of them, when one of them cannot be changed', async () => {
    await addRelease('r1', 1);
    const ids = [await seedIssue(app.db), await seedIssue(app.db, { projectId: 1 })];
    const path = `${LIST}?${ids.map((id) => `id=${id}`).join('&')}`;
    const body = { status: 'resolved', statusDetails: { inNextRelease: true } };
    expect((await app.ask('PUT', path, body)).status).toBe(400);
    for (const id of ids) expect(await read(id)).toMatchObject({ status: 'unresolved' });
  });
});

it('keeps activity and issue in step when two people change it at once', async () => {
  await addUser(app, 'ann');
  await addUser(app, 'bob');
  const people = [await signIn(app, 'ann'), await signIn(app, 'bob')];
  const id = await seedIssue(app.db);
  const changes = [
    { status: 'resolved' },
    { status: 'unresolved' },
    { status: 'ignored', statusDetails: { ignoreCount: 5 } },
    { priority: 'high' },
    { priority: 'low' },
    { assignedTo: 'user:1' },
    { assignedTo: 'user:2' },
    { assignedTo: null },
  ];
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, index) => put(id, changes[(index * 5) % changes.length], people[index % 2]?.as)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));

  const as = people[0]?.as;
  const issue = await read(id, as);
  const entries = (await told(id, as)).toReversed();
  const state = { status: 'unresolved', priority: 'medium', assignee: null as unknown };
  for (const { type, data } of entries) {
    const before = { ...state };
    if (type === 'first_seen') continue;
    if (type === 'set_priority') state.priority = String(data.priority);
    else if (type === 'assigned') state.assignee = data.assignee;
    else if (type === 'unassigned') {
      expect(data.assignee).toEqual(state.assignee);
      state.assignee = null;
    } else state.status = type.replace('set_', '');
    expect(state, `${type} changes something`).not.toEqual(before);
  }
  expect(state).toEqual({
    status: issue.status,
    priority: issue.priority,
    assignee: issue.assignedTo ? expect.objectContaining({ id: issue.assignedTo.id }) : null,
  });
  expect(new Set(entries.flatMap(({ user }) => user?.name ?? []))).toEqual(new Set(['ann', 'bob']));
});
