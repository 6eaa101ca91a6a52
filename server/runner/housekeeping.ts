import type { Database } from '../storage/tables.ts';

/** Looked at this often: what expires does so within an hour of its time. */
const INTERVAL_MS = 60 * 60_000;

/** One thing that expires, by its name in the log. */
export type Chore = { name: string; run: () => Promise<unknown> };

/**
 * Does each chore now, and again every hour. A chore that fails is told to `onError` and tried again the next time; it
 * keeps no other from being done.
 */
export function startHousekeeping(
  chores: readonly Chore[],
  onError: (message: string, error: unknown) => void,
): { close: () => Promise<void> } {
  let running = doAll();
  const timer = setInterval(() => {
    running = running.then(doAll);
  }, INTERVAL_MS);
  timer.unref();

  async function doAll(): Promise<void> {
    for (const { name, run } of chores) {
      await run().catch((error: unknown) => onError(`Housekeeping failed: ${name}`, error));
    }
  }

  return {
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

/** A dead letter holds a whole event, unscrubbed, since it could not be read: it is kept no longer than it is of use. */
export async function deleteExpiredDeadLetters(db: Database, before: number): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('deadLetter').where('dateFailed', '<', before).executeTakeFirst();
  return Number(numDeletedRows);
}
