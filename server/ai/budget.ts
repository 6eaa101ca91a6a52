import { type DescribedException, type DescribedFrame, leaveOut } from './described-event.ts';
import type { Evidence } from './evidence.ts';
import { framesIn, mapFrames, mapTraces, payloadOf, renderPayload } from './evidence-payload.ts';
import { clip, countOf } from './text.ts';

/**
 * Gives up what helps least until the payload fits, and no more of it than is needed. In this order: older breadcrumbs,
 * source of library frames, definitions far from the crash, library frames, variables of frames that did not crash, the
 * other definitions, the last breadcrumbs, exceptions but the newest and the one that has the crash, functions of the checkout but the one that crashed, source of
 * other frames, other frames, variables of the crash, lines of its function far from the line that ran, its context, and
 * at last the ends of long texts.
 *
 * @param count tokens of a text; is asked for each line once, since the tokens of lines add up
 * @returns null where not even the least fits
 */
export function fitToBudget(evidence: Evidence, maxTokens: number, count: (text: string) => number): Evidence | null {
  const countLine = remember(count);
  const fits = (candidate: Evidence) => countLines(renderPayload(payloadOf(candidate)), countLine) <= maxTokens;
  if (fits(evidence)) return evidence;
  let rest = evidence;
  for (const step of ORDER) {
    const size = step.size(rest);
    if (size === 0) continue;
    const given = (gone: number) => noting(step.drop(rest, gone), step.noun, step.isWhole ? 1 : gone);
    if (fits(given(size))) return given(leastThat((gone) => fits(given(gone)), size));
    rest = given(size);
  }
  return null;
}

/** "12 library frames left out", in the order of giving up. */
export const describeLeftOut = (leftOut: Record<string, number>): string[] =>
  Object.entries(leftOut).map(
    ([noun, count]) =>
      `${noun.startsWith('function of') ? countOfFunctions(count, noun) : countOf(count, noun)} left out`,
  );

const countOfFunctions = (count: number, noun: string) =>
  `${count} ${count === 1 ? noun : noun.replace('function', 'functions')}`;

/** Lines end tokens, so their tokens add up; counting a payload again costs only what changed. */
export const countLines = (text: string, count: (line: string) => number): number =>
  text.split(/(?<=\n)/).reduce((sum, line) => sum + count(line), 0);

function remember(count: (text: string) => number): (line: string) => number {
  const known = new Map<string, number>();
  return (line) => {
    const tokens = known.get(line) ?? count(line);
    known.set(line, tokens);
    return tokens;
  };
}

/** The least number from 1 to `size` that will do, given that `size` does. */
function leastThat(isEnough: (count: number) => boolean, size: number): number {
  let enough = size;
  let tooFew = 0;
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

function noting(evidence: Evidence, noun: string, count: number): Evidence {
  const leftOut = { ...evidence.leftOut };
  leaveOut(leftOut, noun, count);
  return { ...evidence, leftOut };
}

type Step = {
  noun: string;
  /** How many there are to give up. */
  size: (evidence: Evidence) => number;
  drop: (evidence: Evidence, count: number) => Evidence;
  /** The count is one of characters or the like, and says nothing to people. */
  isWhole?: true;
};

const LAST_BREADCRUMBS = 3;

const breadcrumbs = (keep: number): Step => ({
  noun: 'breadcrumb',
  size: ({ event }) => Math.max(0, (event.breadcrumbs?.length ?? 0) - keep),
  drop: (evidence, count) => {
    const { breadcrumbs: all = [], ...event } = evidence.event;
    const kept = all.slice(count);
    return { ...evidence, event: kept.length > 0 ? { ...event, breadcrumbs: kept } : event };
  },
});

type FrameTest = (frame: DescribedFrame, index: number) => boolean;
const isLibrary: FrameTest = (frame) => !frame.in_app && !frame.crash;
const isOther: FrameTest = (frame) => !frame.crash;

/** Frames that a test holds for, oldest first: those are the farthest from what went wrong. */
const chosen = (evidence: Evidence, test: FrameTest) => framesIn(evidence.event).filter(test).reverse();

const sourceOf = (noun: string, test: FrameTest): Step => {
  const has: FrameTest = (frame, index) => frame.code !== undefined && test(frame, index);
  return {
    noun,
    size: (evidence) => chosen(evidence, has).length,
    drop: (evidence, count) => {
      const gone = new Set(chosen(evidence, has).slice(0, count));
      const without = mapFrames(evidence.event, (frame) => (gone.has(frame) ? withoutCode(frame) : frame));
      return { ...evidence, event: without };
    },
  };
};

const framesOf = (noun: string, test: FrameTest): Step => ({
  noun,
  size: (evidence) => chosen(evidence, test).length,
  drop: (evidence, count) => {
    const gone = new Set(chosen(evidence, test).slice(0, count));
    return withoutOrphans({
      ...evidence,
      event: mapTraces(evidence.event, (frames) => frames.filter((frame) => !gone.has(frame))),
    });
  },
});

const variablesOf = (test: FrameTest): Step => ({
  noun: 'variable',
  size: (evidence) => chosen(evidence, test).reduce((sum, { vars = {} }) => sum + Object.keys(vars).length, 0),
  drop: (evidence, count) => {
    let left = count;
    const kept = new Map<DescribedFrame, DescribedFrame>();
    for (const frame of chosen(evidence, test)) {
      const entries = Object.entries(frame.vars ?? {});
      const gone = Math.min(left, entries.length);
      if (gone === 0) continue;
      left -= gone;
      const { vars: _, ...rest } = frame;
      // Those that the source names first stand first.
      const vars = Object.fromEntries(entries.slice(0, entries.length - gone));
      kept.set(frame, gone === entries.length ? rest : { ...rest, vars });
    }
    return { ...evidence, event: mapFrames(evidence.event, (frame) => kept.get(frame) ?? frame) };
  },
});

/** @param keep the nearest to the crash, which stand first */
const definitions = (keep: number): Step => ({
  noun: 'definition',
  size: (evidence) => Math.max(0, evidence.definitions.length - keep),
  drop: (evidence, count) => ({ ...evidence, definitions: evidence.definitions.slice(0, -count) }),
});
const NEAR_DEFINITIONS = 12;

const isKeptException = (exception: DescribedException, index: number) =>
  index === 0 || exception.stacktrace?.some(({ crash }) => crash) === true;

const olderExceptions: Step = {
  noun: 'older exception',
  size: ({ event }) => event.exceptions.filter((exception, index) => !isKeptException(exception, index)).length,
  drop: (evidence, count) => {
    const { exceptions } = evidence.event;
    const droppable = exceptions.filter((exception, index) => !isKeptException(exception, index));
    const gone = new Set(droppable.slice(droppable.length - count));
    const kept = exceptions.filter((exception) => !gone.has(exception));
    return withoutOrphans({ ...evidence, event: { ...evidence.event, exceptions: kept } });
  },
};

const functions: Step = {
  noun: 'function of the checkout',
  size: (evidence) => evidence.functions.filter(({ isCrash }) => !isCrash).length,
  drop: (evidence, count) => {
    const droppable = evidence.functions.filter(({ isCrash }) => !isCrash);
    const gone = new Set(droppable.slice(droppable.length - count));
    return { ...evidence, functions: evidence.functions.filter((one) => !gone.has(one)) };
  },
};

/** Evidence about frames that are gone goes with them. */
function withoutOrphans(evidence: Evidence): Evidence {
  const numbers = new Set(framesIn(evidence.event).map(({ frame }) => frame));
  return {
    ...evidence,
    functions: evidence.functions.flatMap((one) => {
      const frames = one.frames.filter((frame) => numbers.has(frame));
      return frames.length === 0 ? [] : [{ ...one, frames }];
    }),
    coverage: evidence.coverage.filter(({ frame }) => numbers.has(frame)),
  };
}

/** Lines of the function that crashed, those farthest from the line that ran first. */
const functionLines: Step = {
  noun: 'source line',
  size: ({ functions: [crashed] }) => Math.max(0, (crashed?.lines.length ?? 0) - 1),
  drop: (evidence, count) => {
    const [crashed, ...others] = evidence.functions;
    if (!crashed) return evidence;
    const [from, to] = windowAround(crashed.lines.length, crashed.at, crashed.lines.length - count);
    const { coverage: _, ...rest } = crashed;
    const lines = crashed.lines.slice(from, to);
    const narrowed = { ...rest, lines, startLine: crashed.startLine + from, at: crashed.at - from };
    // The lines that the event itself has are shown again only where they are not cut as well.
    return { ...evidence, functions: [narrowed, ...others] };
  },
};

/** `length` of `total` around an index, the end exclusive. */
function windowAround(total: number, at: number, length: number): [from: number, to: number] {
  const from = Math.max(0, Math.min(at - Math.floor(length / 2), total - length));
  return [from, from + length];
}

const CONTEXT = 40;
/** Lines around the crash that the event has, where the checkout has none. */
const contextLines: Step = {
  noun: 'source line',
  size: (evidence) => Math.min(CONTEXT, contextOf(evidence)),
  drop: (evidence, count) => {
    const keep = contextOf(evidence) - count;
    const before = Math.ceil(keep / 2);
    const event = mapFrames(evidence.event, (frame) => {
      const { code_before: pre = [], code_after: post = [], ...rest } = frame;
      if (!frame.crash || pre.length + post.length === 0) return frame;
      const keptPre = pre.slice(Math.max(0, pre.length - Math.max(before, keep - post.length)));
      const keptPost = post.slice(0, Math.max(0, keep - keptPre.length));
      return {
        ...rest,
        ...(keptPre.length > 0 && { code_before: keptPre }),
        ...(keptPost.length > 0 && { code_after: keptPost }),
      };
    });
    return { ...evidence, event };
  },
};

const contextOf = ({ event }: Evidence): number =>
  framesIn(event)
    .filter(({ crash }) => crash)
    .reduce((sum, { code_before = [], code_after = [] }) => sum + code_before.length + code_after.length, 0);

function withoutCode(frame: DescribedFrame): DescribedFrame {
  const { code_before: _before, code: _code, code_after: _after, ...rest } = frame;
  return rest;
}

/** All that is not code is shorter and shorter; the last are a type, a message and a place. */
const shortTexts: Step = {
  noun: 'long text',
  size: () => LIMITS.length,
  isWhole: true,
  drop: (evidence, count) => {
    const limit = LIMITS[count - 1] ?? 0;
    const { message, exceptions, level, release, environment, request, ...rest } = evidence.event;
    const short = (text: string) => clip(text, limit);
    const event = {
      ...(message !== undefined && { message: short(message) }),
      ...(rest.language !== undefined && { language: short(rest.language) }),
      ...(limit > 100 && { level, release, environment, request }),
      exceptions: exceptions.map(({ exception_info: _, ...exception }) => ({
        ...exception,
        ...(exception.type !== undefined && { type: short(exception.type) }),
        message: exception.message === null ? null : short(exception.message),
      })),
      ...(rest.threads && { threads: rest.threads.map(({ name: _, ...thread }) => thread) }),
    };
    const frames = mapFrames(event, ({ vars: _vars, ...frame }) => shortFrame(frame, limit));
    return { ...evidence, event: frames, ...(limit <= 100 && { functions: [], coverage: [], definitions: [] }) };
  },
};

const LIMITS = [500, 250, 100, 40];

function shortFrame(frame: DescribedFrame, limit: number): DescribedFrame {
  const texts = Object.entries(frame).map(([key, value]) => [
    key,
    typeof value === 'string' ? clip(value, limit) : value,
  ]);
  return Object.fromEntries(texts);
}

const ORDER: readonly Step[] = [
  breadcrumbs(LAST_BREADCRUMBS),
  sourceOf('library frame source', isLibrary),
  definitions(NEAR_DEFINITIONS),
  // The newest frame says what was called, whoever wrote it.
  framesOf('library frame', (frame, index) => isLibrary(frame, index) && index > 0),
  variablesOf(isOther),
  definitions(0),
  breadcrumbs(0),
  olderExceptions,
  functions,
  sourceOf('app frame source', isOther),
  framesOf('app frame', (frame, index) => isOther(frame, index) && index >= 3),
  variablesOf((frame) => Boolean(frame.crash)),
  functionLines,
  contextLines,
  framesOf('app frame', isOther),
  shortTexts,
];
