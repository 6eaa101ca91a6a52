import { BadRequestError } from '../protocol/errors.ts';
import { compileGlob, type Glob } from '../protocol/glob.ts';
import { compilePattern } from './linear-pattern.ts';
import { REDACTED_KINDS, type RedactedKind } from './placeholders.ts';
import { byPattern, type Rule } from './redact-find.ts';

/** What the operator of a project has redacted beside the rules of the house, or left alone. */
export type OperatorRules = {
  /** Of `text:`, `pattern:` and `name:`, for texts. */
  find: Rule[];
  /** Of `name:`, for the key that a value stands under. */
  isSecretKey: (name: string) => boolean;
  /** Of `keep:`. */
  isKept: (value: string, kind: RedactedKind) => boolean;
};

export const NO_RULES: OperatorRules = { find: [], isSecretKey: () => false, isKept: () => false };

const MAX_RULES = 200;
const MAX_LINE = 200;
const MIN_LENGTH = 3;
/** Passwords and keys are replaced whatever the operator writes; a single one can be kept by its text. */
const KEEPABLE = REDACTED_KINDS.filter((kind) => !['secret', 'custom'].includes(kind));

type Part = { find: Rule } | { find: Rule; key: Glob } | { keptKind: RedactedKind } | { kept: Glob };

/**
 * Reads rules, one a line; `#` begins a comment line.
 *
 *     name: *iban*            what stands under such a name, whatever it looks like
 *     text: Project Falcon    this text, wherever it stands, in capitals or not
 *     pattern: ORD-\d{6,10}   see `compilePattern`: letters, classes and counts, and no way to write a slow one
 *     keep: email             a kind (token, id, card, email, phone, ip, user, host) is left alone
 *     keep: *@example.com     so is a value that reads so
 *
 * @throws {BadRequestError} names each wrong line
 */
export function parseRedactionRules(text: string): OperatorRules {
  const parts: Part[] = [];
  const errors: string[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const rule = line.trim();
    if (rule === '' || rule.startsWith('#')) continue;
    try {
      if (parts.length === MAX_RULES) throw new RangeError(`there are more than ${MAX_RULES} rules.`);
      parts.push(parseRule(rule));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      errors.push(`Line ${index + 1}: ${error.message}`);
      if (errors.length === 10) break;
    }
  }
  if (errors.length > 0) throw new BadRequestError(errors.join('\n'));
  return combine(parts);
}

function combine(parts: Part[]): OperatorRules {
  const keys = parts.flatMap((part) => ('key' in part ? [part.key] : []));
  const kept = parts.flatMap((part) => ('kept' in part ? [part.kept] : []));
  const keptKinds = new Set(parts.flatMap((part) => ('keptKind' in part ? [part.keptKind] : [])));
  return {
    find: parts.flatMap((part) => ('find' in part ? [part.find] : [])),
    isSecretKey: (name) => name.length <= MAX_LINE && keys.some((isOne) => isOne(name.toLowerCase())),
    isKept: (value, kind) =>
      keptKinds.has(kind) || (value.length <= 1000 && kept.some((isOne) => isOne(value.toLowerCase()))),
  };
}

/** @throws {RangeError} what is wrong with it, for whoever wrote it */
function parseRule(line: string): Part {
  if (line.length > MAX_LINE) throw new RangeError(`a rule has at most ${MAX_LINE} characters.`);
  const [, verb = '', value = ''] = /^([a-z]+)\s*:\s*(.*)$/i.exec(line) ?? [];
  switch (verb.toLowerCase()) {
    case 'name':
      return { key: compileGlob(atLeast(value, verb).toLowerCase(), { isPath: false }), find: findNamed(value) };
    case 'text':
      return { find: byPattern(new RegExp(wholeWords(escaped(atLeast(value, verb))), 'giu'), 'custom') };
    case 'pattern':
      return { find: byPattern(compilePattern(atLeast(value, verb), MIN_LENGTH), 'custom') };
    case 'keep':
      return parseKeep(value);
    default:
      throw new RangeError(`a rule begins with name:, text:, pattern: or keep:, and this is “${line.slice(0, 40)}”.`);
  }
}

function parseKeep(value: string): Part {
  const kind = REDACTED_KINDS.find((name) => name === value.toLowerCase());
  if (!kind) return { kept: compileGlob(atLeast(value, 'keep').toLowerCase(), { isPath: false }) };
  if (KEEPABLE.includes(kind)) return { keptKind: kind };
  throw new RangeError(`keep: ${kind} is none of ${KEEPABLE.join(', ')}. Name the value itself instead.`);
}

/** Less would be found in every other word. */
function atLeast(value: string, verb: string): string {
  if (value.replace(/[*?\s]/g, '').length >= MIN_LENGTH) return value;
  throw new RangeError(`${verb.toLowerCase()}: needs at least ${MIN_LENGTH} characters beside * and ?.`);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const wholeWords = (source: string): string => `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])`;

/** `iban=DE89…`, `"iban": "DE89…"` within a text. */
function findNamed(glob: string): Rule {
  if ((glob.match(/\*/g)?.length ?? 0) > 2) throw new RangeError('name: takes at most two *.');
  const name = glob
    .split(/(\*|\?)/)
    .map((part) => (part === '*' ? '[\\w-]{0,40}' : part === '?' ? '[\\w-]' : escaped(part)));
  const value = `(?:["'](?<quoted>[^"'\\n]{1,2000})|(?<bare>[^\\s"'&;,(){}[\\]<>]{1,2000}))`;
  const pattern = new RegExp(
    `(?<![\\w-])(?:${name.join('')})\\\\{0,3}["']?\\s{0,3}(?:=>|[:=])\\s{0,3}\\\\{0,3}${value}`,
    'giu',
  );
  return byPattern(
    pattern,
    'custom',
    ({ groups = {} }, kind) =>
      // Without quotes it is an expression in code.
      groups['quoted'] ?? (kind === 'code' ? null : (groups['bare'] ?? null)),
  );
}
