/**
 * What is a secret, by its name and by its looks (security-and-limits.md, "Scrubbing that Sentry does by default").
 * Every pattern is linear in time: event text is a stranger's.
 */
export const FILTERED = '[Filtered]';

/** One secret found in a text; `end` exclusive, both in UTF-16 units. */
export type Finding = { start: number; end: number; rule: string };

/**
 * Names of secrets, anywhere in a key. Looser than whole words, as in Sentry, with what that would take by mistake left
 * out: `author` and `authority` (but not `authorization`), `tokenizer`, and counts and limits of tokens.
 */
const SECRET_NAME =
  /passw(?:or)?d|passphrase|secret|api[-_ ]?key|auth(?!or(?!i[sz]))|credential|mysql_pwd|stripetoken|card\[number\]|credit[-_]?card|private[-_ ]?key|bearer|session|csrf|xsrf|cookie|token(?!iz|s?[-_]?(?:count|usage|used|limit|type|len|index|class))/i;
const TOKEN_COUNT = /(?:max|min|num|total|prompt|completion|input|output|cached|n)[-_]?(?:new[-_]?)?tokens?$/i;
/** Under these a number is a secret as well (a PIN); under the others it is a count, a time or a flag. */
const SECRET_NUMBER_NAME = /passw(?:or)?d|passphrase|secret|credential|mysql_pwd|card\[number\]|credit[-_]?card/i;
/** Longer keys are not names. */
const MAX_NAME_LENGTH = 200;

/** @returns true when the value under this key is to be hidden whatever it looks like */
export function isSecretName(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && SECRET_NAME.test(name) && !TOKEN_COUNT.test(name);
}

/** As `isSecretName`, for a value that is a number. */
export function isSecretNumberName(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && SECRET_NUMBER_NAME.test(name);
}

/** Says nothing yet: `password=None`, `token: null`, a closing bracket. */
const EMPTY_VALUE = /^(?:none|null|undefined|nil|true|false|required|missing|invalid|expired)?$/i;

const SECRET_WORD =
  '(?:passw(?:or)?d|passphrase|mysql_pwd|secret|api[-_]?key|(?:access|auth|refresh|id|github|csrf|xsrf|session|bearer|api)[-_]?token|authorization|credentials?|private[-_]?key|stripetoken|card\\[number\\]|csrf|sessionid|session[-_]id|token|auth(?!or(?!i[sz])))';
/** `password=hunter2`, `"api_key": "x"`, `'token': 'y'`. A colon alone is prose: "Unexpected token: }". */
const KEY_VALUE = new RegExp(
  `${SECRET_WORD}\\w{0,20}(?:["']\\s{0,3}[:=]|\\s{0,3}=)(?![=>])\\s{0,3}(?:"([^"\\n]{0,2000})"?|'([^'\\n]{0,2000})'?|([^\\s"'&;,<>(){}[\\]]{1,2000}))`,
  'gid',
);
/** `Authorization: Bearer abc`; shorter ones are words. */
const BEARER = /\b(?:Bearer|Basic) ([A-Za-z0-9._~+/-]{12,4000}={0,2})/dg;
/** `https://user:password@host`. */
const URL_AUTH = /:\/\/([^\s/?#@"'<>]{1,500})@/dg;
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----([^-]{1,20000})(?:-----END|$)/dg;
const CARD = /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])/g;
/** Texts without any of these have no secret that we know by its looks. */
const HINT = /=|["']\s{0,3}:|:\/\/|Bearer |Basic |PRIVATE KEY|\d{4}[ -]?\d/;

/** Issuer prefixes with their lengths: a number that merely passes Luhn is an id in one case of ten. */
const CARD_PREFIXES: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^5[1-5]/, [16]],
  [/^2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|65|64[4-9])/, [16]],
  [/^3(?:0[0-5]|[689])/, [14]],
  [/^35/, [16]],
];

/** Finds what looks like a secret in a text, in order and without overlaps. */
export function findSecrets(text: string): Finding[] {
  if (!HINT.test(text)) return [];
  const found: Finding[] = [];
  for (const match of text.matchAll(KEY_VALUE)) {
    const range = match.indices?.[1] ?? match.indices?.[2] ?? match.indices?.[3];
    if (range && !EMPTY_VALUE.test(text.slice(range[0], range[1]))) add(found, range, '@password:filter');
  }
  for (const match of text.matchAll(BEARER)) add(found, match.indices?.[1], '@bearer:filter');
  for (const match of text.matchAll(URL_AUTH)) add(found, match.indices?.[1], '@urlauth:filter');
  for (const match of text.matchAll(PRIVATE_KEY)) add(found, match.indices?.[1], '@pemkey:filter');
  for (const match of text.matchAll(CARD)) {
    if (isCardNumber(match[0])) add(found, [match.index, match.index + match[0].length], '@creditcard:filter');
  }
  return withoutOverlaps(found);
}

function add(found: Finding[], range: readonly [number, number] | undefined, rule: string): void {
  if (range && range[1] > range[0]) found.push({ start: range[0], end: range[1], rule });
}

function withoutOverlaps(found: Finding[]): Finding[] {
  if (found.length < 2) return found;
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Finding[] = [];
  for (const finding of found) if (finding.start >= (kept.at(-1)?.end ?? 0)) kept.push(finding);
  return kept;
}

/** Digits, with spaces or dashes between, of an issuer's prefix and length, that pass the Luhn check. */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (!CARD_PREFIXES.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits))) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
