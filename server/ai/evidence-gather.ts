import type { Coverage } from '../coverage/line-coverage.ts';
import type { StoredEvent, StoredFrame } from '../protocol/event.ts';
import type { Source, SourceFile } from '../source/source.ts';
import type { CheckoutSource, EvidenceContext, IssueCounts } from './evidence.ts';
import type { LineCoverage } from './evidence-coverage.ts';
import { enclosingFunction, functionsNamed } from './evidence-function.ts';

export type GatherDeps = {
  source: Pick<Source, 'fileOf' | 'textOf'>;
  coverage: Pick<Coverage, 'passOf'>;
  /** Null: there is no such issue. */
  countsOf: (projectId: number, issueId: number) => Promise<IssueCounts | null>;
};

/** Frames that are looked up: as many as are shown at most, of an exception. */
const MAX_LOOKED_UP = 20;
const MAX_DEFINITIONS = 20;
/** As SDKs send them: what stands around a short function says what it is for. */
const LINES_AROUND = 5;

/** Gathers what is known about an event beside itself: source and coverage of its own frames, and how often it came. */
export function createGatherEvidence({ source, coverage, countsOf }: GatherDeps) {
  return async (event: StoredEvent, projectId: number, issueId: number | null): Promise<EvidenceContext> => {
    const frames = ownFrames(event);
    const textOf = readOnce(source);
    const pass = coverage.passOf({ projectId, release: event.release });
    const enclosing = new Map<StoredFrame, CheckoutSource>();
    const covered = new Map<StoredFrame, LineCoverage>();
    const files = new Map<string, OpenFile>();

    for (const frame of frames) {
      const asked = {
        filename: frame.filename,
        absPath: frame.abs_path,
        module: frame.module,
        platform: frame.platform ?? event.platform,
      };
      const { file: report } = await pass.ofFile(asked);
      if (report) covered.set(frame, report.lineCoverage);
      const found = await source.fileOf({ ...asked, projectId, release: event.release });
      const lines = found.reason === null ? await textOf(found) : null;
      if (found.reason !== null || !lines) continue;
      const { path, commit } = found;
      const around = lines && enclosingFunction(lines, frame.lineno ?? 0, path);
      if (!around) continue;
      enclosing.set(frame, { path, commit, ...withNeighbours(around, lines, frame.lineno ?? 0) });
      files.set(`${commit} ${path}`, { path, commit, lines });
    }
    const definitions = definitionsFor([...enclosing.values()], [...files.values()]);
    const counts = issueId === null ? null : await countsOf(projectId, issueId);
    return { enclosing, coverage: covered, definitions, counts };
  };
}

type OpenFile = { path: string; commit: string; lines: readonly string[] };

/** In-app frames with a line, newest exception and newest frame first. */
function ownFrames(event: StoredEvent): StoredFrame[] {
  const traces = [...(event.exception?.values ?? []), ...(event.threads?.values ?? []), event];
  const newest = [...(event.exception?.values ?? [])].reverse();
  return [...newest, ...traces.slice(newest.length)]
    .flatMap((one) => [...(one?.stacktrace?.frames ?? [])].reverse())
    .filter((frame) => frame !== null && frame.in_app === true && typeof frame.lineno === 'number')
    .slice(0, MAX_LOOKED_UP);
}

/** Several frames are of one file. */
function readOnce(source: GatherDeps['source']): (file: SourceFile) => Promise<readonly string[] | null> {
  const read = new Map<string, Promise<readonly string[] | null>>();
  return (file) => {
    const known = read.get(file.blob);
    if (known) return known;
    const lines = source
      .textOf(file)
      .then(({ reason, ...rest }) => (reason === null && 'text' in rest ? rest.text.split(/\r\n|\n|\r/) : null));
    read.set(file.blob, lines);
    return lines;
  };
}

function withNeighbours(
  { startLine, lines }: { startLine: number; lines: readonly string[] },
  all: readonly string[],
  line: number,
): { startLine: number; lines: readonly string[] } {
  const first = Math.max(1, Math.min(startLine, line - LINES_AROUND));
  const last = Math.min(all.length, Math.max(startLine + lines.length - 1, line + LINES_AROUND));
  return { startLine: first, lines: all.slice(first - 1, last) };
}

const NAME = /[\p{L}_$][\p{L}\p{N}_$]{0,100}/gu;

/** Functions of the same files that the shown source names: what it calls may be what is at fault. */
function definitionsFor(shown: readonly CheckoutSource[], files: readonly OpenFile[]): CheckoutSource[] {
  const found: CheckoutSource[] = [];
  const names = new Set<string>();
  for (const { lines } of shown) for (const name of lines.join('\n').match(NAME) ?? []) names.add(name);
  for (const { path, commit, lines } of files) {
    for (const { startLine, lines: body } of functionsNamed(lines, names, path)) {
      const isShown = [...shown, ...found].some(
        (one) => one.path === path && startLine >= one.startLine && startLine < one.startLine + one.lines.length,
      );
      if (!isShown && found.length < MAX_DEFINITIONS) found.push({ path, commit, startLine, lines: body });
    }
  }
  return found;
}
