import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { createSqlSearch, type Search } from '../../../../server/backends/search.ts';
import type { Database } from '../../../../server/storage/tables.ts';
import { NOW, type SeedIssue, seedIssue, temporaryDatabase } from '../../../integration/api/seed.ts';

let db: Database;
let close: () => Promise<void>;
let search: Search;
let ann: number;
const names = new Map<number, string>();

beforeAll(async () => {
  ({ db, close } = await temporaryDatabase());
  search = createSqlSearch(db, { now: () => NOW });
  ann = await addUser('ann', 'ann@example.com');
  const bob = await addUser('bob', null);
  await add('new', { substatus: 'new' }, { priority: 'high', assigneeId: ann });
  await add('resolved', { status: 'resolved' }, { priority: 'low', assigneeId: bob });
  await add('for ever', { status: 'ignored', substatus: 'archived_forever' }, {});
  await db
    .updateTable('issue')
    .set({ firstRelease: 'shop@1.0.0' })
    .where('id', '=', [...names.keys()][0] ?? 0)
    .execute();
});
afterAll(() => close());

async function addUser(username: string, email: string | null): Promise<number> {
  const row = { username, email, passwordHash: 'none', dateCreated: 0 };
  return (await db.insertInto('user').values(row).returning('id').executeTakeFirstOrThrow()).id;
}
async function add(name: string, issue: SeedIssue, change: object): Promise<void> {
  const id = await seedIssue(db, { title: name, lastSeen: NOW - names.size, ...issue });
  await db
    .updateTable('issue')
    .set({ priority: 'medium', ...change })
    .where('id', '=', id)
    .execute();
  names.set(id, name);
}
const find = async (query: string, userId: number | null = null) =>
  (await search.issues({ projectIds: [2], query, limit: 10, userId })).items.map((id) => names.get(id));

test.each<[string, string[]]>([
  ['priority:high', ['new']],
  ['issue.priority:[high, low]', ['new', 'resolved']],
  ['!priority:medium', ['new', 'resolved']],
  ['assigned:ann', ['new']],
  ['assigned:ANN@example.com', ['new']],
  ['assigned:"bob"', ['resolved']],
  ['assigned:[me, bob]', ['new', 'resolved']],
  ['assigned:me', ['new']],
  ['assigned:nobody-of-this-name', []],
  ['assigned:none is:resolved', []],
  ['is:assigned', ['new', 'resolved']],
  ['assigned:none', ['for ever']],
  ['is:unassigned', ['for ever']],
  ['!assigned:me', ['resolved', 'for ever']],
  ['first-release:shop@1.0.0', ['new']],
  ['firstRelease:shop@*', ['new']],
])('finds issues: %s', async (query, expected) => expect(await find(query, ann)).toEqual(expected));

it('says what it does not understand', async () => {
  await expect(find('priority:urgent')).rejects.toMatchObject({
    status: 400,
    message: 'priority:urgent is unknown. Use one of: high, medium, low.',
  });
  await expect(find('assigned:me')).rejects.toMatchObject({
    status: 400,
    message: expect.stringMatching(/^assigned:me is for users/),
  });
  await expect(find('priority:__proto__')).rejects.toMatchObject({ status: 400 });
});
