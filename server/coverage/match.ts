import {
  type CleanPath,
  commonEnd,
  exact,
  type Fold,
  type FrameFile,
  framePaths,
  isAbsolute,
  lower,
  segmentsOf,
} from '../source/paths.ts';

/**
 * Which file of a report does a frame mean? The report has the paths of the machine that ran the tests, the frame those
 * of the machine that ran the program (or of a bundler), so what they share is the end.
 */
export type FileMatch =
  | { kind: 'one'; path: string }
  | { kind: 'several'; paths: string[] }
  /** The nearest three of the report, best first; looked for when it is read, which costs more than all else. */
  | { kind: 'none'; nearest: string[] };

type ReportFile = { path: string; segments: string[] };
export type ReportIndex = {
  byBasename: ReadonlyMap<string, ReportFile[]>;
  /** Segments that all paths of an absolute report begin with: where the checkout was. */
  rootLength: number;
  files: readonly ReportFile[];
};

export function indexReport(paths: Iterable<string>): ReportIndex {
  const files = Array.from(paths, (path) => ({ path, segments: segmentsOf(path) }));
  return { byBasename: Map.groupBy(files, basenameOf), rootLength: commonRoot(files), files };
}

const basenameOf = ({ segments }: ReportFile) => (segments.at(-1) ?? '').toLowerCase();

function commonRoot(files: readonly ReportFile[]): number {
  const [first] = files;
  if (!first || !files.every(({ path }) => isAbsolute(path))) return 0;
  let length = first.segments.length - 1;
  for (const { segments } of files) {
    length = Math.min(length, segments.length - 1);
    length = commonPrefix(first.segments, segments, length);
  }
  return length;
}

function commonPrefix(a: string[], b: string[], most: number): number {
  let length = 0;
  while (length < most && a[length] === b[length]) length += 1;
  return length;
}

/**
 * Finds the file whose path ends as the frame's does, or the other way round, by whole segments: the longest common end
 * wins, and a draw is reported as such. Letter case counts, unless nothing is found with it (Windows).
 */
export function matchFile(index: ReportIndex, frame: FrameFile): FileMatch {
  const candidates = framePaths(frame);
  for (const fold of [exact, lower]) {
    const best = bestMatches(index, candidates, fold);
    const [only, second] = best;
    if (second !== undefined) return { kind: 'several', paths: best.sort() };
    if (only !== undefined) return { kind: 'one', path: only };
  }
  return {
    kind: 'none',
    get nearest() {
      return nearestPaths(index, candidates);
    },
  };
}

/**
 * Finds a file of the repository. Its path is whole, so that of several files that end in it the shortest is meant: what
 * stands in front of it is where the checkout was, or a module's name. Where that does not tell, the frame may.
 *
 * @param path from the top of the repository
 */
export function matchRepositoryFile(index: ReportIndex, path: string, frame: FrameFile): FileMatch {
  const match = matchFile(index, { filename: path });
  if (match.kind !== 'several') return match;
  const { paths } = match;
  const [shortest, next] = paths.toSorted((a, b) => segmentsOf(a).length - segmentsOf(b).length);
  const length = (text = '') => segmentsOf(text).length;
  if (shortest && length(shortest) >= length(path) && length(shortest) < length(next)) {
    return { kind: 'one', path: shortest };
  }
  const ofFrame = matchFile(index, frame);
  return ofFrame.kind === 'one' && paths.includes(ofFrame.path) ? ofFrame : match;
}

/** Files of the report in the same folder; where there are none, those with the most folders in common. */
export function neighboursOf({ files }: ReportIndex, path: string, most: number): string[] {
  const wanted = segmentsOf(path);
  let best = -1;
  let found: string[] = [];
  for (const file of files) {
    const common = commonPrefix(file.segments, wanted, wanted.length - 1);
    if (file.path === path || common < best || (common === best && found.length === most)) continue;
    if (common > best) found = [];
    best = common;
    found.push(file.path);
  }
  return found;
}

/**
 * Of the files that several reports of one commit have for a frame, those that can be the same one: one's path is the end
 * of the other's. Those that have less in common with the frame and are no such end are files of another folder.
 *
 * @param whole the frame's path from the top of the repository, where it is known: then what stands in front of it is
 * where each machine had its checkout
 */
export function joinMatches(
  paths: readonly string[],
  frame: FrameFile,
  whole: string | null,
): FileMatch & { joined: Set<string> } {
  const wanted = whole === null ? framePaths(frame).map(({ segments }) => segments) : [segmentsOf(whole)];
  const ranked = [...new Set(paths)].map((path) => {
    const segments = segmentsOf(path);
    return { path, segments, common: Math.max(0, ...wanted.map((of) => commonEnd(of, segments, lower))) };
  });
  const most = Math.max(0, ...ranked.map(({ common }) => common));
  const best = ranked.filter(({ common }) => common === most).sort((a, b) => b.segments.length - a.segments.length);
  const [longest] = best;
  if (!longest) return { kind: 'none', nearest: [], joined: new Set() };
  const isEnd = ({ segments }: { segments: string[] }) =>
    commonEnd(segments, longest.segments, lower) === Math.min(segments.length, longest.segments.length);
  const isSame = (each: (typeof ranked)[number]) => isEnd(each) || (whole !== null && isAbsolute(each.path));
  if (!best.every(isSame)) return { kind: 'several', paths: best.map(({ path }) => path).sort(), joined: new Set() };
  return { kind: 'one', path: longest.path, joined: new Set(ranked.filter(isSame).map(({ path }) => path)) };
}

function bestMatches({ byBasename, rootLength }: ReportIndex, candidates: CleanPath[], fold: Fold): string[] {
  let best = 0;
  let paths = new Set<string>();
  for (const candidate of candidates) {
    for (const file of byBasename.get((candidate.segments.at(-1) ?? '').toLowerCase()) ?? []) {
      const common = commonEnd(candidate.segments, file.segments, fold);
      if (common < best || common === 0 || !isSameFile(candidate, file, common, rootLength)) continue;
      if (common > best) paths = new Set();
      best = common;
      paths.add(file.path);
    }
  }
  return [...paths];
}

/**
 * One path is the end of the other; or both are absolute and differ in nothing but where the checkout was. And a
 * library's frame never means a file of the project: its path has to agree up to the folder of the libraries.
 */
function isSameFile(candidate: CleanPath, file: ReportFile, common: number, rootLength: number): boolean {
  const { segments } = candidate;
  const library = segments.findLastIndex((segment) => LIBRARIES.has(segment));
  if (library !== -1 && common < segments.length - library) return false;
  if (common === segments.length || common === file.segments.length) return true;
  const isElsewhere = candidate.isAbsolute && isAbsolute(file.path);
  return isElsewhere && common >= Math.max(2, file.segments.length - rootLength);
}
const LIBRARIES = new Set(['node_modules', 'site-packages', 'dist-packages', 'vendor', 'bower_components']);

/** By common end, then by how alike the names are, then by common folders. */
function nearestPaths({ byBasename }: ReportIndex, candidates: CleanPath[]): string[] {
  const wanted = candidates.map(({ segments }) => segments);
  const names = [...new Set(wanted.map((segments) => lower(segments.at(-1) ?? '')))];
  const namesakes = names.flatMap((name) => byBasename.get(name) ?? []);
  const alike = namesakes.length < NEAREST ? mostAlike(byBasename, names) : [];
  const longest = (of: (segments: string[]) => number) => Math.max(0, ...wanted.map(of));
  return [...namesakes.map((file) => ({ file, distance: 0 })), ...alike]
    .map(({ file: { path, segments }, distance }) => ({
      path,
      distance,
      common: longest((frame) => commonEnd(frame, segments, lower)),
      folders: longest((frame) => commonEnd(frame.slice(0, -1), segments.slice(0, -1), lower)),
    }))
    .sort(
      (a, b) => b.common - a.common || a.distance - b.distance || b.folders - a.folders || (a.path < b.path ? -1 : 1),
    )
    .slice(0, NEAREST)
    .map(({ path }) => path);
}
const NEAREST = 3;

/** Files whose names are at least as alike as the third best. */
function mostAlike(byBasename: ReportIndex['byBasename'], names: string[]): { file: ReportFile; distance: number }[] {
  let kept: { file: ReportFile; distance: number }[] = [];
  let worst = Number.POSITIVE_INFINITY;
  for (const [name, files] of byBasename) {
    if (names.includes(name)) continue;
    const distance = Math.min(...names.map((wanted) => editDistance(wanted, name, worst)));
    if (distance > worst) continue;
    kept.push(...files.map((file) => ({ file, distance })));
    const distances = kept.map((entry) => entry.distance).sort((a, b) => a - b);
    const third = distances[NEAREST - 1] ?? worst;
    if (third < worst) kept = kept.filter((entry) => entry.distance <= third);
    worst = third;
    // Many names that are equally unlike: any three will do, and the list must not grow with the report.
    if (kept.length > KEPT_ALIKE) kept = kept.sort((a, b) => a.distance - b.distance).slice(0, KEPT_ALIKE);
  }
  return kept;
}
const KEPT_ALIKE = 50;

/**
 * Levenshtein's, of the first 64 characters: names are written by strangers, and the time grows with the square.
 *
 * @param most beyond it the exact number does not matter
 */
export function editDistance(left: string, right: string, most = Number.POSITIVE_INFINITY): number {
  const a = left.slice(0, 64);
  const b = right.slice(0, 64);
  if (Math.abs(a.length - b.length) > most) return Math.abs(a.length - b.length);
  // One row of the table, in place: `diagonal` is the cell above and to the left.
  const row = Uint8Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    let diagonal = i - 1;
    let least = i;
    row[0] = i;
    for (let j = 1; j <= b.length; j += 1) {
      const above = row[j] ?? 0;
      const replaced = diagonal + (a[i - 1] === b[j - 1] ? 0 : 1);
      const cell = Math.min(replaced, above + 1, (row[j - 1] ?? 0) + 1);
      row[j] = cell;
      diagonal = above;
      if (cell < least) least = cell;
    }
    if (least > most) return least;
  }
  return row[b.length] ?? 0;
}
