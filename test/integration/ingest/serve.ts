import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIngest, type Ingest, type IngestDeps } from '../../../server/ingest/ingest.ts';
import type { FindKey, ProjectKey } from '../../../server/ingest/key-cache.ts';
import { DEFAULT_LIMITS, type IngestLimits } from '../../../server/ingest/limits.ts';
import { createMetrics, type Metrics } from '../../../server/metrics/metrics.ts';
import { createSpoolWriter, type SpoolWriter } from '../../../server/runner/spool-writer.ts';
import { openSpool, type SpooledEnvelope } from '../../../server/storage/spool.ts';

/** Key of project 2; the others belong to project 3, to project 2 but switched off, and to nobody. */
export const KEY = '0123456789abcdef0123456789abcdef';
export const OTHER_KEY = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
export const INACTIVE_KEY = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
export const UNKNOWN_KEY = 'cccccccccccccccccccccccccccccccc';

export type Served = {
  url: string;
  server: Server;
  ingest: Ingest;
  metrics: Metrics;
  writer: SpoolWriter;
  keys: Map<string, ProjectKey>;
  /** What is on disk, read by a connection of its own. */
  spooled(mark?: number): SpooledEnvelope[];
  /** Faults of ours that were answered with 500. */
  errors: unknown[];
  close(): Promise<void>;
};

/** A real server on a random port with the real spool thread, on a folder of its own. */
export async function serve(
  options: { limits?: Partial<IngestLimits>; append?: IngestDeps['append']; findKey?: FindKey; folder?: string } = {},
): Promise<Served> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'stackmend-ingest-'));
  const file = join(folder, 'spool.db');
  const writer = createSpoolWriter({ file });
  const metrics = createMetrics();
  const errors: unknown[] = [];
  const keys = new Map<string, ProjectKey>([
    [KEY, { projectId: 2, isActive: true }],
    [OTHER_KEY, { projectId: 3, isActive: true }],
    [INACTIVE_KEY, { projectId: 2, isActive: false }],
  ]);
  const ingest = createIngest({
    append: options.append ?? writer.append,
    findKey: options.findKey ?? (async (publicKey) => keys.get(publicKey) ?? null),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    metrics,
    now: Date.now,
    onError: (error) => errors.push(error),
  });
  const server = createServer((req, res) => {
    if (!ingest.handle(req, res)) res.writeHead(404).end('not ingest');
  });
  await writer.ready;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no port.');

  return {
    url: `http://127.0.0.1:${address.port}`,
    server,
    ingest,
    metrics,
    writer,
    keys,
    errors,
    spooled(mark = 0) {
      const spool = openSpool(file, { readonly: true });
      const rows = spool.readAfter(mark, 10_000, 1e9);
      spool.close();
      return rows;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await writer.close();
      if (!options.folder) rmSync(folder, { recursive: true });
    },
  };
}

export const EVENT_ID = '9ec79c33ec9942ab8353589fcb2e04dc';
/** An envelope of one event. */
export function eventEnvelope(event: object = { message: 'hello' }, headers: object = { event_id: EVENT_ID }): string {
  return `${JSON.stringify(headers)}\n{"type":"event"}\n${JSON.stringify(event)}\n`;
}

/** Posts to `/api/2/envelope/` with the key in the query, as `@sentry/node` does, unless told otherwise. */
export function post(
  { url }: { url: string },
  body: BodyInit | Uint8Array,
  options: { path?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const path = options.path ?? `/api/2/envelope/?sentry_version=7&sentry_key=${KEY}`;
  const bytes = body instanceof Uint8Array ? new Uint8Array(body) : body;
  return fetch(url + path, { method: 'POST', body: bytes, headers: options.headers ?? {} });
}
