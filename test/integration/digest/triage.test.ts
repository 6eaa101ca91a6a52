import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createActivityStore } from '../../../server/storage/activity.ts';
import { createIssueStore } from '../../../server/storage/issues.ts';
import type { IssueChange } from '../../../server/storage/triage.ts';
import { type DigestHarness, eventItem, NOW, newEventId, openDigest, PROJECT, wireEvent } from './harness.ts';

const MINUTE = 60_000;
const OPERATOR = { userId: null, userName: 'operator' };
let h: DigestHarness;
/** The clock of digest and of who triages. */
let now: number;
beforeEach(async () => {
  h = await openDigest();
  now = NOW;
  h.services.now = () => now;
});
afterEach(() => h.close());

/** An event of the one issue, received now. */
function accept(more: { release?: string; user?: string; name?: string } = {}): string {
  const { release, user, name = 'A' } = more;
  const event = wireEvent(name, { ...(release && { release }), ...(user && { user: { id: user } }) });
  const eventId = newEventId();
  const header = JSON.stringify({ event_id: eventId });
  h.acceptBytes(`${header}\n{"type":"event"}\n${JSON.stringify(event)}`, { eventId, receivedAt: now });
  return eventId;
}
async function digest(more: Parameters<typeof accept>[0] = {}): Promise<string> {
  now += MINUTE;
  const eventId = accept(more);
  await h.digest();
  return eventId;
}
async function change(asked: IssueChange) {
  const ids = (await h.issues()).map(({ id }) => id);
  await createIssueStore(h.db, { now: () => now }).update([PROJECT], ids, asked, OPERATOR);
}
async function issue() {
  const [found] = await h.issues();
  if (!found) throw new Error('There is no issue.');
  return found;
}
const state = async () => {
  const { status, substatus } = await issue();
  return [status, substatus];
};
const told = async () => createActivityStore(h.db).list((await issue()).id, 100);

const REGRESSED = ['unresolved', 'regressed'];
const RESOLVED = ['resolved', null];
const ONGOING = ['unresolved', 'ongoing'];
const ARCHIVED = ['ignored', 'archived_until_condition_met'];

describe('a resolved issue', () => {
  it('comes back with the next event, which its activity names', async () => {
    await digest({ release: 'r1' });
    await change({ status: 'resolved' });
    const eventId = await digest({ release: 'r1' });
    expect(await state()).toEqual(REGRESSED);
    expect(await issue()).toMatchObject({ statusDetails: '{}', timesSeen: 2 });
    expect(await told()).toMatchObject([
      {
        type: 'set_regression',
        userId: null,
        userName: null,
        data: { release: 'r1', eventID: eventId },
        dateCreated: now,
      },
      { type: 'set_resolved', userName: 'operator' },
    ]);
    await digest();
    expect(await told()).toHaveLength(2);
  });

  it('stays resolved by what had waited in the spool since before that', async () => {
    await digest();
    accept();
    now += MINUTE;
    await change({ status: 'resolved' });
    await h.digest();
    expect(await issue()).toMatchObject({ status: 'resolved', timesSeen: 2 });
    await digest();
    expect(await state()).toEqual(REGRESSED);
  });

  test.each<[string, IssueChange['statusDetails'], [string | undefined, unknown[]][]]>([
    [
      'in the release that it was last seen in',
      { inRelease: 'r2' },
      [
        ['r2', RESOLVED],
        ['r1', RESOLVED],
        [undefined, RESOLVED],
        ['r3', REGRESSED],
      ],
    ],
    [
      'in an older release',
      { inRelease: 'r1' },
      [
        ['r1', RESOLVED],
        ['r2', REGRESSED],
      ],
    ],
    [
      'in the newest release',
      { inRelease: 'latest' },
      [
        ['r2', RESOLVED],
        ['r0', REGRESSED],
      ],
    ],
    [
      'in the next release',
      { inNextRelease: true },
      [
        ['r2', RESOLVED],
        ['r1', RESOLVED],
        ['r0', REGRESSED],
      ],
    ],
  ])('%s comes back by a newer one alone', async (_, statusDetails, cases) => {
    for (const release of ['r1', 'r2']) await digest({ release });
    await change({ status: 'resolved', statusDetails });
    for (const [release, expected] of cases) {
      await digest({ ...(release && { release }) });
      expect([release, await state()]).toEqual([release, expected]);
    }
    const last = cases.at(-1)?.[0];
    expect((await told())[0]).toMatchObject({ type: 'set_regression', data: { release: last } });
  });

  it('in a version stays so by a fix of an older one', async () => {
    for (const release of ['shop@1.0.0', 'shop@2.0.0']) await digest({ release });
    await change({ status: 'resolved', statusDetails: { inNextRelease: true } });
    await digest({ release: 'shop@1.0.1' });
    expect(await state()).toEqual(RESOLVED);
    await digest({ release: 'shop@2.0.1-rc.1' });
    expect(await state()).toEqual(REGRESSED);
  });

  it('comes back by one event of a batch that is of a newer release', async () => {
    await digest({ release: 'r1' });
    await change({ status: 'resolved', statusDetails: { inRelease: 'r1' } });
    now += MINUTE;
    for (const release of ['r1', 'r2', 'r1', 'r3']) accept({ release });
    await h.digest();
    expect(await state()).toEqual(REGRESSED);
    expect((await told()).map(({ type, data }) => [type, data['release']])).toEqual([
      ['set_regression', 'r2'],
      ['set_resolved', undefined],
    ]);
  });
});

describe('an archived issue', () => {
  const archive = (statusDetails: IssueChange['statusDetails']) => change({ status: 'ignored', statusDetails });

  it('for ever stays so', async () => {
    await digest();
    await archive({});
    for (let index = 0; index < 3; index += 1) await digest({ release: `r${index}`, user: `u${index}` });
    expect(await state()).toEqual(['ignored', 'archived_forever']);
    expect(await told()).toHaveLength(1);
  });

  it('for a time comes back by the first event after it, as of when it was over', async () => {
    await digest();
    await archive({ ignoreDuration: 2.5 });
    const until = now + 2.5 * MINUTE;
    for (const expected of [ARCHIVED, ARCHIVED, ONGOING]) {
      await digest();
      expect(await state()).toEqual(expected);
    }
    expect(await issue()).toMatchObject({ statusDetails: '{}' });
    expect(await told()).toMatchObject([
      {
        type: 'set_unresolved',
        userId: null,
        userName: null,
        data: { statusDetails: { ignoreUntil: new Date(until).toISOString() } },
        dateCreated: until,
      },
      { type: 'set_ignored' },
    ]);
  });

  it('until so many events comes back by the last of them', async () => {
    for (let index = 0; index < 3; index += 1) await digest();
    await archive({ ignoreCount: 2 });
    await digest();
    expect(await state()).toEqual(ARCHIVED);
    await digest();
    expect(await state()).toEqual(ONGOING);
    const [entry] = await told();
    expect(entry).toMatchObject({
      type: 'set_unresolved',
      data: { statusDetails: { ignoreCount: 2 } },
      dateCreated: now,
    });
  });

  it('until so many users counts those alone that it has not had', async () => {
    for (const user of ['u1', 'u2']) await digest({ user });
    await archive({ ignoreUserCount: 3 });
    now += MINUTE;
    for (const user of ['u1', 'u2', 'u3', 'u3', "u'4"]) accept({ user });
    accept();
    await h.digest();
    expect(await state()).toEqual(ARCHIVED);
    await digest({ user: "u'4" });
    expect(await state()).toEqual(ARCHIVED);
    await digest({ user: 'u5' });
    expect(await state()).toEqual(ONGOING);
    expect(await issue()).toMatchObject({ userCount: 5 });
    expect((await told())[0]).toMatchObject({ data: { statusDetails: { ignoreUserCount: 3 } } });
  });

  it('until so many users comes back by one batch that has them', async () => {
    await digest({ user: 'u1' });
    await archive({ ignoreUserCount: 2 });
    now += MINUTE;
    for (const user of ['u1', 'u2', 'u3']) accept({ user });
    await h.digest();
    expect(await state()).toEqual(ONGOING);
  });

  it('leaves the others of a batch as they are', async () => {
    for (const name of ['A', 'B']) await digest({ name });
    const [a, b] = await h.issues();
    const store = createIssueStore(h.db, { now: () => now });
    await store.update([PROJECT], [a?.id ?? 0], { status: 'ignored', statusDetails: { ignoreCount: 1 } }, OPERATOR);
    await store.update([PROJECT], [b?.id ?? 0], { status: 'ignored', statusDetails: { ignoreCount: 2 } }, OPERATOR);
    now += MINUTE;
    for (const name of ['A', 'B', 'C']) accept({ name });
    await h.digest();
    expect((await h.issues()).map(({ status, substatus }) => [status, substatus])).toEqual([
      ONGOING,
      ARCHIVED,
      ['unresolved', 'new'],
    ]);
  });
});

describe('a new issue', () => {
  const unhandled = { exception: { values: [{ type: 'A', value: 'v', mechanism: { type: 'x', handled: false } }] } };
  test.each<[string, object, string]>([
    ['an error', { level: 'error' }, 'medium'],
    ['an event without a level', {}, 'medium'],
    ['a warning', { level: 'warning' }, 'medium'],
    ['an information', { level: 'info' }, 'low'],
    ['debugging', { level: 'debug' }, 'low'],
    ['a fatal error', { level: 'fatal' }, 'high'],
    ['an unhandled error', { level: 'error', ...unhandled }, 'high'],
    ['an unhandled warning', { level: 'warning', ...unhandled }, 'high'],
  ])('of %s has its priority, which no later event changes', async (_, event, priority) => {
    h.accept([eventItem(wireEvent('A', event))]);
    h.accept([eventItem(wireEvent('A', { level: 'fatal' }))]);
    await h.digest();
    expect((await h.issues())[0]).toMatchObject({ priority });
    h.accept([eventItem(wireEvent('A', event))]);
    await h.digest();
    expect((await h.issues())[0]).toMatchObject({ priority });
  });
});

it('asks no more of the database for many events than for one, and nothing more where no issue waits', async () => {
  let count = 0;
  h.services.db = h.db.withPlugin({
    transformQuery: ({ node }) => {
      count += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  const statements = async (events: number, asked: IssueChange) => {
    await digest({ release: 'r1', user: 'u1' });
    await change(asked);
    const before = count;
    now += MINUTE;
    for (let index = 0; index < events; index += 1) accept({ release: 'r1', user: `v${index}` });
    await h.digest();
    return count - before;
  };
  const plain = await statements(1, { status: 'unresolved' });
  expect(plain).toBeGreaterThan(5);
  expect(await statements(50, { status: 'ignored' })).toBe(plain);
  expect(await statements(50, { status: 'resolved', statusDetails: { inRelease: 'r1' } })).toBe(plain + 1);
  expect(await statements(50, { status: 'ignored', statusDetails: { ignoreUserCount: 1000 } })).toBe(plain + 1);
});
