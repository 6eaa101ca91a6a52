/** A process of its own that digests a folder until its spool is empty: `node digester.ts <folder>`. */
import { join } from 'node:path';
import { createSqlEventstream } from '../../../server/backends/eventstream.ts';
import { createSqlNodestore } from '../../../server/backends/nodestore.ts';
import { digestPending } from '../../../server/digest/digest.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { openSpool } from '../../../server/storage/spool.ts';

const directory = process.argv[2] ?? '.';
const db = openDatabase(join(directory, 'stackmend.db'));
const spool = openSpool(join(directory, 'spool.db'));
const services = {
  spool,
  db,
  nodestore: createSqlNodestore(db),
  eventstream: createSqlEventstream(db),
  metrics: { incr: () => {} },
  now: Date.now,
  log: console.error,
};
let digested = 0;
for (let idle = 0; idle < 20; ) {
  const result = await digestPending(services, { limit: 7 });
  digested += result.digested;
  idle = result.digested === 0 ? idle + 1 : 0;
}
await db.destroy();
spool.close();
console.log(digested);
