import type {
  Json,
  JsonObject,
  StoredBreadcrumb,
  StoredEvent,
  StoredException,
  StoredFrame,
  StoredRequest,
  StoredStacktrace,
} from '../protocol/event.ts';
import { describeFrame, describeVars, linesAround } from './describe-frame.ts';
import { type Clean, createClean } from './describe-value.ts';
import {
  type DescribedBreadcrumb,
  type DescribedEvent,
  type DescribedException,
  type DescribedFrame,
  leaveOut,
} from './described-event.ts';
import type { Redactor } from './redact.ts';
import { trimFrames } from './trim-frames.ts';

export const MAX_EXCEPTIONS = 3;
export const MAX_FRAMES = 15;
const MAX_BREADCRUMBS = 30;
const MAX_MESSAGE = 2000;
const MAX_NAME = 300;
/** A release that is a commit looks like a key, and is none. */
const COMMIT = /^[0-9a-f]{7,40}$/;

export type DescribeOptions = {
  /** Lines that are shown of a frame beside those that it has itself: they name variables too. */
  enclosing?: ReadonlyMap<StoredFrame, { lines: readonly string[] }>;
  /** Applied to every text before it is cut. */
  redactor?: Pick<Redactor, 'text' | 'named'>;
};

type Context = DescribeOptions & {
  clean: Clean;
  leftOut: Record<string, number>;
  crash: StoredFrame | undefined;
  frames: Map<StoredFrame, DescribedFrame>;
};

/**
 * Describes an event so that a model can reason about it: Sentry's shape (sentry-behaviour 1.3) without its faults. The
 * crash mark is on one frame, the newest in-app one of the newest exception; the newest exceptions are kept, not the
 * oldest; 15 frames are never exceeded; every frame has its source, whatever the model is called; null is no error.
 * Beside it what Sentry leaves out: variables, request, release, breadcrumbs.
 */
export const describeEventForAi = (event: StoredEvent, options: DescribeOptions = {}): DescribedEvent =>
  describeFrames(event, options).described;

/** @returns `frames`: what each frame that is shown became, in the order in which they stand there */
export function describeFrames(
  event: StoredEvent,
  options: DescribeOptions,
): { described: DescribedEvent; frames: ReadonlyMap<StoredFrame, DescribedFrame> } {
  const chain = (event.exception?.values ?? []).filter((exception) => exception !== null);
  const newest = chain.slice(-MAX_EXCEPTIONS).reverse();
  const traces = newest.map(framesOf);
  const leftOut: Record<string, number> = {};
  const hasFrames = traces.some((frames) => frames.length > 0);
  const thread = hasFrames ? undefined : traceWithoutException(event);
  const crash = crashFrame(traces.find((frames) => frames.length > 0) ?? (thread ? framesOf(thread) : []));
  const frames = new Map<StoredFrame, DescribedFrame>();
  const context: Context = { ...options, clean: createClean(options.redactor ?? null), leftOut, crash, frames };

  leaveOut(leftOut, 'older exception', chain.length - newest.length);
  const described: DescribedEvent = {
    ...describeSurroundings(event, context),
    exceptions: newest.map((exception, index) => describeException(exception, index, newest, context)),
    ...(thread && {
      threads: [
        {
          ...(thread.name && { name: context.clean.text(thread.name, MAX_NAME) }),
          ...(thread.crashed && { crashed: true as const }),
          stacktrace: describeTrace(framesOf(thread), context),
        },
      ],
    }),
    ...describeBreadcrumbs(event, context),
  };
  return { described: Object.keys(leftOut).length > 0 ? { ...described, left_out: leftOut } : described, frames };
}

type Traced = { stacktrace?: StoredStacktrace | null };

/** Newest first. */
const framesOf = ({ stacktrace }: Traced): StoredFrame[] =>
  (stacktrace?.frames ?? []).filter((frame) => frame !== null).reverse();

const crashFrame = (frames: StoredFrame[]): StoredFrame | undefined =>
  frames.find((frame) => frame.in_app === true) ?? frames[0];

/** The thread that crashed, else the current one, else the first with frames; else the trace at the top of the event. */
function traceWithoutException(
  event: StoredEvent,
): (Traced & { name?: string | null; crashed?: boolean | null }) | undefined {
  const threads = (event.threads?.values ?? []).filter((thread) => thread && framesOf(thread).length > 0);
  const thread = threads.find(({ crashed }) => crashed) ?? threads.find(({ current }) => current) ?? threads[0];
  if (thread) return thread;
  return event.stacktrace && framesOf(event).length > 0 ? { stacktrace: event.stacktrace } : undefined;
}

function describeSurroundings(event: StoredEvent, { clean }: Context): Omit<DescribedEvent, 'exceptions'> {
  const name = (value: string | null | undefined) => (value ? clean.text(value, MAX_NAME) : undefined);
  const message = event.logentry?.formatted || event.logentry?.message;
  const fields = {
    message: message ? clean.text(message, MAX_MESSAGE) : undefined,
    language: event.platform && event.platform !== 'other' ? name(event.platform) : undefined,
    level: name(event.level),
    release: event.release && COMMIT.test(event.release) ? event.release : name(event.release),
    environment: name(event.environment),
    runtime: name(versionOf(event.contexts?.['runtime'])),
    os: name(versionOf(event.contexts?.['os'] ?? event.contexts?.['client_os'])),
    request: event.request ? describeRequest(event.request, clean) : undefined,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function versionOf(context: JsonObject | null | undefined): string | undefined {
  const parts = [context?.['name'], context?.['version']].filter((part) => typeof part === 'string' && part !== '');
  return parts.length > 0 ? parts.join(' ').trim() : undefined;
}

function describeRequest(request: StoredRequest, clean: Clean): DescribedEvent['request'] {
  // Cut as text: what a client sends as an address is often no URL.
  const path = request.url
    ?.slice(0, 8000)
    .replace(/^[a-z][a-z0-9+.-]{0,20}:\/\/[^/?#]*/i, '')
    .replace(/[?#][\s\S]*$/, '');
  const described = {
    ...(request.method && { method: clean.text(request.method, 20) }),
    ...(path && { path: clean.text(path, MAX_NAME) }),
  };
  return Object.keys(described).length > 0 ? described : undefined;
}

function describeException(
  exception: StoredException,
  index: number,
  shown: StoredException[],
  context: Context,
): DescribedException {
  const { clean } = context;
  const { mechanism } = exception;
  const group = groupNumber(exception, shown);
  const stacktrace = describeTrace(framesOf(exception), context);
  return {
    num: index + 1,
    ...(isRaisedWhileHandling(exception, index, shown) && { raised_during_handling_of_previous_exception: true }),
    ...(group !== undefined && { member_of_group: group }),
    ...(exception.type && { type: clean.text(exception.type, MAX_NAME, 'code') }),
    message: exception.value ? clean.text(exception.value, MAX_MESSAGE) : null,
    ...(mechanism?.meta && { exception_info: clean.value(mechanism.meta, 800) }),
    ...(mechanism?.handled === false && { unhandled: true }),
    ...(stacktrace.length > 0 && { stacktrace }),
  };
}

/**
 * Sentry's flag sits on the older of two exceptions, which is the wrong way round. Members of an exception group were
 * not raised while handling one another; where SDKs send ids, they tell which one was.
 */
function isRaisedWhileHandling(exception: StoredException, index: number, shown: StoredException[]): boolean {
  const { mechanism } = exception;
  if (mechanism?.is_exception_group) return false;
  if (!shown.some((other) => typeof other.mechanism?.parent_id === 'number')) return index < shown.length - 1;
  const id = mechanism?.exception_id;
  return typeof id === 'number' && shown.some((other) => other.mechanism?.parent_id === id);
}

function groupNumber(exception: StoredException, shown: StoredException[]): number | undefined {
  const parent = exception.mechanism?.parent_id;
  if (typeof parent !== 'number') return undefined;
  const index = shown.findIndex(
    ({ mechanism }) => mechanism?.exception_id === parent && mechanism.is_exception_group === true,
  );
  return index === -1 ? undefined : index + 1;
}

/** @param trace newest first */
function describeTrace(trace: StoredFrame[], { clean, leftOut, enclosing, crash, frames }: Context): DescribedFrame[] {
  const isInApp = (frame: StoredFrame) => frame.in_app === true;
  const { kept, leftOut: gone } = trimFrames(trace, MAX_FRAMES, { isInApp, marked: crash });
  leaveOut(leftOut, 'app frame', gone.inApp);
  leaveOut(leftOut, 'library frame', gone.system);
  const own = crash && kept.includes(crash) ? kept.indexOf(crash) : kept.findIndex(isInApp);
  const known = new Map<string, string>();
  return kept.map((frame, index) => {
    const isCrash = frame === crash;
    const isPlumbing = own >= 0 && index > own && !isInApp(frame);
    const described = describeFrame(frame, isCrash, clean, isPlumbing);
    if (isPlumbing) leaveOut(leftOut, 'library source line', linesBeside(frame));
    if (isRepeated(frame, kept[index - 1])) withoutCode(described);
    frames.set(frame, described);
    if (!isCrash && !isInApp(frame)) return described;
    const { vars, leftOut: varsGone } = describeVars(frame, isCrash, clean, enclosing?.get(frame)?.lines);
    leaveOut(leftOut, 'variable', varsGone);
    const news = Object.entries(vars ?? {}).filter(([name, value]) => isNews(known, name, JSON.stringify(value)));
    if (news.length > 0) described.vars = Object.fromEntries(news);
    return described;
  });
}

const linesBeside = (frame: StoredFrame): number => {
  const { pre, post } = linesAround(frame);
  return pre.length + post.length;
};

/** Blocks, closures and recursion: several frames in a row are of one line, whose source stands with the newest. */
const isRepeated = (frame: StoredFrame, newer: StoredFrame | undefined): boolean =>
  newer !== undefined &&
  typeof frame.lineno === 'number' &&
  frame.lineno === newer.lineno &&
  frame.filename === newer.filename &&
  frame.abs_path === newer.abs_path &&
  frame.context_line === newer.context_line;

function withoutCode(frame: DescribedFrame): void {
  delete frame.code_before;
  delete frame.code;
  delete frame.code_after;
}

/** What was handed on as it was stands in the newest frame that has it. */
function isNews(known: Map<string, string>, name: string, value: string): boolean {
  if (known.get(name) === value) return false;
  known.set(name, value);
  return true;
}

function describeBreadcrumbs(event: StoredEvent, { clean, leftOut }: Context): Pick<DescribedEvent, 'breadcrumbs'> {
  const all = (event.breadcrumbs?.values ?? []).filter((breadcrumb) => breadcrumb !== null);
  const last = all.slice(-MAX_BREADCRUMBS);
  leaveOut(leftOut, 'older breadcrumb', all.length - last.length);
  return last.length > 0 ? { breadcrumbs: last.map((breadcrumb) => describeBreadcrumb(breadcrumb, event, clean)) } : {};
}

function describeBreadcrumb(breadcrumb: StoredBreadcrumb, event: StoredEvent, clean: Clean): DescribedBreadcrumb {
  const { timestamp, category, level, message, data } = breadcrumb;
  // Of what is written to a console SDKs say the words twice.
  const isSaid = (value: Json) => value === category || (Array.isArray(value) ? value.join(' ') : value) === message;
  const news = Object.fromEntries(Object.entries(data ?? {}).filter(([, value]) => !isSaid(value)));
  return {
    // A clock that was wrong, and put right for the event alone, says nothing here.
    ...(typeof timestamp === 'number' &&
      timestamp <= event.timestamp && { seconds_before: Math.round((event.timestamp - timestamp) * 10) / 10 }),
    ...(category && { category: clean.text(category, 80) }),
    ...(level && level !== 'info' && { level: clean.text(level, 20) }),
    ...(message && { message: clean.text(message, 300) }),
    ...(Object.keys(news).length > 0 && { data: clean.value(news, 300) }),
  };
}
