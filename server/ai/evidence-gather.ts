import type { StoredEvent, StoredFrame } from '../protocol/event.ts';
import type { FrameFile } from '../source/paths.ts';
import type { Source, SourceFile } from '../source/source.ts';
import { type CheckoutSource, type EvidenceContext, type IssueCounts, isLineOf } from './evidence.ts';
import type { LineCoverage } from './evidence-coverage.ts';
import { findDefinitions, type ShownFrame } from './evidence-definitions.ts';
import type { Look, OpenFile } from './evidence-files.ts';
import { enclosingFunction } from './evidence-function.ts';
import { findMentions, wordsOf } from './evidence-mentions.ts';
import { headAround } from './evidence-outline.ts';

export type GatherDeps = {
  source: Pick<Source, 'fileOf' | 'textOf' | 'commitsOf'>;
  coverage: {
    passOf: (event: { projectId: number; release?: string | null }) => {
      ofFile: (frame: FrameFile) => Promise<{ file: { lineCoverage: LineCoverage } | null }>;
    };
  };
  /** Null: there is no such issue. */
  countsOf: (projectId: number, issueId: number) => Promise<IssueCounts | null>;
};

/** Frames that are looked up: as many as are shown at most, of an exception. */
const MAX_LOOKED_UP = 20;
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
    const shown: ShownFrame[] = [];

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
      const own = enclosingFunction(lines, frame.lineno ?? 0, path);
      if (!own) continue;
      const piece = withNeighbours(own, lines, frame.lineno ?? 0);
      const within = headAround(lines, own.startLine);
      const around = { path, commit, ...piece, ...(within !== null && { within }) };
      enclosing.set(frame, around);
      // What another version names leads nowhere.
      if (!isLineOf(frame, around)) continue;
      files.set(`${commit} ${path}`, { path, commit, lines });
      shown.push({ source: around, ran: lines[(frame.lineno ?? 0) - 1] ?? '', body: own.lines });
    }
    const look = lookInto(source, event, projectId);
    const definitions = await findDefinitions(shown, [...files.values()], look);
    const [first] = shown;
    const mentions = first
      ? await findMentions(
          wordsOf(shown, toldBy(event)),
          first.source.commit,
          [...enclosing.values(), ...definitions],
          look,
        )
      : [];
    const counts = issueId === null ? null : await countsOf(projectId, issueId);
    return { enclosing, coverage: covered, definitions: [...definitions, ...mentions], counts };
  };
}

/** In-app frames with a line, newest exception and newest frame first. */
function ownFrames(event: StoredEvent): StoredFrame[] {
  const traces = [...(event.exception?.values ?? []), ...(event.threads?.values ?? []), event];
  const newest = [...(event.exception?.values ?? [])].reverse();
  return [...newest, ...traces.slice(newest.length)]
    .flatMap((one) => [...(one?.stacktrace?.frames ?? [])].reverse())
    .filter((frame) => frame !== null && frame.in_app === true && typeof frame.lineno === 'number')
    .slice(0, MAX_LOOKED_UP);
}

const MAX_VALUE_LENGTH = 60;
const MAX_VALUES = 30;

/** What the event says in words: its messages, and short texts among the variables of the frame that failed. */
function toldBy(event: StoredEvent): { messages: string[]; values: string[] } {
  const exceptions = (event.exception?.values ?? []).flatMap((one) => one?.value ?? []);
  const message = event.logentry?.formatted ?? event.logentry?.message;
  const values = Object.values(ownFrames(event)[0]?.vars ?? {})
    .filter((value) => typeof value === 'string')
    .filter(({ length }) => length <= MAX_VALUE_LENGTH)
    .slice(0, MAX_VALUES);
  return { messages: [...exceptions, ...(message ? [message] : [])], values };
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

/** Files that no frame names, by their path in the checkout. */
function lookInto(source: GatherDeps['source'], { release }: StoredEvent, projectId: number): Look {
  let checkouts: ReturnType<Source['commitsOf']> | null = null;
  const checkoutOf = async (commit: string) => {
    checkouts ??= source.commitsOf({ projectId, release });
    return (await checkouts).checkouts.find((one) => one.commit === commit);
  };
  return {
    read: async (path, commit) => {
      const file = (await checkoutOf(commit))?.file(path);
      const read = file?.kind === 'file' ? await file.read() : null;
      return read?.text?.split(/\r\n|\n|\r/) ?? null;
    },
    mentions: async (words, commit) => (await checkoutOf(commit))?.mentions(words) ?? [],
    filesIn: async (folder, commit) => (await checkoutOf(commit))?.filesIn(folder) ?? [],
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
