import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CoverageSource } from '../../../../server/coverage/frame-coverage.ts';
import { createCoverage } from '../../../../server/coverage/line-coverage.ts';
import { readReportHere } from '../../../../server/coverage/read-report.ts';
import { createCoverageStore } from '../../../../server/storage/coverage.ts';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';
import { createProjectStore } from '../../../../server/storage/projects.ts';
import { createReleaseStore } from '../../../../server/storage/releases.ts';
import type { Database } from '../../../../server/storage/tables.ts';

/** No project has a code mapping. */
export const noCheckout: CoverageSource = {
  fileOf: async () => ({ reason: 'no_code_mapping', detail: 'none' }),
  blobAt: async () => null,
};

export const coverageOver = (db: Database, source: CoverageSource = noCheckout) =>
  createCoverage({
    store: createCoverageStore(db),
    releases: createReleaseStore(db),
    projects: createProjectStore(db),
    source,
    readReport: readReportHere,
  });

/** A database on a file of its own, gone after the test. */
export async function temporaryDatabase(): Promise<{ db: Database; [Symbol.asyncDispose]: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'coverage-'));
  const db = openDatabase(join(folder, 'test.db'));
  await migrate(db);
  return {
    db,
    [Symbol.asyncDispose]: async () => {
      await db.destroy();
      rmSync(folder, { recursive: true });
    },
  };
}
