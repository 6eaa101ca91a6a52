import { isIPv6 } from 'node:net';
import type { Json } from '../protocol/event.ts';
import { looksRandom } from './entropy.ts';
import { countOf } from './text.ts';

/** Part of what answers are kept under: answers made with other rules are not mixed. */
export const REDACTION_VERSION = 'r1';

export type RedactedKind = 'email' | 'ip' | 'card' | 'secret' | 'token' | 'user' | 'host';
/** `code`: a value beside `=` is an expression there, so it is taken for a secret in quotes alone. */
export type TextKind = 'data' | 'code';

export type Redactor = {
  /** Linear in the length of the text; a text that has been through comes out the same. */
  text: (text: string, kind: TextKind) => string;
  /** A value under a name that says that it is secret; null when the name says nothing. */
  named: (name: string, value: string) => string | null;
  /** Replaces what was found anywhere, everywhere: a password that a message repeats without its name. */
  sweep: (value: Json) => Json;
  /** Sentences on what of it is in `text`, most telling first. */
  describe: (text: string) => string[];
};

const NOUNS: Record<RedactedKind, string> = {
  secret: 'password, key or other secret',
  token: 'long random value',
  card: 'card number',
  email: 'e-mail address',
  ip: 'IP address',
  user: 'user name or id',
  host: 'host name',
};
const PLURALS: Partial<Record<RedactedKind, string>> = {
  secret: 'passwords, keys or other secrets',
  email: 'e-mail addresses',
  ip: 'IP addresses',
  user: 'user names or ids',
};

/**
 * Replaces what identifies people or opens doors. The same value is the same placeholder (`[email 1]`) for as long as
 * the redactor lives. What scrubbing replaced when the event was stored (`[Filtered]`) stays.
 *
 * @param known values that the event itself says are of a person or machine: its user's id and name, its server's name
 */
export function createRedactor(known: { value: string; kind: RedactedKind }[] = []): Redactor {
  const placeholders = new Map<string, string>();
  const used = new Map<RedactedKind, number>();

  function hide(value: string, kind: RedactedKind): string {
    const existing = placeholders.get(value);
    if (existing) return existing;
    const number = (used.get(kind) ?? 0) + 1;
    used.set(kind, number);
    const placeholder = `[${kind} ${number}]`;
    placeholders.set(value, placeholder);
    return placeholder;
  }

  const kinds = new Map(known.filter(({ value }) => isTelling(value)).map(({ value, kind }) => [value, kind]));
  const knownPattern = patternOf([...kinds.keys()]);

  return {
    text: (text, kind) => {
      let result = text;
      for (const rule of RULES) result = rule(result, hide, kind);
      if (knownPattern) result = result.replace(knownPattern, (value) => hide(value, kinds.get(value) ?? 'user'));
      return result;
    },
    named: (name, value) => {
      if (!SECRET_NAME.test(name) || value === '' || isReplaced(value)) return null;
      return hide(value, 'secret');
    },
    sweep: (value) => {
      // Short ones would be found in words.
      const pattern = patternOf([...placeholders.keys()].filter((found) => found.length >= 6));
      if (!pattern) return value;
      return mapStrings(value, (text) => text.replace(pattern, (found) => placeholders.get(found) ?? found));
    },
    describe: (text) => {
      const ours = new Set(placeholders.values());
      const shown = [...new Set(text.match(/\[[a-z]{2,6} \d{1,7}\]/g))].filter((placeholder) => ours.has(placeholder));
      const counts = Map.groupBy(shown, (placeholder) => placeholder.slice(1, placeholder.indexOf(' ')));
      const sentences = (Object.keys(NOUNS) as RedactedKind[]).flatMap((kind) => {
        const count = counts.get(kind)?.length ?? 0;
        const plural = PLURALS[kind];
        if (count === 0) return [];
        return [`${count > 1 && plural ? `${count} ${plural}` : countOf(count, NOUNS[kind])} replaced`];
      });
      const filtered = text.split('[Filtered]').length - 1;
      if (filtered > 0) sentences.push(`${countOf(filtered, 'value')} filtered when the event was stored`);
      return sentences;
    },
  };
}

type Hide = (value: string, kind: RedactedKind) => string;
type Rule = (text: string, hide: Hide, kind: TextKind) => string;

const SECRET_NAME =
  /passw(?:or)?d|passphrase|\bpwd\b|secret|api[_-]?key|access[_-]?key|private[_-]?key|token|authorization|credential|cookie|csrf|session[_-]?id|\bbearer\b|mysql_pwd/iu;

/** Every quantifier is bounded, or its run cannot begin inside itself: hostile text costs linear time. */
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/gu;
const URL_CREDENTIALS = /(:\/\/)([^\s/@:"'<>]{0,200}:[^\s/@"'<>]{1,200}|[^\s/@:"'<>]{12,200})(?=@)/gu;
const AUTH_SCHEME = /\b(bearer|basic|token|digest)(\s{1,3})([\w.~+/=-]{8,})/giu;
const KNOWN_KEYS = new RegExp(
  `(?<![\\w-])(?:${[
    '(?:sk-|(?:sk|pk|rk)_(?:live|test)_)[\\w-]{10,}',
    '(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}(?![A-Z0-9])',
    '(?:gh[pousr]|npm|hf|sntry[su]|glsa|dop_v1|shp(?:at|ss|ca)|whsec|github_pat)_[\\w+/=-]{20,}',
    'glpat-[\\w-]{18,}',
    'xox[abeoprs]-[\\w-]{10,}',
    'AIza[\\w-]{30,}',
    'ya29\\.[\\w-]{20,}',
    'SG\\.[\\w-]{16,}\\.[\\w-]{16,}',
    'eyJ[\\w-]{8,}\\.[\\w-]{4,}(?:\\.[\\w-]*)?',
  ].join('|')})`,
  'gu',
);
const NAMED =
  /(?<name>passw(?:or)?d|passphrase|pwd|secret|api[_-]?key|access[_-]?key|private[_-]?key|token|authorization|credential|cookie|csrf|session|signature|\bsig|\bauth|\bcode)(?<between>[\w-]{0,20}\\{0,3}["']?\s{0,3}(?:=>|[:=])\s{0,3})(?:(?<open>\\{0,3}(?<quote>["']))(?<quoted>(?:(?!\k<quote>)[^\n\\]){1,2000})|(?<bare>[^\s"'&;,(){}[\]<>\\]{3,2000}))(?<after>[;&]?)/giu;
const STRONG_NAME = /^(?:passw|passphrase|pwd|secret|api|access|private)/iu;
const EMAIL =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])/gu;
const CARD = /(?<![\d.])[2-6]\d{3}(?:[ -]?\d){9,15}(?!\d)/gu;
// `Version=4.0.0.0` of an assembly and `Chrome/120.0.0.0` are no addresses.
const IPV4 =
  /(?<![\w.]|Version=|[A-Za-z]\/)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]\d|\d)/gu;
const IPV6 = /(?<![\w:.])[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?![\w:])/giu;
const HOME =
  /((?<![\w.])\/(?:home|Users)\/|\b[A-Za-z]:(?:\\{1,2}|\/)[Uu]sers(?:\\{1,2}|\/))([^\s/\\"'`:;,<>[\]()]{1,64})/gu;
const RUN = /[A-Za-z0-9_+/-]{20,}={0,2}/gu;

/** The more certain first: what one has replaced, the next cannot take apart. */
const RULES: Rule[] = [
  (text, hide) => text.replace(PRIVATE_KEY, (key) => hide(key, 'secret')),
  (text, hide) => text.replace(URL_CREDENTIALS, (_, before: string, value: string) => before + hide(value, 'secret')),
  (text, hide) =>
    text.replace(AUTH_SCHEME, (all, scheme: string, gap: string, value: string) =>
      /\d/.test(value) || value.length >= 20 ? scheme + gap + hide(value, 'secret') : all,
    ),
  (text, hide) => text.replace(KNOWN_KEYS, (key) => (/\d|[A-Z]/.test(key) ? hide(key, 'secret') : key)),
  redactNamed,
  (text, hide) => text.replace(EMAIL, (address) => hide(address, 'email')),
  (text, hide) =>
    text.replace(CARD, (digits) => (passesLuhn(digits.replace(/\D/g, '')) ? hide(digits, 'card') : digits)),
  (text, hide) =>
    text.replace(IPV6, (address) =>
      isIPv6(address) && /\d/.test(address) && !/^[:0]*1?$/.test(address) ? hide(address, 'ip') : address,
    ),
  (text, hide) =>
    text.replace(IPV4, (address) => (/^127\.|\.0\.0$|^255\.255\./.test(address) ? address : hide(address, 'ip'))),
  (text, hide) =>
    text.replace(HOME, (all, before: string, name: string) =>
      /^(?:shared|public|default)$/i.test(name) ? all : before + hide(name, 'user'),
    ),
  (text, hide) => text.replace(RUN, (run) => redactRun(run, hide)),
];

/** `password=hunter2`, `"token": "…"`, `api-key: …`, also within quoted JSON. */
function redactNamed(text: string, hide: Hide, kind: TextKind): string {
  return text.replace(NAMED, (all, ...groups) => {
    const { name = '', between = '', open = '', quoted, bare = '', after = '' } = groupsOf(groups);
    const value = quoted ?? bare;
    if (isReplaced(value) || value.length < 3) return all;
    if (quoted === undefined && !isSecretWithoutQuotes(name, between, value, after, kind)) return all;
    return `${name}${between}${open}${hide(value, 'secret')}${after}`;
  });
}

/** The named groups are the last argument of a replacer. */
const groupsOf = (replacerArguments: unknown[]) =>
  (replacerArguments.at(-1) ?? {}) as Record<string, string | undefined>;

/**
 * Without quotes, a value in code is an expression, but for `Password=x;` of a connection string; in prose
 * "Unexpected token: punc" is no secret.
 */
function isSecretWithoutQuotes(name: string, between: string, value: string, after: string, kind: TextKind): boolean {
  if (kind === 'code') return after !== '' && !/\s/.test(between) && /\d|[^\w.$]/.test(value);
  return STRONG_NAME.test(name) || /\d/.test(value) || value.length >= 16;
}

/** A path hides a random part in it; base64 has slashes of its own. */
function redactRun(run: string, hide: Hide): string {
  const parts = run.split('/').map((part) => (part.length >= 20 && looksRandom(part) ? hide(part, 'token') : part));
  const path = parts.join('/');
  return path === run && looksRandom(run) ? hide(run, 'token') : path;
}

/** Already a placeholder, or `[Filtered]`, or stars. */
const isReplaced = (value: string): boolean => /^(?:\[|\*+$|<U\+)/.test(value);

/** Short names, and numbers that count something, would be found all over the text. */
const isTelling = (value: string): boolean =>
  value.length <= 200 && (/^\d+$/.test(value) ? value.length >= 6 : value.length >= 4);

/** Whole words alone, the longest first. */
function patternOf(values: string[]): RegExp | null {
  if (values.length === 0) return null;
  const longestFirst = values.slice(0, 500).sort((a, b) => b.length - a.length);
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${longestFirst.map(escapeForUnicode).join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
}

const escapeForUnicode = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function mapStrings(value: Json, map: (text: string) => string): Json {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [map(key), mapStrings(item, map)]));
}
