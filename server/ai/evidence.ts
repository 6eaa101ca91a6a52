import type { Json, StoredEvent, StoredFrame } from '../protocol/event.ts';
import { describeFrames } from './describe-event.ts';
import { linesAround } from './describe-frame.ts';
import { type DescribedEvent, type DescribedFrame, leaveOut } from './described-event.ts';
import { type CoveredLines, coveredLines, type LineCoverage } from './evidence-coverage.ts';
import type { Redactor } from './redact.ts';
import { clip, showInvisible } from './text.ts';

/** Lines of a file at a commit. */
export type CheckoutSource = {
  /** Within the repository, as git has it. */
  path: string;
  /** Full hex. */
  commit: string;
  /** From 1. */
  startLine: number;
  lines: readonly string[];
  /** The head of the class that it is in. */
  within?: string;
};

/** Times are Unix ms. */
export type IssueCounts = { timesSeen: number; userCount: number; firstSeen: number; lastSeen: number };

/** What is known about an event beside itself. */
export type EvidenceContext = {
  /** Coverage of the files of frames. */
  coverage?: ReadonlyMap<StoredFrame, LineCoverage>;
  /** The function around the line of a frame, from the checkout at the event's commit. */
  enclosing?: ReadonlyMap<StoredFrame, CheckoutSource>;
  /** Functions that those use, the nearest to the crash first. */
  definitions?: readonly CheckoutSource[];
  counts?: IssueCounts | null;
};

/** A piece of the checkout as a model gets it. */
export type ShownSource = {
  path: string;
  commit: string;
  startLine: number;
  lines: string[];
  within?: string;
  /** Of a file that a report has, all of it. */
  coverage?: LineCoverage;
  /** Numbers of the frames that ran in it; none of a definition. */
  frames: number[];
  /** Index of the line where the newest of these frames was. */
  at: number;
  isCrash: boolean;
  /** Is each line where it stands in the file? Redaction may have made one of several. */
  isAligned: boolean;
};

/** All that may go into a payload. What an outsider may have written is apart from what the operator's own tooling says. */
export type Evidence = {
  /** As the SDK sent it; without what was left out, which stands in `leftOut`. */
  event: DescribedEvent;
  /** Newest frame first. */
  functions: ShownSource[];
  definitions: ShownSource[];
  /** Of frames that have no function here. */
  coverage: (CoveredLines & { frame: number })[];
  counts: IssueCounts | null;
  /** Numbers of the frames whose own lines stand in a function here as well. */
  repeated: ReadonlySet<number>;
  /** Singular noun to count. */
  leftOut: Record<string, number>;
};

const MAX_LINE = 300;

/** Describes an event with all that is known about it, redacted. Not yet cut to a budget. */
export function collectEvidence(event: StoredEvent, context: EvidenceContext, redactor: Redactor): Evidence {
  const leftOut: Record<string, number> = {};
  const enclosing = matchingSources(context.enclosing, leftOut);
  const { described, frames } = describeFrames(event, { redactor, enclosing });
  for (const [noun, count] of Object.entries(described.left_out ?? {})) leaveOut(leftOut, noun, count);
  const { left_out: _, ...rest } = described;

  const functions: ShownSource[] = [];
  const coverage: Evidence['coverage'] = [];
  const repeated = new Set<number>();
  let number = 0;
  for (const [frame, shown] of frames) {
    const source = enclosing.get(frame);
    const lines = context.coverage?.get(frame);
    const covered = lines && !source && coveredAround(frame, lines);
    if (!source && !covered) continue;
    shown.frame = ++number;
    if (covered) coverage.push({ frame: number, ...covered });
    if (!source) continue;
    if (isRepeated(frame, source)) repeated.add(number);
    addFunction(functions, toShown(source, frame, number, shown, lines, redactor));
  }
  const definitions = (context.definitions ?? [])
    .filter((one) => !functions.some((shown) => isWithin(one, shown)))
    .map((one) => toShown(one, null, 0, {}, undefined, redactor));
  const collected = {
    event: rest,
    functions,
    definitions,
    coverage,
    counts: context.counts ?? null,
    repeated,
    leftOut,
  };
  return sweep(collected, redactor);
}

/** A checkout whose line is another one than the event's is of another version, and would mislead. */
function matchingSources(
  sources: EvidenceContext['enclosing'],
  leftOut: Record<string, number>,
): Map<StoredFrame, CheckoutSource> {
  const matching = new Map<StoredFrame, CheckoutSource>();
  for (const [frame, source] of sources ?? []) {
    if (isLineOf(frame, source)) matching.set(frame, source);
    else leaveOut(leftOut, 'function of another version', 1);
  }
  return matching;
}

/** Is the line that ran where the frame says it is? */
export function isLineOf(frame: StoredFrame, source: CheckoutSource): boolean {
  const line = source.lines[(frame.lineno ?? 0) - source.startLine];
  const own = frame.context_line;
  return line !== undefined && (typeof own !== 'string' || own.trim() === line.trim());
}

function coveredAround(frame: StoredFrame, coverage: LineCoverage): CoveredLines | undefined {
  if (typeof frame.lineno !== 'number') return undefined;
  const { pre, post } = linesAround(frame);
  return coveredLines(coverage, frame.lineno - pre.length, frame.lineno + post.length);
}

/** Do the lines that the event has all stand in the source, at their place? */
function isRepeated(frame: StoredFrame, { startLine, lines }: CheckoutSource): boolean {
  const { pre, post } = linesAround(frame);
  const at = (frame.lineno ?? 0) - startLine;
  const isSame = (text: string | null, index: number) => lines[index]?.trimEnd() === (text ?? '').trimEnd();
  return (
    pre.every((text, index) => isSame(text, at - pre.length + index)) &&
    post.every((text, index) => isSame(text, at + 1 + index))
  );
}

function toShown(
  source: CheckoutSource,
  frame: StoredFrame | null,
  number: number,
  described: DescribedFrame,
  coverage: LineCoverage | undefined,
  redactor: Redactor,
): ShownSource {
  const { path, commit, startLine } = source;
  // As one text, since a secret may go over several lines.
  const lines = redactor.text(showInvisible(source.lines.join('\n')), 'code').split('\n');
  const isAligned = lines.length === source.lines.length;
  return {
    path,
    commit,
    startLine,
    lines: lines.map((line) => clip(line, MAX_LINE)),
    ...(source.within !== undefined && {
      within: clip(redactor.text(showInvisible(source.within), 'code').replaceAll('\n', ' '), MAX_LINE),
    }),
    ...(coverage && isAligned && { coverage }),
    frames: frame ? [number] : [],
    at: Math.min(frame ? (frame.lineno ?? 0) - startLine : 0, lines.length - 1),
    isCrash: described.crash === 'here',
    isAligned,
  };
}

const isWithin = (inner: CheckoutSource, { path, startLine, lines }: ShownSource): boolean =>
  inner.path === path &&
  inner.startLine >= startLine &&
  inner.startLine + inner.lines.length <= startLine + lines.length;

/** Recursion and closures: a function that holds several frames stands there once. */
function addFunction(functions: ShownSource[], added: ShownSource): void {
  const holder = functions.find((shown) => isWithin(added, shown));
  if (!holder) {
    functions.push(added);
    return;
  }
  holder.frames.push(...added.frames);
  holder.isCrash ||= added.isCrash;
}

/** The last look of the redactor, over all texts at once: what was found in one place is replaced in every other. */
function sweep(evidence: Evidence, redactor: Redactor): Evidence {
  const linesOf = (sources: ShownSource[]) => sources.map(({ lines, within }) => ({ lines, within: within ?? null }));
  const texts = {
    event: evidence.event,
    functions: linesOf(evidence.functions),
    definitions: linesOf(evidence.definitions),
  };
  const plain: Json = JSON.parse(JSON.stringify(texts));
  const swept: typeof texts = JSON.parse(JSON.stringify(redactor.sweep(plain)));
  const withLines = (sources: ShownSource[], pieces: ReturnType<typeof linesOf>) =>
    sources.map((source, index) => {
      const { lines = [], within = null } = pieces[index] ?? {};
      return { ...source, lines, ...(within !== null && { within }) };
    });
  return {
    ...evidence,
    event: swept.event,
    functions: withLines(evidence.functions, swept.functions),
    definitions: withLines(evidence.definitions, swept.definitions),
  };
}
