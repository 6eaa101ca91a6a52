/**
 * What a function was called before it was minified. A map has no functions, only positions, so in this order:
 *
 * 1. The definition of the minified name around the position, in the minified file: what the map calls that name, or what
 *    stands in the source where it leads.
 * 2. Without the minified file: where the caller's frame stands is a call of this function, by the name that it had there.
 * 3. The name itself, when it stands in the source: methods and properties are seldom renamed.
 *
 * Else it has none, rather than a wrong one.
 */
import type { Lines } from './lines.ts';
import type { Found, SourceMap } from './source-map.ts';

export type NamedFrame = {
  /** As the engine gave it: `async e.t`, `new n`, `Object.run [as go]`. */
  name: string;
  /** In the generated file, from 0. */
  line: number;
  column: number;
};
type Files = {
  map: SourceMap;
  /** The generated file; null when it was not uploaded. */
  generated: Lines | null;
  linesOf: (source: Found['source']) => Lines | null;
};

/** The way back to a definition: characters, and places that might be one. */
const MAX_DISTANCE = 200_000;
const MAX_CANDIDATES = 2000;
const MAX_NAME = 200;
/** A shorter name that also stands in the source may be another's. */
const MIN_KEPT = 3;

const IDENTIFIER = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const IDENTIFIER_CHAR = /[\p{ID_Continue}$\u200c\u200d]/u;

/** @param caller what called it, when its position is in the same file */
export function originalFunctionName(
  frame: NamedFrame,
  caller: { line: number; column: number } | null,
  files: Files,
): string | null {
  const { prefix, name } = bareName(frame.name);
  if (name === null) return null;
  const original = ofDefinition(name, frame, files) ?? ofCall(caller, files) ?? kept(name, frame, files);
  return original === null ? null : prefix + original;
}

/** `async e.t` to `async ` and `t`. Null for what engines say of functions without a name. */
export function bareName(full: string): { prefix: string; name: string | null } {
  const text = full
    .slice(0, MAX_NAME)
    .replace(/ \[as [^\]]*\]$/, '')
    .replace(/(?:\/<)+$/, '');
  const prefix = /^(?:async |new )*/.exec(text)?.[0] ?? '';
  const rest = text.slice(prefix.length).replace(/^(?:get |set |static )+/, '');
  const last = rest.slice(rest.lastIndexOf('.') + 1).replace(/^#/, '');
  return { prefix, name: identifierAt(last, 0) === last && last !== '' ? last : null };
}

function ofDefinition(name: string, { line, column }: NamedFrame, { map, generated, linesOf }: Files): string | null {
  if (!generated) return null;
  const { text } = generated;
  const position = Math.min(generated.startOf(line) + column, text.length);
  const end = Math.max(0, position - MAX_DISTANCE);
  let at = text.lastIndexOf(name, position);
  for (let left = MAX_CANDIDATES; at >= end && left > 0; left -= 1) {
    if (isDefinition(text, at, name.length) && encloses(text, at, position)) {
      const definedIn = generated.lineAt(at);
      const found = map.find(definedIn, at - generated.startOf(definedIn));
      return found?.isExact ? (found.name ?? identifierOf(found, linesOf)) : null;
    }
    if (at === 0) break;
    at = text.lastIndexOf(name, at - 1);
  }
  return null;
}

function ofCall(caller: { line: number; column: number } | null, { map, generated, linesOf }: Files): string | null {
  // With the generated file, a definition that is not found is not there.
  if (!caller || generated) return null;
  const found = map.find(caller.line, caller.column);
  if (!found?.isExact) return null;
  const lines = linesOf(found.source);
  if (!lines) return found.name;
  const identifier = identifierOf(found, linesOf);
  if (!identifier) return null;
  const end = lines.startOf(found.line) + found.column + identifier.length;
  if (!/^\s*(?:\(|\?\.\(|`)/.test(lines.text.slice(end, end + 20))) return null;
  return found.name ?? identifier;
}

function kept(name: string, { line, column }: NamedFrame, { map, linesOf }: Files): string | null {
  const found = map.find(line, column);
  if (!found || name.length < MIN_KEPT) return null;
  const lines = linesOf(found.source);
  if (!lines) return name;
  for (let at = lines.text.indexOf(name); at >= 0; at = lines.text.indexOf(name, at + 1)) {
    if (isWhole(lines.text, at, name.length)) return name;
  }
  return null;
}

const KEYWORDS = new Set(
  'function class async const let var export default static get set new return await'.split(' '),
);

/** The identifier that stands where a position leads; of `async function run`, `run`. */
function identifierOf(found: Found, linesOf: Files['linesOf']): string | null {
  const lines = linesOf(found.source);
  if (!lines) return null;
  let rest = lines.text.slice(lines.startOf(found.line) + found.column, lines.startOf(found.line) + found.column + 300);
  for (;;) {
    const word = identifierAt(rest, 0);
    if (word === null || !KEYWORDS.has(word)) return word;
    rest = rest.slice(word.length).replace(/^[\s*]+/, '');
  }
}

function identifierAt(text: string, at: number): string | null {
  IDENTIFIER.lastIndex = at;
  return IDENTIFIER.exec(text)?.[0] ?? null;
}

function isWhole(text: string, at: number, length: number): boolean {
  return !IDENTIFIER_CHAR.test(text[at - 1] ?? ' ') && !IDENTIFIER_CHAR.test(text[at + length] ?? ' ');
}

/** How a function or class that is assigned begins: `=function`, `:async(a)=>`, `=e=>`, `=class`. */
const ASSIGNED = /^\s*[=:]\s*(?:async\b\s*)?(?:function\b|class\b|[\w$]+\s*=>|(\())/;
const BODY = /^\s*\{/;
const ARROW = /^\s*=>/;

/** Does the name at `at` name a function there: `function t(`, `class t`, `t=function`, `t=(a)=>`, `t(a){`? */
function isDefinition(text: string, at: number, length: number): boolean {
  if (!isWhole(text, at, length)) return false;
  if (/(?:\bfunction\s*\*?|\bclass)\s*$/.test(text.slice(Math.max(0, at - 16), at))) return true;
  const after = text.slice(at + length, at + length + 40);
  const assigned = ASSIGNED.exec(after);
  if (assigned) {
    if (assigned[1] === undefined) return true;
    const end = closing(text, at + length + assigned[0].length);
    return end !== null && ARROW.test(text.slice(end, end + 8));
  }
  if (!after.startsWith('(')) return false;
  const end = closing(text, at + length + 1);
  return end !== null && BODY.test(text.slice(end, end + 8));
}

/** Parameters are short. @param from behind an open bracket. @returns behind the one that closes it */
function closing(text: string, from: number): number | null {
  for (const { at, depth } of brackets(text, from, from + 2000)) {
    if (depth < 0) return at + 1;
  }
  return null;
}

/** Is `position` before the end of what is defined at `at`? */
function encloses(text: string, at: number, position: number): boolean {
  for (const { char, depth } of brackets(text, at, position)) {
    if (depth < 0) return false;
    if (depth === 0 && (char === '}' || char === ',' || char === ';')) return false;
  }
  return true;
}

const OPEN = new Set('([{');
const CLOSE = new Set(')]}');
/** Behind these a slash begins a regular expression, behind others it divides. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\breturn|\btypeof|\bcase|=>)\s*$/;

/**
 * Brackets, commas and semicolons of code from `from` to `to`, less those in strings, comments and regular expressions;
 * `depth` counts brackets from the beginning. Templates are skipped with all that is in them.
 */
function* brackets(text: string, from: number, to: number): Generator<{ at: number; char: string; depth: number }> {
  let depth = 0;
  const end = Math.min(to, text.length);
  for (let at = from; at < end; at += 1) {
    const char = text[at] ?? '';
    if (OPEN.has(char)) depth += 1;
    else if (CLOSE.has(char)) {
      depth -= 1;
      yield { at, char, depth };
    } else if (char === ',' || char === ';') yield { at, char, depth };
    else if (char === '"' || char === "'" || char === '`') at = endOfString(text, at, end);
    else if (char === '/') at = endOfSlash(text, at, end);
  }
}

function endOfString(text: string, from: number, end: number): number {
  const quote = text[from];
  for (let at = from + 1; at < end; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return end;
}

function endOfSlash(text: string, from: number, end: number): number {
  const next = text[from + 1];
  if (next === '/') return endOr(text.indexOf('\n', from), end);
  if (next === '*') return endOr(text.indexOf('*/', from + 2) + 1, end);
  if (!BEFORE_REGEX.test(text.slice(Math.max(0, from - 10), from))) return from;
  let isClass = false;
  for (let at = from + 1; at < end && text[at] !== '\n'; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '[') isClass = true;
    else if (char === ']') isClass = false;
    else if (char === '/' && !isClass) return at;
  }
  return from;
}

const endOr = (at: number, end: number) => (at <= 0 ? end : Math.min(at, end));
