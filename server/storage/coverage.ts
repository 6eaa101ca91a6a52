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
  lineCount: number;
  countsHits: boolean;
  /** SHA-256 (hex) of the upload. */
  checksum: string;
  files: readonly StoredCoverageFile[];
};
export type CoverageReport = {
  id: number;
  release: string | null;
  commitSha: string | null;
  format: string;
  name: string;
  /** Unix ms, of the last upload. */
  dateCreated: number;
  fileCount: number;
  lineCount: number;
  /** Characters of its paths and lines. */
  size: number;
  /** Not 0: its hits say how often a line ran. */
  countsHits: number;
};
export type CoverageStore = ReturnType<typeof createCoverageStore>;

const columns = [
  'id',
  'release',
  'commitSha',
  'format',
  'name',
  'dateCreated',
  'fileCount',
  'lineCount',
  'size',
  'countsHits',
] as const;
/** Rows of one INSERT: a report has up to tens of thousands of files, and a statement at most 32,766 values. */
const ROWS_AT_ONCE = 500;
/** Of a project's reports, the newest that are listed or looked at; a CI's jobs may upload some dozens for a commit. */
const MAX_REPORTS = 500;

export function createCoverageStore(db: Database, { now = Date.now }: { now?: () => number } = {}) {
  const ofProject = (projectId: number) =>
    db
      .selectFrom('coverageReport')
      .select(columns)
      .where('projectId', '=', projectId)
      .orderBy('id', 'desc')
      .limit(MAX_REPORTS);

  return {
    /**
     * Stores a report with its files, all or nothing. The same upload for the same release and commit is the same report:
     * a job that runs again does not double the hits.
     */
    add: ({ files, countsHits, ...report }: NewCoverageReport): Promise<CoverageReport> =>
      db.transaction().execute(async (tx) => {
        const { projectId, release, commitSha, checksum } = report;
        const known = await tx
          .updateTable('coverageReport')
          .set({ dateCreated: now() })
          .where('projectId', '=', projectId)
          .where('checksum', '=', checksum)
          .where('release', 'is', release)
          .where('commitSha', 'is', commitSha)
          .returning(columns)
          .executeTakeFirst();
        if (known) return known;
        const size = files.reduce((sum, { path, lines }) => sum + path.length + lines.length, 0);
        const row = await tx
          .insertInto('coverageReport')
          .values({ ...report, countsHits: countsHits ? 1 : 0, fileCount: files.length, size, dateCreated: now() })
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

    /** Newest first, up to 500. */
    list: (projectId: number): Promise<CoverageReport[]> => ofProject(projectId).execute(),

    byId: async (projectId: number, id: number): Promise<CoverageReport | null> =>
      (await ofProject(projectId).where('id', '=', id).executeTakeFirst()) ?? null,

    /**
     * Reports of a release, or of a commit that begins with one of the starts; newest first. A project gathers
     * thousands of reports, and each frame asks.
     *
     * @param commitStarts the first seven hex digits, lower-case
     */
    find: (projectId: number, of: { release: string | null; commitStarts: string[] }): Promise<CoverageReport[]> =>
      ofProject(projectId)
        .where((eb) =>
          eb.or([
            eb('release', '=', of.release),
            eb(eb.fn<string>('substr', ['commitSha', eb.lit(1), eb.lit(7)]), 'in', of.commitStarts),
          ]),
        )
        .execute(),

    /** The newest report; null when there is none. */
    newest: async (projectId: number): Promise<CoverageReport | null> =>
      (await ofProject(projectId).limit(1).executeTakeFirst()) ?? null,

    /** Is false when the project has no such report. */
    delete: async (projectId: number, id: number): Promise<boolean> => {
      const { numDeletedRows } = await db
        .deleteFrom('coverageReport')
        .where('projectId', '=', projectId)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },

    /**
     * Deletes what was uploaded before a time (Unix ms), and of each project the oldest beyond a size; the newest report of
     * a project stays in any case. One by one, as each may have tens of thousands of rows, and others write meanwhile.
     *
     * @param maxSize of one project's reports, in characters of paths and lines
     * @returns how many
     */
    deleteExpired: async ({ before, maxSize }: { before: number; maxSize: number }): Promise<number> => {
      const rows = await db
        .selectFrom('coverageReport')
        .select(['id', 'projectId', 'size', 'dateCreated'])
        .orderBy('dateCreated', 'desc')
        .orderBy('id', 'desc')
        .execute();
      const expired = [...Map.groupBy(rows, ({ projectId }) => projectId).values()].flatMap((reports) => {
        let total = 0;
        return reports.filter(({ size, dateCreated }, index) => {
          total += size;
          return index > 0 && (dateCreated < before || total > maxSize);
        });
      });
      for (const { id } of expired) await db.deleteFrom('coverageReport').where('id', '=', id).execute();
      return expired.length;
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
