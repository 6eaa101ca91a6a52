import { createSqlEventstream } from '../backends/eventstream.ts';
import { createSqlNodestore } from '../backends/nodestore.ts';
import type { DigestServices } from '../digest/digest.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Spool } from '../storage/spool.ts';
import type { Database } from '../storage/tables.ts';

/** What `digestPending` works with; the same in its thread and in a command. */
export function digestServices(
  db: Database,
  spool: Pick<Spool, 'readAfter'>,
  metrics: Pick<Metrics, 'incr'>,
): DigestServices {
  return {
    spool,
    db,
    nodestore: createSqlNodestore(db),
    eventstream: createSqlEventstream(db),
    metrics,
    now: Date.now,
    log: (message) => console.error(message),
  };
}
