import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createSessions } from '../../../../server/auth/sessions.ts';
import { createUserStore } from '../../../../server/storage/users.ts';
import {
  ADDRESS,
  createHouse,
  createHouseWithFirst,
  DAY,
  type House,
  MINUTE,
  PASSWORD,
  SESSION_IDLE,
  SESSION_LIFE,
  signedIn,
} from './harness.ts';

const lastSeen = async ({ db }: House) =>
  (await db.selectFrom('session').select('lastSeen').executeTakeFirstOrThrow()).lastSeen;

describe('a session', () => {
  it('is over when it rests for the idle time', async () => {
    const { auth, pass } = await createHouse();
    const { cookie } = await signedIn(auth, 'ada');
    pass(SESSION_IDLE - 1);
    expect(await auth.fromSession(cookie)).not.toBeNull();
    pass(SESSION_IDLE);
    expect(await auth.fromSession(cookie)).toBeNull();
  });

  it('is over at the end of its life, however much it is used', async () => {
    const { auth, pass } = await createHouse();
    const { cookie } = await signedIn(auth, 'ada');
    for (let day = 1; day < SESSION_LIFE / DAY; day++) {
      pass(DAY);
      expect(await auth.fromSession(cookie)).not.toBeNull();
    }
    pass(DAY - 1);
    expect(await auth.fromSession(cookie)).not.toBeNull();
    pass(1);
    expect(await auth.fromSession(cookie)).toBeNull();
  });

  it('writes its use at most once a minute', async () => {
    const house = await createHouse();
    const { auth, pass, now } = house;
    const { cookie } = await signedIn(auth, 'ada');
    const start = now();
    pass(MINUTE - 1);
    await auth.fromSession(cookie);
    expect(await lastSeen(house)).toBe(start);
    pass(1);
    await auth.fromSession(cookie);
    expect(await lastSeen(house)).toBe(now());
  });

  it('that may rest only half a minute is kept by a use every twenty seconds', async () => {
    const { db, pass, now } = await createHouseWithFirst();
    const sessions = createSessions({ db, now, sessionIdleMs: 30_000, sessionLifeMs: DAY });
    const user = await createUserStore(db).byUsername('first');
    if (!user) throw new Error('The first user is missing.');
    const { cookie } = await sessions.start(user);
    for (let turn = 0; turn < 10; turn++) {
      pass(20_000);
      expect(await sessions.find(cookie)).not.toBeNull();
    }
    pass(30_000);
    expect(await sessions.find(cookie)).toBeNull();
  });

  it('still says who asks when its use cannot be written', async () => {
    const { auth, db, pass } = await createHouse();
    const { user, cookie } = await signedIn(auth, 'ada');
    const { token } = await auth.createToken(user.id, { name: 'CI', scopes: ['event:read'] });
    pass(MINUTE);
    await sql`PRAGMA query_only = ON`.execute(db);
    expect(await auth.fromSession(cookie)).toMatchObject({ user: { id: user.id } });
    expect(await auth.fromToken(token)).toMatchObject({ user: { id: user.id } });
    await sql`PRAGMA query_only = OFF`.execute(db);
  });
});

describe('signing out', () => {
  it('ends this session, or all of this user', async () => {
    const { auth } = await createHouse();
    const one = await signedIn(auth, 'ada');
    const foreign = await signedIn(auth, 'bob');
    const [two, three] = [await auth.startSession(one.user.id), await auth.startSession(one.user.id)];
    await auth.logOut(one.identity.sessionId ?? '');
    expect(await auth.fromSession(one.cookie)).toBeNull();
    expect(await auth.fromSession(two.cookie)).not.toBeNull();
    await auth.logOutEverywhere(one.user.id);
    expect(await auth.fromSession(two.cookie)).toBeNull();
    expect(await auth.fromSession(three.cookie)).toBeNull();
    expect(await auth.fromSession(foreign.cookie)).not.toBeNull();
  });
});

it('forgets the sessions that are over, and no other', async () => {
  const { auth, db, pass } = await createHouse();
  const { user, cookie } = await signedIn(auth, 'ada');
  const ids = async () => (await db.selectFrom('session').select('id').execute()).map(({ id }) => id);
  for (let day = 1; day < SESSION_LIFE / DAY; day++) {
    pass(DAY);
    await auth.fromSession(cookie);
  }
  const resting = await auth.startSession(user.id);
  await auth.deleteExpiredSessions();
  expect(await ids()).toHaveLength(2);
  pass(DAY);
  // The first has reached the end of its life.
  await auth.deleteExpiredSessions();
  expect(await ids()).toEqual([resting.identity.sessionId]);
  pass(DAY);
  const fresh = await auth.logIn({ username: 'ada', password: PASSWORD, address: ADDRESS });
  await auth.deleteExpiredSessions();
  expect(await ids()).toEqual([fresh.identity.sessionId]);
});
