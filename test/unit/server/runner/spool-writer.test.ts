import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createSpoolWriter } from '../../../../server/runner/spool-writer.ts';

it('makes no new spool where one was moved away, and goes on when it is back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spool-'));
  const file = join(folder, 'spool.db');
  const errors: string[] = [];
  const writer = createSpoolWriter({ file, onError: ({ message }) => errors.push(message) });
  const append = () => {
    const body = Buffer.from('{}');
    return writer.append({ projectId: 2, eventId: null, receivedAt: 0, remoteAddress: null, client: null, body });
  };
  await append();

  // Moved away, and of no use to the thread, which dies.
  const other = new SQLite(file);
  other.exec('ALTER TABLE spool RENAME TO elsewhere');
  renameSync(file, `${file}.away`);
  await expect(append()).rejects.toMatchObject({ status: 503 });
  await expect.poll(() => errors.join(), { timeout: 5_000 }).toContain('unable to open database file');
  await expect(append()).rejects.toMatchObject({ status: 503 });
  expect(existsSync(file)).toBe(false);

  other.exec('ALTER TABLE elsewhere RENAME TO spool');
  other.close();
  renameSync(`${file}.away`, file);
  await expect
    .poll(
      () =>
        append().then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true);
  expect(writer.depth().rows).toBe(2);
  await writer.close();
  rmSync(folder, { recursive: true });
});
