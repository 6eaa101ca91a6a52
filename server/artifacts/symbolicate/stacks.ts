/** The stack traces of an event: which of their frames are asked about, and what they become. */
import type { Json, JsonObject, Meta, StoredEvent, StoredFrame, StoredStacktrace } from '../../protocol/event.ts';
import type { FrameAnswer, FrameToMap, MappedFrame, SymbolicateRequest } from './answer.ts';
import { toDebugId } from './source-url.ts';

/** An event before or after digest has derived its title. */
export type WithStacks = Pick<StoredEvent, 'platform' | 'exception' | 'stacktrace' | 'raw_stacktrace' | 'threads'> &
  Pick<StoredEvent, 'project' | 'release' | 'dist' | 'debug_meta' | '_meta'>;
type Holder = { stacktrace?: StoredStacktrace | null; raw_stacktrace?: StoredStacktrace | null };

/** One stack trace, with what it was before it was mapped; `path` is where its holder is in the event. */
export type Stack = {
  path: readonly string[];
  exceptionIndex: number | null;
  threadIndex: number | null;
  shown: StoredStacktrace;
  raw: StoredStacktrace | null;
};

export function stacksOf(event: Pick<WithStacks, 'exception' | 'threads' | 'stacktrace' | 'raw_stacktrace'>): Stack[] {
  const of = (holder: Holder, path: string[], exceptionIndex: number | null, threadIndex: number | null): Stack[] => {
    const { stacktrace, raw_stacktrace: raw = null } = holder;
    return stacktrace?.frames?.length ? [{ path, exceptionIndex, threadIndex, shown: stacktrace, raw }] : [];
  };
  return [
    ...(event.exception?.values ?? []).flatMap((value, at) => of(value, ['exception', 'values', `${at}`], at, null)),
    ...(event.threads?.values ?? []).flatMap((value, at) => of(value, ['threads', 'values', `${at}`], null, at)),
    ...of(event, [], null, null),
  ];
}

/** What engines say of their own functions, what is in an extension, and what was mapped by somebody else. */
const NO_FILE =
  /^(?:<|\[|native\b|node:|internal[/\\]|data:|blob:|about:|(?:webpack|webpack-internal|rspack|turbopack|wasm):|(?:chrome|moz|safari|safari-web|ms-browser)-extension:)/i;

export function isJavaScript(frame: Pick<StoredFrame, 'platform'>, eventPlatform: string): boolean {
  const platform = frame.platform || eventPlatform;
  return platform === 'javascript' || platform === 'node';
}

/** Address of the generated file that a frame is in; null for a frame that needs no map. */
export function generatedUrlOf(frame: StoredFrame, eventPlatform: string): string | null {
  if (!isJavaScript(frame, eventPlatform) || typeof frame.data?.['sourcemap'] === 'string') return null;
  const url = frame.abs_path || frame.filename;
  return url && !NO_FILE.test(url) ? url : null;
}

/** Is there anything to ask about? Most events end here. */
export function hasGeneratedFrames(event: WithStacks): boolean {
  return stacksOf(event).some(
    ({ shown, raw }) => !raw && shown.frames?.some((frame) => generatedUrlOf(frame, event.platform) !== null),
  );
}

/** @param stacktraces of `stacksOf` in their order: as they came (`raw`), else as they are shown */
export function requestOf(event: WithStacks, stacktraces: readonly (StoredStacktrace | null)[]): SymbolicateRequest {
  return {
    projectId: Number(event.project),
    release: event.release || null,
    dist: event.dist || null,
    debugIds: debugIdsOf(event),
    stacks: stacktraces.map((stacktrace) => (stacktrace?.frames ?? []).map((frame) => toAsked(frame, event.platform))),
  };
}

function toAsked(frame: StoredFrame, platform: string): FrameToMap {
  return {
    url: generatedUrlOf(frame, platform),
    line: frame.lineno ?? null,
    column: frame.colno ?? null,
    function: frame.function ?? null,
  };
}

/** What the SDK knows of the files' debug ids: by the address that their frames have. */
export function debugIdsOf({ debug_meta: meta }: Pick<WithStacks, 'debug_meta'>): (readonly [string, string])[] {
  return (meta?.images ?? []).flatMap((image) => {
    const { type, code_file: url, debug_id: id } = image;
    const debugId = type === 'sourcemap' && typeof id === 'string' ? toDebugId(id) : null;
    return debugId && typeof url === 'string' ? [[url, debugId] as const] : [];
  });
}

/** Fields that a map speaks of: what was said about them in `_meta` is of the raw frame. */
const REPLACED: ReadonlySet<string> = new Set([
  'filename',
  'abs_path',
  'module',
  'function',
  'raw_function',
  'lineno',
  'colno',
  'context_line',
  'pre_context',
  'post_context',
  'in_app',
]);

/** What a frame becomes; all that a map says nothing about, its variables above all, stays. */
function toMappedFrame(raw: StoredFrame, mapped: MappedFrame): StoredFrame {
  const rest = Object.fromEntries(Object.entries(raw).filter(([name]) => !REPLACED.has(name)));
  const { context } = mapped;
  return {
    ...rest,
    abs_path: mapped.absPath,
    filename: mapped.filename,
    ...(mapped.module === null ? {} : { module: mapped.module }),
    // The minified name would tell the same function of two builds apart.
    function: mapped.function ?? '?',
    lineno: mapped.line,
    colno: mapped.column,
    ...(context && { pre_context: context.before, context_line: context.line, post_context: context.after }),
    in_app: mapped.isLibrary ? false : (raw.in_app ?? true),
    data: {
      ...raw.data,
      symbolicated: true,
      sourcemap: mapped.mapUrl,
      resolved_with: mapped.resolvedWith,
      ...originalOf(raw),
    },
  };
}

function originalOf({
  function: name,
  abs_path: path,
  filename,
  lineno,
  colno,
  in_app: inApp,
}: StoredFrame): JsonObject {
  const all: [string, Json | undefined][] = [
    ['orig_function', name],
    ['orig_abs_path', path],
    ['orig_filename', filename],
    ['orig_lineno', lineno],
    ['orig_colno', colno],
    ['orig_in_app', inApp],
  ];
  return Object.fromEntries(
    all.flatMap(([key, value]) => (value === undefined || value === null ? [] : [[key, value]])),
  );
}

export const isMapped = (frame: StoredFrame): boolean => typeof frame.data?.['sourcemap'] === 'string';

/** The frames of one stack trace after an answer; null where it leaves them as they are. */
export function remap(stack: Stack, answers: readonly (FrameAnswer | null)[]): StoredFrame[] | null {
  const shown = stack.shown.frames ?? [];
  const raw = stack.raw?.frames ?? shown;
  const isPaired = raw.length === shown.length;
  const mappedFiles = new Set(raw.flatMap((frame, at) => (answers[at]?.status === 'mapped' ? addressOf(frame) : [])));
  const count = answers.filter((answer) => answer?.status === 'mapped').length;
  if (count === 0) return null;
  // Mapped by somebody who left frames out: then it is one or the other.
  if (!isPaired && count < shown.filter(isMapped).length) return null;
  return raw.map((frame, at) => {
    const answer = answers[at];
    const now = (isPaired ? shown[at] : null) ?? frame;
    // Variables are kept once, with the frame that is shown.
    if (answer?.status === 'mapped') return toMappedFrame(now.vars ? { ...frame, vars: now.vars } : frame, answer);
    // What is mapped already stays so when its map is gone. What a bundler adds is nobody's own code.
    return isGlue(frame, answer, mappedFiles) ? { ...now, in_app: false } : now;
  });
}

const addressOf = ({ abs_path: path, filename }: StoredFrame) => path || filename || '';

/** A place that the map says nothing about, in a file whose other frames it knows: between the modules, not in one. */
export function isGlue(
  frame: StoredFrame,
  answer: FrameAnswer | null | undefined,
  mappedFiles: ReadonlySet<string>,
): boolean {
  return answer?.status === 'unmapped' && answer.reason === 'no_mapping' && mappedFiles.has(addressOf(frame));
}

/**
 * The event with the frames that are given, as they came beside them (`raw_stacktrace`), and `_meta` with each.
 *
 * @param frames of `stacks` in their order; null for one that stays
 */
export function withFrames<T extends WithStacks>(
  event: T,
  stacks: readonly Stack[],
  frames: readonly (StoredFrame[] | null)[],
): T {
  const changed = { ...event };
  let meta = event._meta ?? null;
  for (const [index, stack] of stacks.entries()) {
    const own = frames[index];
    if (!own) continue;
    const raw = stack.raw ?? { ...stack.shown, frames: (stack.shown.frames ?? []).map(withoutVars) };
    const holder = { stacktrace: { ...stack.shown, frames: own }, raw_stacktrace: raw };
    setHolder(changed, stack, holder);
    if (meta) meta = moveMeta(meta, stack, own);
  }
  return { ...changed, _meta: meta };
}

function withoutVars({ vars: _vars, ...frame }: StoredFrame): StoredFrame {
  return frame;
}

function setHolder(event: WithStacks, { exceptionIndex, threadIndex }: Stack, holder: Holder): void {
  const replaced = <V>(values: V[], at: number) =>
    values.map((value, index) => (index === at ? { ...value, ...holder } : value));
  if (exceptionIndex !== null && event.exception) {
    event.exception = { ...event.exception, values: replaced(event.exception.values, exceptionIndex) };
  } else if (threadIndex !== null && event.threads) {
    event.threads = { ...event.threads, values: replaced(event.threads.values, threadIndex) };
  } else Object.assign(event, holder);
}

/** What was said about the frames as they came goes with them; of a mapped frame stays what is about the rest of it. */
function moveMeta(meta: Meta, { path, raw: before }: Stack, frames: readonly StoredFrame[]): Meta {
  const copy = structuredClone(meta);
  const holder = nodeAt(copy, path);
  const stacktrace = holder && nodeAt(holder, ['stacktrace']);
  if (!holder || !stacktrace) return copy;
  const raw = before ? null : structuredClone(stacktrace);
  for (const [index, frame] of frames.entries()) {
    const at = ['frames', `${index}`];
    const rawNode = raw && nodeAt(raw, at);
    if (rawNode) delete rawNode['vars'];
    const node = isMapped(frame) ? nodeAt(stacktrace, at) : null;
    if (node) for (const field of REPLACED) delete node[field];
  }
  if (raw) holder['raw_stacktrace'] = raw;
  return copy;
}

function nodeAt(meta: Meta, path: readonly string[]): Meta | null {
  let node: Meta = meta;
  for (const key of path) {
    const child = Object.hasOwn(node, key) ? node[key] : undefined;
    if (typeof child !== 'object') return null;
    // Under any key but the empty one there is a node.
    node = child as Meta;
  }
  return node;
}
