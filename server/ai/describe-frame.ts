import type { Json, JsonObject, StoredFrame } from '../protocol/event.ts';
import type { Clean } from './describe-value.ts';
import type { DescribedFrame } from './described-event.ts';
import { clipAround, showInvisible } from './text.ts';

const MAX_NAME = 300;
const MAX_LINE = 300;
const MAX_LINES_AROUND = 10;
/** Sentry's mark where it cut a minified line. */
const SNIP = '{snip}';

/**
 * One frame, without its variables.
 *
 * @param isPlumbing a library's frame that the program went through before the crash: the line that ran is enough
 */
export function describeFrame(
  frame: StoredFrame,
  isCrash: boolean,
  clean: Clean,
  isPlumbing: boolean = false,
): DescribedFrame {
  const described: DescribedFrame = {};
  const name = (value: string | null | undefined) => (value ? clean.text(value, MAX_NAME, 'code') : undefined);
  const place: DescribedFrame = {
    func: name(frame.function),
    module: isInName(frame) ? undefined : name(frame.module),
    file: name(frame.filename),
    line: frame.lineno ?? undefined,
    package: name(frame.package),
    address: frame.function || frame.filename ? undefined : name(frame.instruction_addr),
    in_app: frame.in_app === true ? true : undefined,
    crash: isCrash ? 'here' : undefined,
  };
  for (const [key, value] of Object.entries(place)) if (value !== undefined) Object.assign(described, { [key]: value });
  const { code_before: _before, code_after: _after, ...line } = describeCode(frame, isCrash, clean);
  Object.assign(described, isPlumbing ? line : describeCode(frame, isCrash, clean));
  return described;
}

/** `relay.worker` says nothing more than `relay/worker.py`. */
function isInName({ module, filename }: StoredFrame): boolean {
  if (!module || !filename) return false;
  const partsOf = (text: string) => text.split(/[./:\\]/).filter((part) => part !== '');
  const file = partsOf(filename.replace(/\.\w{1,8}$/, ''));
  const parts = partsOf(module);
  return parts.length <= file.length && parts.every((part, index) => part === file[file.length - parts.length + index]);
}

/** Source for every frame. A minified line is shown where it ran, and only in the frame that crashed. */
function describeCode(
  frame: StoredFrame,
  isCrash: boolean,
  clean: Clean,
): Pick<DescribedFrame, 'code_before' | 'code' | 'code_after'> {
  const line = frame.context_line;
  if (line === null || line === undefined) return {};
  if (isMinified(line)) {
    // Redacted before it is cut, but the column counts in the line as it was: a little off is near enough.
    return isCrash ? { code: clipAround(clean.text(line, line.length * 2, 'code'), frame.colno, MAX_LINE) } : {};
  }
  const around = (lines: (string | null)[]) => lines.map((text) => clean.text(text ?? '', MAX_LINE, 'code'));
  const { pre, post } = linesAround(frame);
  return {
    ...(pre.length > 0 && { code_before: around(pre) }),
    code: clean.text(line, MAX_LINE, 'code'),
    ...(post.length > 0 && { code_after: around(post) }),
  };
}

/** The lines that are shown around the one that ran. */
export function linesAround(frame: StoredFrame) {
  const pre = (frame.pre_context ?? []).slice(-MAX_LINES_AROUND);
  const post = (frame.post_context ?? []).slice(0, MAX_LINES_AROUND);
  return { pre, post };
}

const isMinified = (line: string): boolean => line.includes(SNIP) || line.length > 500;

const MAX_VALUE = { crash: 600, other: 240 };
const MAX_VARS = { crash: 10_000, other: 2000 };

/**
 * The variables that the shown source names (that of the event, and the function from the checkout), in its order; in the frame that crashed then the others too, while there
 * is room. Where no source is shown, all count as named.
 */
export function describeVars(
  frame: StoredFrame,
  isCrash: boolean,
  clean: Clean,
  enclosing: readonly string[] = [],
): { vars: Record<string, Json> | undefined; leftOut: number } {
  const vars: JsonObject = frame.vars ?? {};
  const names = Object.keys(vars);
  const ranks = rankOfNames(frame, enclosing);
  const rankOf = (name: string) => ranks?.get(name.replace(/^\$/, '')) ?? Number.POSITIVE_INFINITY;
  // `__builtins__` and its like say nothing, unless the source names them.
  const isWanted = (name: string) => (!isOnlyName(vars[name] ?? null) || isOfLine(frame, name)) && isNamed(name);
  const isNamed = (name: string) =>
    rankOf(name) < Number.POSITIVE_INFINITY || ((isCrash || !ranks) && !name.startsWith('__'));
  const wanted = names.filter(isWanted).sort((a, b) => compare(rankOf(a), rankOf(b)));

  const budget = isCrash ? MAX_VARS.crash : MAX_VARS.other;
  const kept: [string, Json][] = [];
  let length = 0;
  for (const name of wanted) {
    const described = withoutAddresses(
      clean.value(vars[name] ?? null, isCrash ? MAX_VALUE.crash : MAX_VALUE.other, name),
    );
    length += name.length + JSON.stringify(described).length;
    if (length > budget) break;
    kept.push([clean.text(name, 80, 'code'), described]);
  }
  return { vars: kept.length > 0 ? Object.fromEntries(kept) : undefined, leftOut: names.length - kept.length };
}

/** Modules, functions and classes are no values: that there is one of the name, the source says. */
const isOnlyName = (value: Json): boolean =>
  typeof value === 'string' &&
  /^(?:<(?:function|module|class|bound method|built-in (?:function|method)|method|coroutine)[ '\w.:]|\[(?:Function|Class|class|AsyncFunction)\b)/.test(
    value,
  );

function isOfLine({ context_line: line }: StoredFrame, name: string): boolean {
  const names: readonly string[] = line?.slice(0, 2000).match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
  return names.includes(name);
}

/** `<Worker object at 0x7f07743aa190>`: where in memory it was helps nobody. */
const withoutAddresses = (value: Json): Json =>
  JSON.parse(JSON.stringify(value).replace(/ at 0x[0-9a-f]{6,16}(?=[> ])/gi, ''));

/** Identifiers of the shown source, those of the line that ran first; null where there is none. */
function rankOfNames(frame: StoredFrame, enclosing: readonly string[]): Map<string, number> | null {
  if (typeof frame.context_line !== 'string' && enclosing.length === 0) return null;
  const { pre, post } = linesAround(frame);
  const source = [frame.context_line ?? '', ...pre.toReversed(), ...post, ...enclosing].join('\n');
  const names = new Set(showInvisible(source.slice(0, 20_000)).match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []);
  return new Map([...names].map((name, rank) => [name, rank]));
}

/** Infinity less infinity is no number. */
const compare = (a: number, b: number): number => (a === b ? 0 : a - b);
