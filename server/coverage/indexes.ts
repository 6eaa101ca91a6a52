import type { CoverageReport, CoverageStore } from '../storage/coverage.ts';
import { indexReport, type ReportIndex } from './match.ts';

/** Files of all indexes in memory, half a kilobyte each. The newest is kept whatever its size. */
const MAX_KEPT_FILES = 100_000;

/** Paths of reports, ready to be searched: an event asks for its frames one by one, and a report never changes. */
export function createIndexes(store: Pick<CoverageStore, 'paths'>, { maxKeptFiles = MAX_KEPT_FILES } = {}) {
  const kept = new Map<number, { index: Promise<ReportIndex>; files: number }>();

  return ({ id, fileCount }: Pick<CoverageReport, 'id' | 'fileCount'>): Promise<ReportIndex> => {
    const entry = kept.get(id) ?? { index: store.paths(id).then(indexReport), files: fileCount };
    // The one used last is the last to go.
    kept.delete(id);
    kept.set(id, entry);
    entry.index.catch(() => kept.delete(id));
    let total = [...kept.values()].reduce((sum, { files }) => sum + files, 0);
    for (const [oldest, { files }] of [...kept].slice(0, -1)) {
      if (total <= maxKeptFiles) break;
      kept.delete(oldest);
      total -= files;
    }
    return entry.index;
  };
}
