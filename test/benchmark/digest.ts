/**
 * How many events one thread digests a second, from a real spool into a real database: `node test/benchmark/digest.ts`.
 * Events of 20 KB with 37 frames; in `cold` every one is a new issue, in `warm` they belong to 200.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqlEventstream } from '../../server/backends/eventstream.ts';
import { createSqlNodestore } from '../../server/backends/nodestore.ts';
import { digestPending } from '../../server/digest/digest.ts';
import { prepareEnvelope } from '../../server/digest/prepare.ts';
import { createMetrics } from '../../server/metrics/metrics.ts';
import { migrate, openDatabase } from '../../server/storage/database.ts';
import { type NewEnvelope, openSpool } from '../../server/storage/spool.ts';

const EVENTS = Number(process.argv[2] ?? 4000);
const BATCH = 100;

/** An envelope of about 20 KB, as a web framework's SDK sends it. */
export function benchmarkEnvelope(index: number, issues: number): NewEnvelope {
  const eventId = randomUUID().replaceAll('-', '');
  const event = {
    event_id: eventId,
    timestamp: Date.now() / 1000,
    platform: 'python',
    level: 'error',
    release: `shop@1.${index % 5}.0`,
    environment: 'production',
    server_name: `web-${index % 8}`,
    transaction: '/checkout/{order}/',
    tags: { region: `eu-${index % 3}`, tenant: `t${index % 50}`, plan: 'pro', shard: String(index % 4) },
    user: { id: String(index % 500), email: `user${index % 500}@example.com` },
    contexts: { runtime: { name: 'CPython', version: '3.12.3' }, os: { name: 'Linux', version: '6.1' } },
    request: {
      url: `https://shop.example/checkout/${index}/`,
      method: 'POST',
      headers: {
        'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
        Host: 'shop.example',
      },
      data: { amount: index, note: 'to be delivered', password: 'hunter2' },
    },
    breadcrumbs: {
      values: Array.from({ length: 15 }, (_, at) => ({
        timestamp: Date.now() / 1000 - 20 + at,
        category: 'query',
        message: `SELECT * FROM orders WHERE id = ${index * at} AND state = 'open'`,
      })),
    },
    exception: {
      values: [
        {
          type: `ValueError${index % issues}`,
          value: `amount ${index} must be positive`,
          mechanism: { type: 'django', handled: false },
          stacktrace: { frames: Array.from({ length: 37 }, (_, at) => frame(at, index)) },
        },
      ],
    },
  };
  const body = `${JSON.stringify({ event_id: eventId })}\n{"type":"event"}\n${JSON.stringify(event)}\n`;
  return {
    projectId: 2,
    eventId,
    receivedAt: Date.now(),
    remoteAddress: '127.0.0.1',
    client: 'benchmark/1',
    body: Buffer.from(body),
  };
}

function frame(at: number, index: number) {
  const line = (offset: number) =>
    `    total_${at + offset} = compute(order, ${at * 31 + offset}, rate=${(at + offset) % 7})`;
  return {
    filename: `shop/module_${at}.py`,
    abs_path: `/srv/app/shop/module_${at}.py`,
    module: `shop.module_${at}`,
    function: `step_${at}`,
    lineno: 10 + at,
    in_app: at > 25,
    context_line: line(0),
    pre_context: [line(-3), line(-2), line(-1)],
    post_context: [line(1), line(2), line(3)],
    ...(at > 33
      ? { vars: { order: { id: index, items: [1, 2, 3] }, amount: '-12', self: '<shop.Order object>' } }
      : {}),
  };
}

async function measure(name: string, issues: number) {
  const directory = mkdtempSync(join(tmpdir(), 'digest-benchmark-'));
  const db = openDatabase(join(directory, 'stackmend.db'));
  await migrate(db);
  const spool = openSpool(join(directory, 'spool.db'));
  for (let from = 0; from < EVENTS; from += 500) {
    spool.append(Array.from({ length: Math.min(500, EVENTS - from) }, (_, at) => benchmarkEnvelope(from + at, issues)));
  }
  const services = {
    spool,
    db,
    nodestore: createSqlNodestore(db),
    eventstream: createSqlEventstream(db),
    metrics: createMetrics(),
    now: Date.now,
    log: console.error,
  };
  const started = performance.now();
  const cpuStarted = process.cpuUsage();
  let total = 0;
  for (;;) {
    const { digested, mark } = await digestPending(services, { limit: BATCH });
    if (digested === 0) break;
    spool.deleteUpTo(mark);
    total += digested;
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpuStarted);
  const cpu = `${((user + system) / 1000 / total).toFixed(2)} ms of processor time each`;
  console.log(`${name}: ${total} events in ${seconds.toFixed(2)} s, ${Math.round(total / seconds)} a second, ${cpu}`);
  await db.destroy();
  spool.close();
  rmSync(directory, { recursive: true });
}

function measurePure() {
  const envelopes = Array.from({ length: 500 }, (_, index) => benchmarkEnvelope(index, 200));
  for (const envelope of envelopes) prepareEnvelope(envelope);
  const started = performance.now();
  for (const envelope of envelopes) prepareEnvelope(envelope);
  const each = (performance.now() - started) / envelopes.length;
  console.log(
    `parse, normalize, scrub, derive, group: ${each.toFixed(3)} ms an event of ${envelopes[0]?.body.length} bytes`,
  );
}

measurePure();
await measure('warm (200 issues)', 200);
await measure('cold (every event its own issue)', EVENTS);
