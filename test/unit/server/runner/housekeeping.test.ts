import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deleteExpiredDeadLetters, startHousekeeping } from '../../../../server/runner/housekeeping.ts';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';
import type { Database } from '../../../../server/storage/tables.ts';

describe('housekeeping', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('does each chore at once and every hour, also when another one fails', async () => {
    const failures: string[] = [];
    const done: string[] = [];
    const chores = [
      { name: 'one that fails', run: async () => Promise.reject(new Error('no disk')) },
      { name: 'another', run: async () => void done.push('another') },
    ];
    const housekeeping = startHousekeeping(chores, (message) => failures.push(message));
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2 * 60 * 60_000);
    expect(done).toHaveLength(3);
    expect(failures).toEqual(Array(3).fill('Housekeeping failed: one that fails'));
    await housekeeping.close();
    await vi.advanceTimersByTimeAsync(2 * 60 * 60_000);
    expect(done).toHaveLength(3);
  });
});

describe('dead letters', () => {
  let directory: string;
  let db: Database;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'stackmend-letters-'));
    db = openDatabase(join(directory, 'stackmend.db'));
    await migrate(db);
  });
  afterEach(async () => {
    await db.destroy();
    rmSync(directory, { recursive: true, force: true });
  });

  it('go when they failed before the given time', async () => {
    for (const dateFailed of [1000, 1999, 2000]) {
      await db
        .insertInto('deadLetter')
        .values({ projectId: 2, eventId: null, receivedAt: 5, dateFailed, reason: 'no JSON', body: Buffer.from('{') })
        .execute();
    }
    expect(await deleteExpiredDeadLetters(db, 2000)).toBe(2);
    expect(await db.selectFrom('deadLetter').select('dateFailed').execute()).toEqual([{ dateFailed: 2000 }]);
  });
});
