import type { Symbolicate } from '../artifacts/symbolicate/answer.ts';
import { createSqlEventstream } from '../backends/eventstream.ts';
import { createSqlNodestore } from '../backends/nodestore.ts';
import type { DigestServices } from '../digest/digest.ts';
import { createSymbolicateBatch } from '../digest/symbolicate.ts';
import { createArtifactStore } from '../storage/artifacts.ts';
import type { Database } from '../storage/tables.ts';

/** What digest works with, less the spool; the same in its thread and in a command. */
export function digestServices(
  db: Database,
  metrics: DigestServices['metrics'],
  symbolicate: Symbolicate,
): Omit<DigestServices, 'spool'> {
  return {
    db,
    nodestore: createSqlNodestore(db),
    eventstream: createSqlEventstream(db),
    symbolicate: createSymbolicateBatch({ artifacts: createArtifactStore(db), symbolicate, now: Date.now }),
    metrics,
    now: Date.now,
    log: (message) => console.error(message),
  };
}
