import type { Json } from '../protocol/event.ts';
import { type DescribedEvent, type DescribedFrame, leaveOut } from './described-event.ts';
import { clip, countOf, estimateTokens } from './text.ts';

/** Tokens of the description. Leaves room for the answer in a window of 16k, which most local models have. */
export const MAX_DESCRIPTION_TOKENS = 10_000;

/** The description as the model gets it. */
export const renderDescription = (described: DescribedEvent | Json): string => JSON.stringify(described, null, 1);

/**
 * Gives up what helps least, in this order, until the description fits: breadcrumbs, variables of frames that did not
 * crash, source of library frames, library frames but the newest, exceptions but the newest, source around the other
 * frames, the other frames, and at last the ends of long messages and variables.
 */
export function fitToBudget(described: DescribedEvent, maxTokens: number): DescribedEvent {
  let fitting = described;
  for (const giveUp of ORDER) {
    if (estimateTokens(renderDescription(fitting)) <= maxTokens) return fitting;
    fitting = giveUp(fitting);
  }
  return fitting;
}

/** "12 library frames left out", in the order of giving up. */
export const describeLeftOut = (described: DescribedEvent): string[] =>
  Object.entries(described.left_out ?? {}).map(([noun, count]) => `${countOf(count, noun)} left out`);

type GiveUp = (described: DescribedEvent) => DescribedEvent;

const ORDER: GiveUp[] = [
  ({ breadcrumbs = [], ...rest }) => noting(rest, 'breadcrumb', breadcrumbs.length),
  (described) => {
    let gone = 0;
    const next = mapFrames(described, ({ vars, ...frame }) => {
      if (frame.crash || !vars) return vars ? { ...frame, vars } : frame;
      gone += Object.keys(vars).length;
      return frame;
    });
    return noting(next, 'variable', gone);
  },
  (described) => withoutCode(described, (frame) => !frame.in_app && !frame.crash, 'library frame source'),
  (described) => withoutFrames(described, (frame, index) => index === 0 || Boolean(frame.in_app), 'library frame'),
  ({ exceptions, ...rest }) =>
    noting({ ...rest, exceptions: exceptions.slice(0, 1) }, 'older exception', Math.max(0, exceptions.length - 1)),
  (described) => withoutCode(described, (frame) => !frame.crash, 'app frame source'),
  (described) => withoutFrames(described, (_, index) => index < 3, 'app frame'),
  cutTexts,
];

function noting(described: DescribedEvent, noun: string, count: number): DescribedEvent {
  if (count === 0) return described;
  const leftOut = { ...described.left_out };
  leaveOut(leftOut, noun, count);
  return { ...described, left_out: leftOut };
}

function mapTraces(described: DescribedEvent, map: (frames: DescribedFrame[]) => DescribedFrame[]): DescribedEvent {
  const mapped = {
    ...described,
    exceptions: described.exceptions.map((exception) =>
      exception.stacktrace ? { ...exception, stacktrace: map(exception.stacktrace) } : exception,
    ),
  };
  if (!described.threads) return mapped;
  return { ...mapped, threads: described.threads.map((thread) => ({ ...thread, stacktrace: map(thread.stacktrace) })) };
}

const mapFrames = (described: DescribedEvent, map: (frame: DescribedFrame) => DescribedFrame): DescribedEvent =>
  mapTraces(described, (frames) => frames.map(map));

function withoutCode(
  described: DescribedEvent,
  isGone: (frame: DescribedFrame) => boolean,
  noun: string,
): DescribedEvent {
  let gone = 0;
  const next = mapFrames(described, (frame) => {
    if (frame.code === undefined || !isGone(frame)) return frame;
    gone++;
    const { code_before: _before, code: _code, code_after: _after, coverage: _coverage, ...rest } = frame;
    return rest;
  });
  return noting(next, noun, gone);
}

function withoutFrames(
  described: DescribedEvent,
  isKept: (frame: DescribedFrame, index: number) => boolean,
  noun: string,
): DescribedEvent {
  let gone = 0;
  const next = mapTraces(described, (frames) => {
    const kept = frames.filter((frame, index) => frame.crash || isKept(frame, index));
    gone += frames.length - kept.length;
    return kept;
  });
  return noting(next, noun, gone);
}

/** The last resort: every text is short, so what is left is a few frames. */
function cutTexts(described: DescribedEvent): DescribedEvent {
  const cut = mapFrames(described, ({ vars: _vars, ...frame }) => frame);
  const exceptions = cut.exceptions.map(({ exception_info: _info, ...exception }) => ({
    ...exception,
    message: exception.message === null ? null : clip(exception.message, 500),
  }));
  const message = cut.message === undefined ? {} : { message: clip(cut.message, 500) };
  return noting({ ...cut, exceptions, ...message }, 'long text', 1);
}

/** What the redactor is given; the description is JSON by its making. */
export const asJson = (described: DescribedEvent): Json => JSON.parse(JSON.stringify(described));
