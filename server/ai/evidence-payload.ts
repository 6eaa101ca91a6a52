import type { Json } from '../protocol/event.ts';
import type { DescribedEvent, DescribedFrame } from './described-event.ts';
import type { Evidence, IssueCounts, ShownSource } from './evidence.ts';
import { coveredLines } from './evidence-coverage.ts';

/** The JSON between the marks: `untrusted` is as the SDK sent it, `trusted` is what our own tooling says. */
export type Payload = {
  untrusted: DescribedEvent;
  trusted?: {
    issue?: ReturnType<typeof describeCounts>;
    checkouts?: ReturnType<typeof describeCheckout>[];
    coverage?: Evidence['coverage'];
  };
  left_out?: Record<string, number>;
};

export function payloadOf(evidence: Evidence): Payload {
  const { counts, coverage, leftOut } = evidence;
  const checkouts = Map.groupBy([...evidence.functions, ...evidence.definitions], ({ commit }) => commit);
  const trusted = {
    ...(counts && { issue: describeCounts(counts) }),
    ...(checkouts.size > 0 && {
      checkouts: [...checkouts].map(([commit, sources]) => describeCheckout(commit, sources)),
    }),
    ...(coverage.length > 0 && { coverage }),
  };
  return {
    untrusted: withoutRepeated(evidence),
    ...(Object.keys(trusted).length > 0 && { trusted }),
    ...(Object.keys(leftOut).length > 0 && { left_out: leftOut }),
  };
}

const MAX_IN_A_ROW = 120;
const CODE: ReadonlySet<string> = new Set(['code', 'code_before', 'code_after']);

/**
 * JSON that people can read, too: what is short stands in a row, source a line each and without an indentation beside its
 * own. A tenth shorter than one value a line.
 */
export const renderPayload = (payload: Payload | Json): string => render(JSON.parse(JSON.stringify(payload)), '');

function render(value: Json, indent: string, key = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isSource = CODE.has(key) && Array.isArray(value);
  if (!isSource) {
    const row = inRow(value, MAX_IN_A_ROW);
    if (row !== null) return row;
  }
  const inner = isSource ? '' : `${indent} `;
  const parts = Array.isArray(value)
    ? value.map((item) => render(item, inner))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${render(item, inner, name)}`);
  const [start, end] = Array.isArray(value) ? '[]' : '{}';
  return `${start}\n${inner}${parts.join(`,\n${inner}`)}\n${isSource ? '' : indent}${end}`;
}

/** Null: it is longer. */
function inRow(value: Json, max: number): string | null {
  const text = rowOf(value);
  return text.length <= max ? text : null;
}

function rowOf(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(rowOf).join(', ')}]`;
  const parts = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${rowOf(item)}`);
  return `{${parts.join(', ')}}`;
}

const describeCounts = ({ timesSeen, userCount, firstSeen, lastSeen }: IssueCounts) => ({
  times_seen: timesSeen,
  users: userCount,
  first_seen: new Date(firstSeen).toISOString(),
  last_seen: new Date(lastSeen).toISOString(),
});

/** Files in the order of what they tell first, their pieces as they stand in them: a line is shown once. */
function describeCheckout(commit: string, sources: ShownSource[]) {
  const files = Map.groupBy(sources, ({ path }) => path);
  return {
    commit,
    files: [...files].map(([path, sources]) => {
      const pieces = joined(sources).map(withoutEnds);
      const shown = new Set(pieces.flatMap(({ lines }) => lines.map((line) => line.trim())));
      return { path, pieces: pieces.map((piece) => describePiece(piece, shown)) };
    }),
  };
}

/** Empty lines at its ends say nothing. */
function withoutEnds(piece: ShownSource): ShownSource {
  const isFull = (line: string) => line.trim() !== '';
  const from = piece.isAligned ? piece.lines.findIndex(isFull) : 0;
  const to = piece.lines.findLastIndex(isFull) + 1;
  return from <= 0 && to === piece.lines.length
    ? piece
    : { ...piece, startLine: piece.startLine + Math.max(0, from), lines: piece.lines.slice(Math.max(0, from), to) };
}

function describePiece({ startLine, lines, frames, coverage, within }: ShownSource, shown: ReadonlySet<string>) {
  const covered = coverage && coveredLines(coverage, startLine, startLine + lines.length - 1);
  return {
    ...(within !== undefined && !shown.has(within) && { in: within }),
    start_line: startLine,
    ...(frames.length > 0 && { frames: [...frames].sort((a, b) => a - b) }),
    code: lines,
    ...(covered && { coverage: covered }),
  };
}

/** Pieces of a file, those that overlap or touch as one. */
function joined(pieces: readonly ShownSource[]): ShownSource[] {
  const all: ShownSource[] = [];
  for (const piece of [...pieces].sort((a, b) => a.startLine - b.startLine)) {
    const last = all.at(-1);
    const overlap = last ? last.startLine + last.lines.length - piece.startLine : -1;
    if (!last?.isAligned || !piece.isAligned || overlap < 0) {
      all.push(piece);
      continue;
    }
    const coverage = [...(last.coverage ?? []), ...(piece.coverage ?? [])];
    all[all.length - 1] = {
      ...last,
      lines: [...last.lines, ...piece.lines.slice(overlap)],
      frames: [...last.frames, ...piece.frames],
      ...(coverage.length > 0 && { coverage: [...new Map(coverage)] }),
    };
  }
  return all;
}

/** Lines that the event and the checkout both have stand once; the line that ran stays in its frame. */
function withoutRepeated({ event, functions, repeated }: Evidence): DescribedEvent {
  const shown = new Set(functions.flatMap(({ frames }) => frames).filter((frame) => repeated.has(frame)));
  if (shown.size === 0) return event;
  return mapFrames(event, (frame) => {
    if (frame.frame === undefined || !shown.has(frame.frame)) return frame;
    const { code_before: _before, code_after: _after, ...rest } = frame;
    return rest;
  });
}

export function mapTraces(event: DescribedEvent, map: (frames: DescribedFrame[]) => DescribedFrame[]): DescribedEvent {
  const mapped = {
    ...event,
    exceptions: event.exceptions.map((exception) =>
      exception.stacktrace ? { ...exception, stacktrace: map(exception.stacktrace) } : exception,
    ),
  };
  if (!event.threads) return mapped;
  return { ...mapped, threads: event.threads.map((thread) => ({ ...thread, stacktrace: map(thread.stacktrace) })) };
}

export const mapFrames = (event: DescribedEvent, map: (frame: DescribedFrame) => DescribedFrame): DescribedEvent =>
  mapTraces(event, (frames) => frames.map(map));

/** Frames of all traces, in the order in which they are shown. */
export const framesIn = ({ exceptions, threads = [] }: DescribedEvent): DescribedFrame[] =>
  [...exceptions, ...threads].flatMap(({ stacktrace = [] }) => stacktrace);
