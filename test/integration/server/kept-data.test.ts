/** What lies on the disk: readable by its owner alone, and what could not be digested no longer than it is of use. */
import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openSqlite } from '../../../server/storage/database.ts';
import { type RunningServer, startServer, waitFor } from '../../server.ts';
import { eventId, send } from './clients.ts';

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.stop({ keep: true });
  if (server) rmSync(server.directory, { recursive: true, force: true });
  server = undefined;
});

const DAY_MS = 24 * 60 * 60_000;
const modes = (directory: string) =>
  Object.fromEntries(
    readdirSync(directory).map((name) => [name, (statSync(join(directory, name)).mode & 0o777).toString(8)]),
  );

it('has files that its owner alone can read, also after they were copied with other rights', async () => {
  server = await startServer();
  const made = modes(server.directory);
  expect(Object.keys(made)).toEqual(expect.arrayContaining(['config.yml', 'spool.db', 'stackmend.db']));
  expect(new Set(Object.values(made))).toEqual(new Set(['600']));
  await server.stop({ keep: true });
  for (const name of readdirSync(server.directory)) chmodSync(join(server.directory, name), 0o644);
  server = await startServer({}, server.directory);
  expect(new Set(Object.values(modes(server.directory)))).toEqual(new Set(['600']));
});

it('keeps what could not be digested for seven days', async () => {
  server = await startServer();
  // An event that is no object.
  const { protocol, host, username, pathname } = new URL(server.dsn);
  const envelope = `{}\n{"type":"event"}\n17\n`;
  const sent = await fetch(`${protocol}//${host}/api${pathname}/envelope/?sentry_key=${username}`, {
    method: 'POST',
    body: envelope,
  });
  expect(sent.status).toBe(200);
  await send(server.dsn, { event_id: eventId(1, 1), message: 'fine' });
  const db = openSqlite(join(server.directory, 'stackmend.db'));
  const letters = () =>
    db.prepare<[], { id: number; dateFailed: number }>('select id, dateFailed from deadLetter').all();
  const [letter] = await waitFor(() => letters().length === 1 && letters());
  const copy = db.prepare(
    'insert into deadLetter select null, projectId, eventId, receivedAt, ?, reason, body from deadLetter where id = ?',
  );
  copy.run(Date.now() - 8 * DAY_MS, letter?.id);
  copy.run(Date.now() - 6 * DAY_MS, letter?.id);
  expect(letters()).toHaveLength(3);
  await server.stop({ keep: true });

  server = await startServer({}, server.directory);
  await waitFor(() => letters().length === 2);
  expect(Math.min(...letters().map(({ dateFailed }) => dateFailed))).toBeGreaterThan(Date.now() - 7 * DAY_MS);
  db.close();
});
