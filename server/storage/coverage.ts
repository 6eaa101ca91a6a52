import type { CoverageCode } from '../protocol/contract.ts';
import type { Database } from './tables.ts';

/** Line number (from 1), code, and how often it ran; formats that do not count give 1 for a line that ran. */
export type CoverageLine = [line: number, code: CoverageCode, hits: number];
/** `path` has forward slashes; `lines` is the JSON of `CoverageLine[]`, by line number. */
export type StoredCoverageFile = { path: string; lines: string };

export type NewCoverageReport = {
  projectId: number;
  release: string | null;
  /** Lower-case hex, at least 7 digits. */
  commitSha: string | null;
  format: string;
  /** File name as uploaded. */
  name: string;
  files: readonly StoredCoverageFile[];
};
export type CoverageReport = {
  id: number;
  release: string | null;
  commitSha: string | null;
  format: string;
  name: string;
  /** Unix ms. */
  dateCreated: number;
};
export type CoverageStore = ReturnType<typeof createCoverageStore>;

const columns = ['id', 'release', 'commitSha', 'format', 'name', 'dateCreated'] as const;
/** Rows of one INSERT: a report has up to tens of thousands of files, and a statement at most 32,766 values. */
const ROWS_AT_ONCE = 500;

export function createCoverageStore(db: Database) {
  return {
    /** Stores a report with its files, all or nothing. */
    add: ({ files, ...report }: NewCoverageReport): Promise<CoverageReport> =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .insertInto('coverageReport')
          .values({ ...report, dateCreated: Date.now() })
          .returning(columns)
          .executeTakeFirstOrThrow();
        for (let start = 0; start < files.length; start += ROWS_AT_ONCE) {
          const rows = files.slice(start, start + ROWS_AT_ONCE);
          await tx
            .insertInto('coverageFile')
            .values(rows.map(({ path, lines }) => ({ reportId: row.id, path, lines })))
            .execute();
        }
        return row;
      }),

    /** Newest first. */
    list: (projectId: number): Promise<CoverageReport[]> =>
      db
        .selectFrom('coverageReport')
        .select(columns)
        .where('projectId', '=', projectId)
        .orderBy('id', 'desc')
        .execute(),

    /**
     * Reports of a release, or of a commit that begins with one of the starts; newest first. A project gathers
     * thousands of reports, and each frame asks.
     *
     * @param commitStarts the first seven hex digits, lower-case
     */
    find: (projectId: number, of: { release: string | null; commitStarts: string[] }): Promise<CoverageReport[]> =>
      db
        .selectFrom('coverageReport')
        .select(columns)
        .where('projectId', '=', projectId)
        .where((eb) =>
          eb.or([
            eb('release', '=', of.release),
            eb(eb.fn<string>('substr', ['commitSha', eb.lit(1), eb.lit(7)]), 'in', of.commitStarts),
          ]),
        )
        .orderBy('id', 'desc')
        .execute(),

    /** The newest report, or the newest that names a commit; null when there is none. */
    newest: async (projectId: number, options: { withCommit?: boolean } = {}): Promise<CoverageReport | null> => {
      const newest = db.selectFrom('coverageReport').select(columns).where('projectId', '=', projectId);
      const query = options.withCommit ? newest.where('commitSha', 'is not', null) : newest;
      return (await query.orderBy('id', 'desc').limit(1).executeTakeFirst()) ?? null;
    },

    /** Files of each report of a project, by report id. */
    fileCounts: async (projectId: number): Promise<Map<number, number>> => {
      const rows = await db
        .selectFrom('coverageFile')
        .innerJoin('coverageReport', 'coverageReport.id', 'coverageFile.reportId')
        .select(['reportId', (eb) => eb.fn.countAll<number>().as('files')])
        .where('projectId', '=', projectId)
        .groupBy('reportId')
        .execute();
      return new Map(rows.map(({ reportId, files }) => [reportId, files]));
    },

    /** Is false when the project has no such report. */
    delete: async (projectId: number, id: number): Promise<boolean> => {
      const { numDeletedRows } = await db
        .deleteFrom('coverageReport')
        .where('projectId', '=', projectId)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },

    paths: async (reportId: number): Promise<string[]> => {
      const rows = await db.selectFrom('coverageFile').select('path').where('reportId', '=', reportId).execute();
      return rows.map(({ path }) => path);
    },

    /** In order of lines; null when the report has no file of that path. */
    lines: async (reportId: number, path: string): Promise<CoverageLine[] | null> => {
      const row = await db
        .selectFrom('coverageFile')
        .select('lines')
        .where('reportId', '=', reportId)
        .where('path', '=', path)
        .executeTakeFirst();
      // Written by `add` alone, so its shape is ours.
      return row ? (JSON.parse(row.lines) as CoverageLine[]) : null;
    },
  };
}
