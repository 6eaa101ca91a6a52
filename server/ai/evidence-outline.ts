import { posix } from 'node:path';
import {
  commentsAbove,
  endOf,
  type FunctionLines,
  headOf,
  indentOf,
  MAX_FUNCTION_LINES,
  MAX_LOOKED_AT,
  nameOf,
} from './evidence-function.ts';

/** Something that a file defines: a function, a type, or a value at the top of it. */
export type Definition = FunctionLines & {
  name: string;
  /** The class or type that it is in, or makes; empty for none. */
  owner: string;
  isFunction: boolean;
};

/** A longer type is named by its constructor, and its methods by themselves. */
const MAX_TYPE_LINES = 40;
const MAX_DEFINITIONS = 2000;

const CONSTRUCTORS: ReadonlySet<string> = new Set(['__init__', 'constructor', 'initialize', '__construct']);

/** `return (piece) => {` */
const NO_NAME = /^(?:return|if|for|while|switch|catch|await|yield|function|new)$/;

const WORDS_BEFORE = String.raw`^[ \t]{0,40}(?:(?:export|default|declare|abstract|public|private|protected|internal|static|final|sealed|data|open|pub(?:\(\w{1,20}\))?|case)\s{1,8}){0,5}`;
const TYPE = new RegExp(
  String.raw`${WORDS_BEFORE}(?:class|struct|interface|enum|trait|module|record|impl|object)\s{1,8}(?:<[^>]{0,80}>\s{0,8})?([\p{L}_$][\p{L}\p{N}_$]{0,100})`,
  'u',
);
/** `type Order struct {`, `type Order = {` */
const NAMED_TYPE = new RegExp(String.raw`${WORDS_BEFORE}type\s{1,8}([\p{L}_$][\p{L}\p{N}_$]{0,100})`, 'u');
/** A value at the top of a file; `DEFAULTS = {`, `const LIMITS: Limits = [`, `var known = map[string]int{`. */
const VALUE =
  /^(?:export\s{1,8}|pub\s{1,8}|default\s{1,8}){0,3}(?:(?:const|let|var|val|static|final)\s{1,8}(?:mut\s{1,8})?)?([\p{L}_$][\p{L}\p{N}_$]{0,100})[^=\n(]{0,100}(?:=|:=)(?![=>])/u;
/** In Ruby constants stand in classes and modules. */
const CONSTANT = /^[ \t]{0,16}([A-Z][A-Z\d_]{1,100})\s{0,8}=(?!=)/;

/** Functions, types and values of a file, in its order. A constructor goes by the name of its class. */
export function outlineOf(lines: readonly string[], path: string, maxLines = MAX_FUNCTION_LINES): Definition[] {
  const isHead = headOf(path);
  const isRuby = posix.extname(path) === '.rb';
  const found: Definition[] = [];
  const owners: { name: string; to: number }[] = [];
  const add = (index: number, name: string, owner: string, isFunction: boolean) => {
    const from = commentsAbove(lines, index);
    const to = Math.min(endOf(lines, index), from + maxLines - 1);
    found.push({ name, owner, isFunction, startLine: from + 1, lines: lines.slice(from, to + 1) });
  };
  for (const [index, line] of lines.entries()) {
    if (found.length >= MAX_DEFINITIONS) break;
    const text = line.slice(0, MAX_LOOKED_AT);
    while (owners.length > 0 && (owners.at(-1)?.to ?? 0) < index) owners.pop();
    const type = TYPE.exec(text)?.[1] ?? NAMED_TYPE.exec(text)?.[1];
    if (type) {
      const to = endOf(lines, index);
      owners.push({ name: type, to });
      if (to - index < MAX_TYPE_LINES) add(index, type, type, false);
      continue;
    }
    const owner = owners.at(-1)?.name ?? '';
    if (isHead(text)) {
      const own = nameOf(text);
      const name = own !== null && CONSTRUCTORS.has(own) ? owner : own;
      if (name && !NO_NAME.test(name)) add(index, name, owner || receiverOf(text), true);
      continue;
    }
    const value = VALUE.exec(text)?.[1] ?? (isRuby ? CONSTANT.exec(text)?.[1] : undefined);
    if (value) add(index, value, owner, false);
  }
  return found;
}

const IMPORT =
  /^(?:import\b|from\s{1,8}\S{1,200}\s{1,8}import\b|require(?:_relative)?\b|use\s|using\s|#include\b|(?:const|let|var)\s[^=]{1,200}=\s{0,8}require\()/;
const MAX_TOP_LINES = 60;
const MAX_IMPORT_LINES = 15;

/** What a file imports, as it stands at its top: a change that needs more has to know. Null: nothing, or very much. */
export function importLines(lines: readonly string[]): FunctionLines | null {
  const top = lines.slice(0, MAX_TOP_LINES);
  const from = top.findIndex((line) => IMPORT.test(line));
  const last = top.findLastIndex((line) => IMPORT.test(line));
  if (from < 0) return null;
  const to = endOf(lines, last);
  const end = lines[to + 1]?.startsWith(')') ? to + 1 : to;
  return end - from < MAX_IMPORT_LINES ? { startLine: from + 1, lines: lines.slice(from, end + 1) } : null;
}

/** The head of the class or type that a line is in, trimmed; null for none. @param line from 1 */
export function headAround(lines: readonly string[], line: number): string | null {
  const first = lines.slice(line - 1).find((text) => text.trim() !== '') ?? '';
  let indent = indentOf(first);
  for (let at = line - 2; at >= 0 && indent > 0; at -= 1) {
    const text = (lines[at] ?? '').slice(0, MAX_LOOKED_AT);
    if (text.trim() === '' || indentOf(text) >= indent) continue;
    if (TYPE.test(text)) return text.trim();
    indent = indentOf(text);
  }
  return null;
}

/** `func (s *Server) New()` belongs to Server. */
const receiverOf = (text: string): string => /^func\s{0,8}\([^)]{0,100}?(\w{1,100})\)/.exec(text)?.[1] ?? '';
