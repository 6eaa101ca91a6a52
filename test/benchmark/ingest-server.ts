/** The server under test: ingest and the spool on disk, without digest. Argument: a folder for the spool. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createIngest } from '../../server/ingest/ingest.ts';
import { DEFAULT_LIMITS } from '../../server/ingest/limits.ts';
import { createMetrics } from '../../server/metrics/metrics.ts';
import { createSpoolWriter } from '../../server/runner/spool-writer.ts';

const [folder = '.'] = process.argv.slice(2);
const writer = createSpoolWriter({ file: join(folder, 'spool.db'), onError: console.error });
const ingest = createIngest({
  append: writer.append,
  findKey: async () => ({ projectId: 2, isActive: true }),
  limits: DEFAULT_LIMITS,
  metrics: createMetrics(),
  now: Date.now,
  onError: console.error,
});
const server = createServer((req, res) => {
  if (!ingest.handle(req, res)) res.writeHead(404).end();
});
await writer.ready;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(JSON.stringify({ port: typeof address === 'object' ? address?.port : null }));
});
process.once('SIGTERM', async () => {
  server.close();
  server.closeAllConnections();
  await writer.close();
});
