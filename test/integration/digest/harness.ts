import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqlEventstream } from '../../../server/backends/eventstream.ts';
import { createSqlNodestore, nodeId } from '../../../server/backends/nodestore.ts';
import { type DigestServices, digestPending } from '../../../server/digest/digest.ts';
import { createMetrics } from '../../../server/metrics/metrics.ts';
import { serializeEnvelope } from '../../../server/protocol/envelope.ts';
import { migrate, openDatabase } from '../../../server/storage/database.ts';
import { openSpool } from '../../../server/storage/spool.ts';

export const NOW = Date.UTC(2026, 9, 2, 3, 4, 5);
export const PROJECT = 2;
export const newEventId = () => randomUUID().replaceAll('-', '');

type Item = { type: string; payload: unknown; headers?: Record<string, string> };

export const eventItem = (payload: unknown): Item => ({ type: 'event', payload });
export const attachmentItem = (filename: string, payload: string): Item => ({
  type: 'attachment',
  payload: Buffer.from(payload),
  headers: { filename, content_type: 'text/plain' },
});

/** An event of its own kind for each `name`: the same name gives the same issue. */
export function wireEvent(name: string, more: object = {}) {
  return {
    platform: 'python',
    timestamp: NOW / 1000,
    exception: {
      values: [{ type: name, value: 'v', stacktrace: { frames: [{ function: name, module: 'app', in_app: true }] } }],
    },
    ...more,
  };
}

/** Real files of a spool and a database in a folder of their own, and a digest over them. */
export async function openDigest(directory = mkdtempSync(join(tmpdir(), 'digest-'))) {
  const db = openDatabase(join(directory, 'stackmend.db'));
  await migrate(db);
  const spool = openSpool(join(directory, 'spool.db'));
  const metrics = createMetrics();
  const logged: string[] = [];
  const nodestore = createSqlNodestore(db);
  const services: DigestServices = {
    spool,
    db,
    nodestore,
    eventstream: createSqlEventstream(db),
    metrics,
    now: () => NOW,
    log: (message) => logged.push(message),
  };

  return {
    directory,
    db,
    spool,
    services,
    logged,
    nodestore,
    counted: (key: string) =>
      metrics
        .counts()
        .filter((count) => count.key === key)
        .reduce((sum, { value }) => sum + value, 0),

    accept(
      items: Item[],
      more: { projectId?: number; eventId?: string | null; headers?: Record<string, string> } = {},
    ) {
      const eventId = more.eventId === undefined ? newEventId() : more.eventId;
      const body = serializeEnvelope({
        headers: { ...(eventId ? { event_id: eventId } : {}), ...more.headers },
        items: items.map(({ type, payload, headers }) => ({
          headers: { type, ...headers },
          payload: payload instanceof Uint8Array ? payload : Buffer.from(JSON.stringify(payload)),
        })),
      });
      this.acceptBytes(body, { ...more, eventId });
      return eventId ?? '';
    },

    acceptBytes(
      body: Uint8Array | string,
      more: { projectId?: number; eventId?: string | null; receivedAt?: number } = {},
    ) {
      const row = { projectId: PROJECT, eventId: null, receivedAt: NOW, remoteAddress: '192.0.2.7', client: 'test/1' };
      spool.append([{ ...row, ...more, body: Buffer.from(body) }]);
    },

    /** Works off everything, a batch at a time, as the thread does. */
    async digest(limit = 100) {
      let total = 0;
      for (;;) {
        const { digested, mark } = await digestPending(services, { limit });
        spool.deleteUpTo(mark);
        if (digested === 0) return total;
        total += digested;
      }
    },

    issues: () => db.selectFrom('issue').selectAll().orderBy('id').execute(),
    events: () => db.selectFrom('event').selectAll().orderBy('id').execute(),
    letters: () => db.selectFrom('deadLetter').selectAll().orderBy('id').execute(),
    stored: (eventId: string, projectId = PROJECT) => nodestore.get(nodeId(projectId, eventId)),

    async close() {
      await db.destroy();
      spool.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
export type DigestHarness = Awaited<ReturnType<typeof openDigest>>;
