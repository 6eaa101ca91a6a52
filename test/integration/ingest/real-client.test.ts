import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatDsn } from '../../../server/protocol/dsn.ts';
import { parseEnvelope } from '../../../server/protocol/envelope.ts';
import { KEY, serve } from './serve.ts';

it.each(['', '/some/prefix'])('takes all that @sentry/node sends, with the DSN prefix "%s"', async (prefix) => {
  const served = await serve();
  const dsn = formatDsn({ url: served.url + prefix, publicKey: KEY, projectId: 2 });
  const child = spawn(process.execPath, [join(import.meta.dirname, 'sentry-node-child.ts'), dsn], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(served.ingest.refused()).toEqual([]);
  expect(served.errors).toEqual([]);

  const envelopes = served.spooled().map(({ body, client }) => ({ client, items: parseEnvelope(body).items }));
  const texts = envelopes.map(({ items }) => items.map(({ payload }) => Buffer.from(payload).toString()).join('\n'));
  expect(texts.some((text) => text.includes('amount must be positive'))).toBe(true);
  expect(texts.some((text) => text.includes('x'.repeat(1_000)))).toBe(true);
  expect(envelopes.every(({ client }) => client?.startsWith('sentry.javascript.node/'))).toBe(true);
  const attachment = envelopes.flatMap(({ items }) => items).find(({ headers }) => headers['filename'] === 'cart.bin');
  expect([...(attachment?.payload ?? [])]).toEqual([0, 255, 10, 13, 10]);
  const dropped = served.metrics.counts().filter(({ tags }) => tags['outcome'] === 'dropped');
  expect(dropped.map(({ tags }) => tags['itemType'])).toEqual(expect.arrayContaining(['log', 'span']));
  await served.close();
});
