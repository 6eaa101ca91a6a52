import type { Frame, Stacktrace } from '../protocol/contract.ts';
import type { StoredFrame, StoredStacktrace } from '../protocol/event.ts';
import { FRAME_KEYS, mapItems, type Node, own, STACKTRACE_KEYS, toApiKeys } from './event-keys.ts';

/** One frame in the API's shape. Fields that the SDK did not send are null, so that the page asks no "absent or null?". */
export function toFrame(frame: StoredFrame): Frame {
  const status = own(frame.data, 'symbolicator_status');
  return {
    ...unknownFields(frame),
    filename: frame.filename ?? null,
    absPath: frame.abs_path ?? frame.filename ?? null,
    module: frame.module ?? null,
    package: frame.package ?? null,
    platform: frame.platform ?? null,
    function: frame.function ?? null,
    rawFunction: frame.raw_function ?? null,
    symbol: frame.symbol ?? null,
    lineNo: frame.lineno ?? null,
    colNo: frame.colno ?? null,
    context: contextOf(frame),
    vars: frame.vars && Object.keys(frame.vars).length > 0 ? frame.vars : null,
    inApp: frame.in_app ?? false,
    instructionAddr: frame.instruction_addr ?? null,
    symbolAddr: frame.symbol_addr ?? null,
    imageAddr: frame.image_addr ?? null,
    addrMode: frame.addr_mode ?? null,
    trust: frame.trust ?? null,
    symbolicatorStatus: typeof status === 'string' ? status : null,
    sourceLink: frame.source_link ?? null,
    stackStart: frame.stack_start ?? null,
    lock: frame.lock ?? null,
    errors: frame.errors ?? null,
    data: frame.data ?? null,
    ...sourceMapOf(frame),
  };
}

const WIRE_NAMES: ReadonlySet<string> = new Set([
  ...FRAME_KEYS.map(([wire]) => wire),
  'pre_context',
  'context_line',
  'post_context',
]);

/** What an SDK adds of its own (`native`, `function_id`, `project_root`): the page shows it, under the name that it came with. */
function unknownFields(frame: StoredFrame): Node {
  return Object.fromEntries(Object.entries(frame).filter(([name]) => !WIRE_NAMES.has(name)));
}

/**
 * `[line number, text]` pairs. A frame that has source but no line number keeps its source, numbered around 0 for the
 * line that ran (Sentry shows none of it).
 */
function contextOf(frame: StoredFrame): [number, string | null][] {
  const before = frame.pre_context ?? [];
  const after = frame.post_context ?? [];
  const line = frame.context_line ?? null;
  if (line === null && before.length === 0 && after.length === 0) return [];
  const first = (frame.lineno ?? 0) - before.length;
  return [...before, line, ...after].map((text, index) => [first + index, text]);
}

/** Where the position was before a source map was applied. */
function sourceMapOf({ data }: StoredFrame): Node {
  const url = own(data, 'sourcemap');
  if (typeof url !== 'string') return {};
  return {
    map: url.slice(url.lastIndexOf('/') + 1),
    mapUrl: /^https?:\/\//.test(url) ? url : null,
    origFunction: own(data, 'orig_function') ?? null,
    origAbsPath: own(data, 'orig_abs_path') ?? null,
    origFilename: own(data, 'orig_filename') ?? null,
    origLineNo: own(data, 'orig_lineno') ?? null,
    origColNo: own(data, 'orig_colno') ?? null,
  };
}

export function toStacktrace(stacktrace: StoredStacktrace): Stacktrace {
  const frames = (stacktrace.frames ?? []).map(toFrame);
  const { registers } = stacktrace;
  return {
    frames,
    framesOmitted: stacktrace.frames_omitted ?? null,
    hasSystemFrames: frames.some((frame) => frame.inApp) && frames.some((frame) => !frame.inApp),
    registers: registers && Object.keys(registers).length > 0 ? registers : null,
  };
}

/** `_meta` of a stack trace under the API's names; lines of source under their index in `context`. */
export function stacktraceMeta(meta: unknown, stacktrace: StoredStacktrace | null | undefined): Node {
  const frames = stacktrace?.frames ?? [];
  return {
    ...toApiKeys(meta, STACKTRACE_KEYS),
    frames: mapItems(own(meta, 'frames'), (frame, index) => frameMeta(frame, frames[index])),
  };
}

function frameMeta(meta: unknown, frame: StoredFrame | undefined): Node {
  const { pre_context: before, context_line: line, post_context: after, ...rest } = toApiKeys(meta, FRAME_KEYS);
  const length = frame?.pre_context?.length ?? 0;
  const lines = [
    ...linesMeta(before, 0),
    ...(line === undefined ? [] : [[String(length), { '1': line }] as const]),
    ...linesMeta(after, length + 1),
  ];
  // A list that was cut as a whole has its annotation on the list: the page shows it at the source's own place.
  const whole = own(before, '') ?? own(after, '');
  const context = Object.fromEntries([...(whole === undefined ? [] : [['', whole] as const]), ...lines]);
  return Object.keys(context).length > 0 ? { ...rest, context } : rest;
}

function linesMeta(meta: unknown, offset: number): (readonly [string, Node])[] {
  if (typeof meta !== 'object' || meta === null) return [];
  return Object.entries(meta).flatMap(([key, child]) =>
    /^\d+$/.test(key) ? [[String(Number(key) + offset), { '1': child }] as const] : [],
  );
}
