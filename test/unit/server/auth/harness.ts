import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Auth, createAuth, type NewUser } from '../../../../server/auth/auth.ts';
import { migrate } from '../../../../server/storage/database.ts';
import { openDatabaseInThread } from '../../../../server/storage/database-in-thread.ts';
import type { Database } from '../../../../server/storage/tables.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const SESSION_IDLE = 2 * DAY;
export const SESSION_LIFE = 14 * DAY;

export const PASSWORD = 'correct horse battery';
export const ADDRESS = '192.0.2.1';

export type House = {
  auth: Auth;
  db: Database;
  /** Moves the clock. */
  pass(ms: number): void;
  now(): number;
  /** Another server or command on the same file, with the same clock. */
  another(): Auth;
};

/** Auth on a SQLite file of its own in a thread of its own, with a clock that stands still; gone after the test. */
export async function createHouse(): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'stackmend-'));
  const open: Database[] = [];
  onTestFinished(async () => {
    for (const db of open) await db.destroy();
    rmSync(folder, { recursive: true });
  });
  const openFile = () => {
    const db = openDatabaseInThread(join(folder, 'stackmend.db'));
    open.push(db);
    return db;
  };

  let time = Date.UTC(2026, 5, 2, 10, 30);
  const now = () => time;
  const times = { now, sessionIdleMs: SESSION_IDLE, sessionLifeMs: SESSION_LIFE };
  const db = openFile();
  await migrate(db);
  return {
    auth: createAuth({ db, ...times }),
    db,
    now,
    pass: (ms) => {
      time += ms;
    },
    another: () => createAuth({ db: openFile(), ...times }),
  };
}

/** Makes a user with `PASSWORD`, and signs in. */
export async function signedIn(auth: Auth, username: string, more: Partial<NewUser> = {}) {
  const { user } = await auth.createUser({ username, password: PASSWORD, ...more });
  return auth.logIn({ username: user.username, password: PASSWORD, address: ADDRESS });
}

/** A house whose first user, `first`, has all permissions. */
export async function createHouseWithFirst() {
  const house = await createHouse();
  const { user: first } = await house.auth.createUser({ username: 'first', password: PASSWORD });
  return { ...house, first };
}
