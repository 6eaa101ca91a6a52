import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMetrics } from '../../../../server/metrics/metrics.ts';
import { type DigestThread, startDigest } from '../../../../server/runner/digest.ts';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';
import { openSpool } from '../../../../server/storage/spool.ts';

let folder = '';
let thread: DigestThread | undefined;
let marks: number[] = [];
let errors: [error: Error, projectId: number | null][] = [];
const databaseFile = () => join(folder, 'stackmend.db');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'digest-thread-'));
  marks = [];
  errors = [];
});
afterEach(async () => {
  await thread?.close();
  rmSync(folder, { recursive: true });
});

const start = (metrics = createMetrics()) =>
  startDigest(
    { dataDirectory: folder, symbolicatorCacheBytes: 1024 * 1024 },
    metrics,
    (mark) => marks.push(mark),
    (...told) => errors.push(told),
  );

async function makeDatabase() {
  const db = openDatabase(databaseFile());
  await migrate(db);
  await db.destroy();
  openSpool(join(folder, 'spool.db')).close();
}

function spoolEvent(message: string): void {
  const eventId = crypto.randomUUID().replaceAll('-', '');
  const body = Buffer.from(`{"event_id":"${eventId}"}\n{"type":"event"}\n${JSON.stringify({ message })}\n`);
  const spool = openSpool(join(folder, 'spool.db'));
  spool.append([{ projectId: 2, eventId, receivedAt: Date.now(), remoteAddress: null, client: null, body }]);
  spool.close();
}

it('digests what another process spooled, without being woken, and what it is woken for', async () => {
  await makeDatabase();
  thread = start();
  spoolEvent('from a command');
  await expect.poll(() => marks, { timeout: 10_000 }).toEqual([1]);
  spoolEvent('from ingest');
  thread.wake();
  await expect.poll(() => marks, { timeout: 10_000 }).toEqual([1, 2]);
  expect(errors).toEqual([]);
});

it('starts again after it died, tells why, and loses nothing', async () => {
  mkdirSync(databaseFile());
  spoolEvent('meanwhile');
  thread = start();
  await expect.poll(() => errors.length, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(errors[0]).toEqual([expect.objectContaining({ code: 'SQLITE_CANTOPEN' }), null]);
  rmSync(databaseFile(), { recursive: true });
  await makeDatabase();
  await expect.poll(() => marks, { timeout: 10_000 }).toEqual([1]);
});

it('makes no empty database where one was moved away', async () => {
  await makeDatabase();
  renameSync(databaseFile(), `${databaseFile()}.away`);
  thread = start();
  await expect.poll(() => errors.length, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(errors[0]).toEqual([expect.objectContaining({ code: 'SQLITE_CANTOPEN' }), null]);
  expect(existsSync(databaseFile())).toBe(false);
  renameSync(`${databaseFile()}.away`, databaseFile());
  spoolEvent('afterwards');
  await expect.poll(() => marks, { timeout: 10_000 }).toEqual([1]);
});

it('closes at once also while it is dead', async () => {
  mkdirSync(databaseFile());
  thread = start();
  await expect.poll(() => errors.length, { timeout: 10_000 }).toBeGreaterThan(0);
  await thread.close();
  thread = undefined;
  rmSync(databaseFile(), { recursive: true });
});
