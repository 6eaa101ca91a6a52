/** What was accepted is there after every kind of end: the real processes, killed and started again on one directory. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openSqlite } from '../../../server/storage/database.ts';
import { openSpool } from '../../../server/storage/spool.ts';
import { type RunningServer, startServer, waitFor } from '../../server.ts';
import { eventId, getJson, issuesOnce, send } from './clients.ts';

let server: RunningServer | undefined;
afterEach(async () => {
  server?.process.kill('SIGKILL');
  if (server) rmSync(server.directory, { recursive: true, force: true });
  server = undefined;
});

it('keeps issues, events, DSNs and what was changed over a restart', async () => {
  server = await startServer();
  const { dsn, directory } = server;
  for (const [count, message] of ['disk gone', 'disk gone', 'cable gone'].entries()) {
    expect((await send(dsn, { event_id: eventId(1, count), message, tags: { rack: 'r7' } })).status).toBe(200);
  }
  const [, disk] = (await issuesOnce(server, 2)).sort((one, other) => one.title.localeCompare(other.title));
  if (!disk) throw new Error('The second issue is missing.');
  const changed = await fetch(`${server.url}/api/0/organizations/stackmend/issues/${disk.id}/`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ status: 'resolved' }),
  });
  expect(changed.status).toBe(200);
  await server.stop({ keep: true });
  expect(server.process.exitCode).toBe(0);

  server = await startServer({}, directory);
  expect(server.output()).not.toContain('Wrote a configuration');
  expect(new URL(server.dsn).username).toBe(new URL(dsn).username);
  expect(await getJson(server, `/organizations/stackmend/issues/${disk.id}/`)).toMatchObject({
    title: 'disk gone',
    count: '2',
    status: 'resolved',
    firstSeen: disk.firstSeen,
  });
  expect(await getJson(server, `/projects/stackmend/default/events/${eventId(1, 1)}/`)).toMatchObject({
    groupID: disk.id,
    tags: expect.arrayContaining([expect.objectContaining({ key: 'rack', value: 'r7' })]),
  });

  // And it goes on: the same event again changes nothing, a new one regresses the issue.
  await send(server.dsn, { event_id: eventId(1, 0), message: 'disk gone' });
  await send(server.dsn, { event_id: eventId(1, 9), message: 'disk gone' });
  const regressed = await waitFor(async () => {
    const issue = await getJson<{ count: string; status: string }>(
      server ?? { url: '' },
      `/organizations/stackmend/issues/${disk.id}/`,
    );
    return issue?.count === '2' ? null : issue;
  });
  expect(regressed).toMatchObject({ count: '3', status: 'unresolved' });
});

it.each<[NodeJS.Signals, number | null]>([
  ['SIGKILL', null],
  ['SIGTERM', 0],
])('loses nothing that it accepted, and doubles nothing, when %s ends it under load', async (signal, exitCode) => {
  server = await startServer();
  const { dsn, directory } = server;
  const answered = await loadUntilItEnds(server, signal);
  expect(server.process.exitCode).toBe(exitCode);
  if (signal === 'SIGTERM') expect(server.output()).not.toMatch(/"level":|Error/);

  server = await startServer({}, directory);
  // Sent again, as clients do that got no answer.
  const again = answered.slice(0, 20);
  for (const event_id of again) expect((await send(server.dsn, { event_id, message: 'again' })).status).toBe(200);
  await spoolIsEmpty(directory);
  const stored = storedEvents(directory);
  const ids = new Set(stored.map(({ eventId: id }) => id));
  expect(answered.filter((id) => !ids.has(id))).toEqual([]);
  expect(ids.size).toBe(stored.length);
  const [issue, ...others] = await issuesOnce(server, 1);
  expect(others).toEqual([]);
  expect(Number(issue?.count)).toBe(stored.length);
  expect(new URL(dsn).username).toBe(new URL(server.dsn).username);
});

/** Sixteen clients send as fast as they can; in the middle of it the signal comes. @returns ids that got a 200 */
async function loadUntilItEnds({ dsn, process }: RunningServer, signal: NodeJS.Signals): Promise<string[]> {
  const answered: string[] = [];
  const refused: number[] = [];
  const exit = once(process, 'exit');
  let hasEnded = false;
  const client = async (number: number) => {
    for (let count = 0; !hasEnded; count += 1) {
      const id = eventId(number, count);
      const response = await send(dsn, { event_id: id, message: 'under load', extra: { pad: 'x'.repeat(2000) } }).catch(
        () => null,
      );
      if (response?.status === 200) answered.push(id);
      else if (response) refused.push(response.status);
      else return;
    }
  };
  const clients = Array.from({ length: 16 }, (_, number) => client(number));
  await waitFor(() => answered.length > 300);
  process.kill(signal);
  await exit;
  hasEnded = true;
  await Promise.all(clients);
  expect(refused).toEqual([]);
  return answered;
}

async function spoolIsEmpty(directory: string): Promise<void> {
  const spool = openSpool(join(directory, 'spool.db'), { readonly: true });
  await waitFor(() => spool.depth().rows === 0);
  spool.close();
}

function storedEvents(directory: string): { eventId: string }[] {
  const sqlite = openSqlite(join(directory, 'stackmend.db'), { readonly: true });
  const rows = sqlite.prepare<[], { eventId: string }>('SELECT eventId FROM event').all();
  sqlite.close();
  return rows;
}
