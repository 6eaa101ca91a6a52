/** What a container's health check is told: over the real server, each reason made true and untrue again. */
import { rename } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CheckHealth, healthRoutes } from '../../../server/http/health.ts';
import { openSqlite } from '../../../server/storage/database.ts';
import { type RunningServer, startServer, waitFor } from '../../server.ts';
import { eventId, issuesOnce, send } from './clients.ts';

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

type Health = { status: number; body: { status: string; reasons?: string[] } };

async function health(url: string, path = 'ready/', headers: Record<string, string> = {}): Promise<Health> {
  const response = await fetch(`${url}/_health/${path}`, { headers });
  return { status: response.status, body: await response.json() };
}

const OK = { status: 200, body: { status: 'ok' } };
const becomes = (url: string, wanted: (health: Health) => boolean) =>
  waitFor(async () => {
    const now = await health(url);
    return wanted(now) && now;
  });

it('is live and ready, whoever asks and by whatever name', async () => {
  server = await startServer();
  for (const path of ['', 'ready/', 'live/', 'live']) expect(await health(server.url, path)).toEqual(OK);
  expect(
    await health(server.url, 'ready/', { origin: 'http://elsewhere.example', 'sec-fetch-site': 'cross-site' }),
  ).toEqual(OK);
  // The same headers elsewhere are refused.
  const page = await fetch(`${server.url}/api/0/projects/`, { headers: { origin: 'http://elsewhere.example' } });
  expect(page.status).toBe(403);
});

it('is not ready while the database cannot be written to', async () => {
  server = await startServer();
  // Every thread has the file open.
  await send(server.dsn, { event_id: eventId(1, 1), message: 'before' });
  await issuesOnce(server, 1);
  const file = join(server.directory, 'stackmend.db');
  await rename(file, `${file}.away`);
  const { status, body } = await becomes(server.url, (now) => now.status === 503);
  expect({ status, body }).toEqual({
    status: 503,
    body: { status: 'unavailable', reasons: ['The database cannot be written to (SQLITE_CANTOPEN).'] },
  });
  expect(await health(server.url, 'live/')).toEqual(OK);
  await rename(`${file}.away`, file);
  expect(await becomes(server.url, (now) => now.status === 200)).toEqual(OK);
});

it('is not ready while what was accepted is not being stored', async () => {
  server = await startServer({ STACKMEND_HEALTH_MAX_SPOOL_AGE: '1' });
  // Somebody has left a transaction open, so that digest is stuck; intake goes on.
  const other = openSqlite(join(server.directory, 'stackmend.db'));
  other.exec('BEGIN IMMEDIATE');
  expect((await send(server.dsn, { event_id: eventId(1, 1), message: 'stuck' })).status).toBe(200);
  const { body } = await becomes(server.url, (now) => now.status === 503);
  expect(body.reasons).toEqual([
    expect.stringMatching(/^Accepted events are not being stored: .* waited for \d+ s\.$/),
  ]);
  other.exec('ROLLBACK');
  other.close();
  expect(await becomes(server.url, (now) => now.status === 200)).toEqual(OK);
  expect(await issuesOnce(server, 1)).toMatchObject([{ title: 'stuck' }]);
});

it('is not ready when the disk is below its floor', async () => {
  server = await startServer({ STACKMEND_HEALTH_MIN_FREE_BYTES: '900000000000000' });
  const { status, body } = await health(server.url);
  expect(status).toBe(503);
  expect(body.reasons).toEqual([
    expect.stringMatching(/^The disk is nearly full: \d+ bytes are free, of 900000000000000 that must be\.$/),
  ]);
  expect(await health(server.url, 'live/')).toEqual(OK);
});

describe('healthRoutes', () => {
  let listening: Server | undefined;
  let time = 0;
  beforeEach(() => {
    time = 0;
  });
  afterEach(() => listening?.close());

  async function start(check: CheckHealth): Promise<string> {
    const created = createServer(express().use(healthRoutes(check, () => time)));
    listening = created;
    await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve));
    const address = created.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  it('looks once for all who ask within a second', async () => {
    let looks = 0;
    const url = await start(async () => {
      looks += 1;
      return [];
    });
    await Promise.all(Array.from({ length: 20 }, () => health(url)));
    expect(looks).toBe(1);
    time = 1001;
    await health(url);
    expect(looks).toBe(2);
  });

  it('answers in time when a check hangs, and does not pile up more of them', async () => {
    let looks = 0;
    const url = await start(() => {
      looks += 1;
      return new Promise(() => {});
    });
    const answers = await Promise.all([health(url), health(url)]);
    time = 10_000;
    expect((await health(url)).status).toBe(503);
    for (const { status, body } of answers) {
      expect(status).toBe(503);
      expect(body.reasons).toEqual(['The checks take longer than two seconds.']);
    }
    expect(looks).toBe(1);
  });

  it('counts a check that throws as a reason', async () => {
    const url = await start(async () => {
      throw new Error('secret');
    });
    expect((await health(url)).body).toEqual({ status: 'unavailable', reasons: ['The checks themselves failed.'] });
  });
});
