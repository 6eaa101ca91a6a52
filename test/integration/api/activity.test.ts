import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { activitiesSchema, activitySchema } from '../../../server/protocol/contract.ts';
import { startApp, type TestApp } from './harness.ts';
import { addUser, signIn, tokenOf } from './people.ts';
import { DAY, HOUR, NOW, seedIssue } from './seed.ts';

const at = (time: number) => new Date(time).toISOString();
let app: TestApp;
let now: number;
let id: number;
let path: string;
beforeEach(async () => {
  now = NOW;
  app = await startApp({ now: () => now });
  id = await seedIssue(app.db, { lastSeen: NOW - HOUR });
  path = `/organizations/stackmend/issues/${id}/`;
});
afterEach(async () => {
  await app.close();
  expect(app.logged).toEqual([]);
});

async function told(as = {}) {
  const answer = await app.get(`${path}activities/`, as);
  expect(answer.status).toBe(200);
  return activitiesSchema.parse(answer.body).activity;
}
async function addNote(text: string, as = {}) {
  const answer = await app.ask('POST', `${path}notes/`, { text }, as);
  expect(answer).toMatchObject({ status: 201 });
  return activitySchema.parse(answer.body);
}

describe('the activity of an issue', () => {
  it('begins with when it was first seen, and in which release', async () => {
    const first = { id: '0', type: 'first_seen', user: null, dateCreated: at(NOW - HOUR - DAY) };
    expect(await told()).toEqual([{ ...first, data: {} }]);
    await app.db.updateTable('issue').set({ firstRelease: 'shop@1.0.0' }).execute();
    expect(await told()).toEqual([{ ...first, data: { release: 'shop@1.0.0' } }]);
  });

  it('has what was done and said, newest first, under both paths', async () => {
    await addNote('First.');
    await app.ask('PUT', path, { status: 'resolved', priority: 'high' });
    now += 1000;
    await addNote('Second.');
    const entries = await told();
    expect(entries.map(({ type, dateCreated }) => [type, dateCreated])).toEqual([
      ['note', at(NOW + 1000)],
      ['set_priority', at(NOW)],
      ['set_resolved', at(NOW)],
      ['note', at(NOW)],
      ['first_seen', at(NOW - HOUR - DAY)],
    ]);
    expect((await app.get(`/issues/${id}/activities/`)).body).toEqual({ activity: entries, next: null });
    expect((await app.get('/issues/999/activities/')).status).toBe(404);
  });

  /** Three of each millisecond: what a cursor must tell apart. */
  async function addNotes(count: number) {
    for (let index = 0; index < count; index += 1) {
      const note = { issueId: id, userId: null, userName: 'x', type: 'note', data: `{"text":"${index}"}` };
      const dateCreated = NOW + Math.floor(index / 3);
      await app.db
        .insertInto('activity')
        .values({ ...note, dateCreated })
        .execute();
    }
  }
  async function pages(): Promise<string[][]> {
    const found: string[][] = [];
    for (let cursor: string | null | undefined = ''; cursor !== null && cursor !== undefined; ) {
      const answer = await app.get(`${path}activities/${cursor && `?cursor=${cursor}`}`);
      expect(answer.status).toBe(200);
      const page: ReturnType<typeof activitiesSchema.parse> = activitiesSchema.parse(answer.body);
      found.push(page.activity.map(({ type, data }) => (type === 'note' ? String(data['text']) : type)));
      expect(answer.headers.get('link')).toContain(`rel="next"; results="${page.next !== null}"`);
      cursor = page.next;
    }
    return found;
  }

  it('comes in pages of a hundred, none of its entries twice, below the last that it was first seen', async () => {
    await addNotes(230);
    const found = await pages();
    expect(found.map(({ length }) => length)).toEqual([100, 100, 31]);
    expect(found.flat()).toEqual([...Array.from({ length: 230 }, (_, index) => String(229 - index)), 'first_seen']);
  });

  it('has one page where a hundred are all', async () => {
    await addNotes(100);
    expect((await pages()).map(({ length }) => length)).toEqual([101]);
  });

  it('tells on the page of its time that being archived is over, and on no other', async () => {
    await addNotes(150);
    const statusDetails = JSON.stringify({ ignoreUntil: at(NOW + 10) });
    const archived = { status: 'ignored', substatus: 'archived_until_condition_met', statusDetails } as const;
    await app.db.updateTable('issue').set(archived).execute();
    now = NOW + 1000;
    const found = await pages();
    expect(found.map((page) => page.filter((entry) => entry === 'set_unresolved').length)).toEqual([0, 1]);
    // Three notes are of its very time.
    expect(found[1]?.[(found[1]?.indexOf('set_unresolved') ?? 0) - 1]).toBe('30');
  });

  it.each(['x', '1', '1:2:3', '-1:2', '1:9999999999999999'])('refuses the cursor %s', async (cursor) => {
    expect((await app.get(`${path}activities/?cursor=${cursor}`)).status).toBe(400);
  });

  it('is of this issue alone, and goes with it', async () => {
    const other = await seedIssue(app.db);
    await addNote('Here.');
    const { activity } = activitiesSchema.parse((await app.get(`/issues/${other}/activities/`)).body);
    expect(activity.map(({ type }) => type)).toEqual(['first_seen']);
    expect((await app.ask('DELETE', path)).status).toBe(204);
    expect(await app.db.selectFrom('activity').selectAll().execute()).toEqual([]);
  });

  it('names the server where nobody did it, and people by what they were called then', async () => {
    const userId = await addUser(app, 'ann');
    const { as } = await signIn(app, 'ann');
    await addNote('By ann.', as);
    await app.auth.updateUser(userId, { name: 'Ann Lee' });
    await addNote('By Ann Lee, by a token.', await tokenOf(app, userId, ['event:write']));
    const rows = [
      { userId: null, userName: null, type: 'set_regression' },
      { userId: null, userName: 'operator', type: 'set_resolved' },
    ];
    for (const row of rows) {
      await app.db
        .insertInto('activity')
        .values({ ...row, issueId: id, data: '{}', dateCreated: NOW })
        .execute();
    }
    expect((await told(as)).map(({ user }) => user)).toEqual([
      { type: 'user', id: 'operator', name: 'operator' },
      null,
      { type: 'user', id: '1', name: 'Ann Lee' },
      { type: 'user', id: '1', name: 'ann' },
      null,
    ]);
  });
});

describe('a note', () => {
  it('keeps its text as it was written, whatever that is', async () => {
    for (const text of [
      '    code',
      '<script>alert(1)</script>',
      '{"__proto__":1}',
      'x'.repeat(4096),
      '\u{1F980}\n\n- a',
    ]) {
      const note = await addNote(text);
      expect(note).toMatchObject({ type: 'note', user: { id: 'local', name: 'Local user' }, data: { text } });
      expect((await told())[0]).toEqual(note);
    }
  });

  it('is changed, which is said, and deleted', async () => {
    const note = await addNote('Before.');
    now += HOUR;
    const changed = await app.ask('PUT', `${path}notes/${note.id}/`, { text: 'After.' });
    expect(changed.status).toBe(200);
    expect(activitySchema.parse(changed.body)).toEqual({
      ...note,
      data: { text: 'After.', dateEdited: at(NOW + HOUR) },
    });
    expect(await told()).toMatchObject([{ data: { text: 'After.' } }, { type: 'first_seen' }]);
    expect((await app.ask('DELETE', `${path}notes/${note.id}/`)).status).toBe(204);
    expect((await app.ask('DELETE', `${path}notes/${note.id}/`)).status).toBe(404);
    expect(await told()).toMatchObject([{ type: 'first_seen' }]);
  });

  test.each([
    {},
    { text: '' },
    { text: ' \n\t ' },
    { text: 'x'.repeat(4097) },
    { text: 1 },
    { text: 'a', as: 'bob' },
    [],
  ])('is refused: %#', async (body) => {
    expect((await app.ask('POST', `${path}notes/`, body)).status).toBe(400);
    const note = await addNote('Kept.');
    expect((await app.ask('PUT', `${path}notes/${note.id}/`, body)).status).toBe(400);
    expect(await told()).toMatchObject([{ data: { text: 'Kept.' } }, { type: 'first_seen' }]);
  });

  it('is its author’s: others need event:admin, and are named', async () => {
    await addUser(app, 'admin');
    await addUser(app, 'ann', ['event:write']);
    await addUser(app, 'bob', ['event:write']);
    const [admin, ann, bob] = [await signIn(app, 'admin'), await signIn(app, 'ann'), await signIn(app, 'bob')];
    const note = await addNote('By ann.', ann.as);
    const address = `${path}notes/${note.id}/`;
    for (const method of ['PUT', 'DELETE']) {
      expect(await app.ask(method, address, { text: 'By bob.' }, bob.as)).toMatchObject({
        status: 403,
        body: { permission: 'event:admin', detail: expect.stringMatching(/Somebody else wrote this note/) },
      });
    }
    expect((await app.ask('PUT', address, { text: 'By admin.' }, admin.as)).body).toMatchObject({
      user: { name: 'ann' },
      data: { text: 'By admin.', editedBy: { type: 'user', id: '1', name: 'admin' } },
    });
    const again = await app.ask('PUT', address, { text: 'By ann again.' }, ann.as);
    expect(activitySchema.parse(again.body).data).toEqual({ text: 'By ann again.', dateEdited: at(NOW) });
    expect((await app.ask('DELETE', address, undefined, admin.as)).status).toBe(204);
  });

  it('is all that can be changed so', async () => {
    await app.ask('PUT', path, { status: 'resolved' });
    const [resolved] = await told();
    for (const method of ['PUT', 'DELETE']) {
      expect((await app.ask(method, `${path}notes/${resolved?.id}/`, { text: 'x' })).status).toBe(404);
      expect((await app.ask(method, `${path}notes/0/`, { text: 'x' })).status).toBe(404);
    }
    expect(await told()).toHaveLength(2);
  });
});
