import type { Json } from '../protocol/event.ts';
import { isSecretNumberName } from '../protocol/scrub-rules.ts';
import { countPlaceholders, createPlaceholders, type Piece, type RedactedKind } from './placeholders.ts';
import { createUnescaping, hasEscapes } from './redact-escapes.ts';
import { byValues, type Rule, type TextKind } from './redact-find.ts';
import { clientFlags, formFields, inWords, pairs, settings, statements } from './redact-forms.ts';
import { knownKeys, privateKeys, webhooks } from './redact-keys.ts';
import { authSchemes, elements, flags, headerLines, isSecretKey, isTellingValue, namedValues } from './redact-named.ts';
import * as places from './redact-places.ts';
import { randomRuns, uuids } from './redact-random.ts';
import { NO_RULES, type OperatorRules } from './redact-rules.ts';
import { countOf } from './text.ts';

export type { RedactedKind } from './placeholders.ts';
export type { TextKind } from './redact-find.ts';

/** Part of what answers are kept under: answers made with other rules are not mixed. Raise it with every change of them. */
export const REDACTION_VERSION = 'r4';

export type Redactor = {
  /** Linear in the length of the text, which is as it came: what looks like a placeholder in it was written by a stranger. */
  text: (text: string, kind: TextKind) => string;
  /** A value under a name that says that it is secret; null when the name says nothing. */
  named: (name: string, value: string) => string | null;
  /**
   * The last look at all that is to leave: every rule once more, on numbers as well; and what was found anywhere is
   * replaced everywhere, such as a password that a message repeats without its name.
   */
  sweep: (value: Json) => Json;
  /** Sentences on what of it is in `text`, most telling first. */
  describe: (text: string) => string[];
  /** Placeholder to value, of all that was replaced: for the page of whoever may see the event, and for nothing else. */
  placeholders: () => ReadonlyMap<string, string>;
};

const NOUNS: Record<RedactedKind, [one: string, more: string]> = {
  secret: ['password, key or other secret', 'passwords, keys or other secrets'],
  token: ['long random value', 'long random values'],
  id: ['long id or hash', 'long ids or hashes'],
  card: ['card or account number', 'card or account numbers'],
  email: ['e-mail address', 'e-mail addresses'],
  phone: ['phone number', 'phone numbers'],
  ip: ['IP address', 'IP addresses'],
  user: ['user name or id', 'user names or ids'],
  host: ['host name', 'host names'],
  custom: ['value by a rule of this project', 'values by rules of this project'],
};

/** The more certain first. What one has replaced, the next does not see, so nothing is taken apart twice. */
const SECRETS: readonly Rule[] = [
  privateKeys,
  webhooks,
  headerLines,
  places.urlCredentials,
  authSchemes,
  namedValues,
  elements,
  flags,
  pairs,
  formFields,
  statements,
  clientFlags,
  settings,
  places.queryValues,
  places.pathTokens,
  knownKeys,
  // What a sentence says of a password is the least sure.
  inWords,
];
const PEOPLE: readonly Rule[] = [
  places.emails,
  places.cards,
  places.ibans,
  places.phones,
  places.macs,
  places.ipv6,
  places.ipv4,
  places.homes,
];

/**
 * Replaces what identifies people or opens doors. The same value is the same placeholder (`[email 1]`) for as long as
 * the redactor lives. What scrubbing replaced when the event was stored (`[Filtered]`) stays.
 *
 * @param known values that the event itself says are of a person or machine: its user's id and name, its server's name
 * @param options.rules the project's own, from `parseRedactionRules`
 */
export function createRedactor(
  known: { value: string; kind: RedactedKind }[] = [],
  { rules = NO_RULES }: { rules?: OperatorRules } = {},
): Redactor {
  const placeholders = createPlaceholders();
  const telling = known.flatMap(({ value, kind }) => writingsOf(value).map((written) => [written, kind] as const));
  const all: readonly Rule[] = [
    ...rules.find,
    ...SECRETS,
    ...PEOPLE,
    byValues(new Map(telling.filter(([value]) => isTelling(value))), () => true),
    places.hosts,
    uuids,
    randomRuns,
  ];
  const passAll = remember(all, true);
  const kept = new Map<string, RedactedKind>();

  function isKept(value: string, kind: RedactedKind): boolean {
    if (!rules.isKept(value, kind)) return false;
    if (kept.size < MAX_KEPT) kept.set(value, kind);
    return true;
  }

  /**
   * Passes each text once: values are looked at in several depths, and lines stand in a function and in its frames.
   */
  function remember(used: readonly Rule[], isRaw: boolean): Redactor['text'] {
    const known = { data: new Map<string, string>(), code: new Map<string, string>() };
    return (text, kind) => {
      const before = known[kind].get(text);
      if (before !== undefined) return before;
      const passed = pass(text, kind, used, isRaw);
      known[kind].set(text, passed);
      return passed;
    };
  }

  /** Each rule on what the ones before it have left. */
  function pass(text: string, kind: TextKind, used: readonly Rule[], isRaw: boolean): string {
    let pieces = placeholders.split(text, isRaw);
    for (const rule of used) pieces = applyToAll(pieces, rule, kind);
    if (pieces.some((piece) => typeof piece === 'string' && hasEscapes(piece))) {
      const unescaping = createUnescaping();
      for (const rule of used) pieces = applyToAll(pieces, unescaping(rule), kind);
    }
    return pieces.map((piece) => (typeof piece === 'string' ? piece : piece.placeholder)).join('');
  }

  /** The same array where nothing is found, which is nearly always. */
  function applyToAll(pieces: Piece[], rule: Rule, kind: TextKind): Piece[] {
    const made = pieces.map((piece) => (typeof piece === 'string' ? applyTo(piece, rule, kind) : null));
    return made.every((one) => one === null) ? pieces : pieces.flatMap((piece, index) => made[index] ?? [piece]);
  }

  /** Null: nothing of it is replaced. */
  function applyTo(piece: string, rule: Rule, textKind: TextKind): Piece[] | null {
    const pieces: Piece[] = [];
    let from = 0;
    for (const { start, end, kind } of rule(piece, textKind)) {
      const value = piece.slice(start, end);
      if (start < from || isKept(value, kind)) continue;
      if (start > from) pieces.push(piece.slice(from, start));
      pieces.push({ placeholder: placeholders.hide(value, kind) });
      from = end;
    }
    if (from === 0) return null;
    if (from < piece.length) pieces.push(piece.slice(from));
    return pieces;
  }

  function hideNamed(name: string, value: string): string | null {
    const isOurs = rules.isSecretKey(name);
    if (!isOurs && !isSecretKey(name)) return null;
    const kind = isOurs ? 'custom' : 'secret';
    if (!isTellingValue(value) || isKept(value, kind)) return null;
    // A clipped or partly replaced value is still hidden whole.
    return placeholders.hide(value, kind);
  }

  function sweepNumber(name: string, value: number): Json {
    const text = String(value);
    if (isSecretNumberName(name) || rules.isSecretKey(name)) return placeholders.hide(text, 'secret');
    const passed = text.length >= 6 ? passAll(text, 'data') : text;
    return passed === text ? value : passed;
  }

  function sweepAll(value: Json, name: string, sweep: Redactor['text']): Json {
    if (typeof value === 'number') return sweepNumber(name, value);
    if (typeof value === 'string') {
      if (COMMIT_NAME.test(name) && COMMIT.test(value)) return value;
      return hideNamed(name, value) ?? sweep(value, 'code');
    }
    if (Array.isArray(value)) return value.map((item) => sweepAll(item, name, sweep));
    if (typeof value !== 'object' || value === null) return value;
    // `fromEntries` makes a `__proto__` key a plain one.
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [sweep(key, 'code'), sweepAll(item, key, sweep)]),
    );
  }

  return {
    text: passAll,
    named: hideNamed,
    sweep: (value) => {
      const found = new Map<string, RedactedKind>();
      for (const [placeholder, written] of placeholders.all())
        if (isDistinct(written)) found.set(written, kindOf(placeholder));
      return sweepAll(value, '', remember([byValues(found, isNoName), ...all], false));
    },
    describe: (text) => {
      const counts = countPlaceholders(text, placeholders.all());
      const sentences = Object.entries(NOUNS).flatMap(([kind, [one, more]]) => {
        const count = counts.get(kind) ?? 0;
        return count === 0 ? [] : [`${count} ${count === 1 ? one : more} replaced`];
      });
      for (const [kind, count] of countKept(text, kept)) {
        const [one, more] = NOUNS[kind];
        sentences.push(`${count} ${count === 1 ? one : more} left as is, by a rule of this project`);
      }
      const filtered = text.split('[Filtered]').length - 1;
      if (filtered > 0) sentences.push(`${countOf(filtered, 'value')} filtered when the event was stored`);
      return sentences;
    },
    placeholders: placeholders.all,
  };
}

/** Counted for who reads what is sent; more are as telling. */
const MAX_KEPT = 1000;

/** Which of the values that rules keep stand in a text, by kind. */
function countKept(text: string, kept: ReadonlyMap<string, RedactedKind>): Map<RedactedKind, number> {
  const counts = new Map<RedactedKind, number>();
  for (const [value, kind] of kept) if (text.includes(value)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** A release or a commit that the operator's own tooling names looks like a key, and is none. */
const COMMIT_NAME = /^(?:release|commit|revision|sha)$/i;
const COMMIT = /^[0-9a-f]{7,64}$/;

/** As it is, and as it stands in a URL. */
function writingsOf(value: string): string[] {
  const encoded = encodeURIComponent(value.toWellFormed());
  return encoded === value ? [value] : [value, encoded];
}

/** Names that thousands share, and words of programs. */
const SHARED_NAME =
  /^(?:admin(?:istrator)?|root|user|username|guest|test(?:user|er)?|anonymous|system|null|none|unknown|default|localhost|undefined|false|true|demo|example|nobody|service|server|application|runner)$/i;

/** Short names, and numbers that count something, would be found all over the text. */
const isTelling = (value: string): boolean =>
  value.length <= 200 && !SHARED_NAME.test(value) && (/^\d+$/.test(value) ? value.length >= 6 : value.length >= 4);

const LETTERS = /^[\p{L}_ -]+$/u;

/** Would it be known again where it stands alone? Short ones and plain words would be found in words and in code. */
const isDistinct = (value: string): boolean =>
  value.length >= (LETTERS.test(value) ? 8 : 6) && !SHARED_NAME.test(value);

/** A secret of letters alone may be a word of the program as well, which is followed by what follows names. */
const isNoName = (text: string, start: number, end: number): boolean =>
  !/[.(:=]/.test(text.charAt(end)) || !LETTERS.test(text.slice(start, end));

const kindOf = (placeholder: string): RedactedKind =>
  (Object.keys(NOUNS) as RedactedKind[]).find((kind) => placeholder.startsWith(`[${kind} `)) ?? 'secret';
