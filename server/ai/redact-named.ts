import { isSecretName } from '../protocol/scrub-rules.ts';
import { byPattern, type Rule } from './redact-find.ts';

/** Names of secrets beside those that scrubbing knows when an event is stored. */
const MORE_NAMES =
  /\bpwd\b|\bpass\b|\bpw\b|access[_-]?key|account[_-]?key|(?:encryption|signing|master|shared)[_-]?key|connection[_-]?string|\bpin\b|\botp\b|\bcvv?2?\b|\bcvc\b|\bssn\b|\bjwt\b|\bsid\b|signature|webhook|passwort|kennwort|contrase[nñ]a|\bsenha\b|wachtwoord|mot-de-passe|парол|密码|パスワード|비밀번호/i;

/** @returns true when what stands under this name is hidden, whatever it looks like */
export const isSecretKey = (name: string): boolean =>
  isSecretName(name) || (name.length <= 200 && MORE_NAMES.test(name.replace(/(?<=[a-z])(?=[A-Z])|_/g, '-')));

/** Says nothing: a kind of value, a placeholder of a form, an object's printed name. */
const SAYS_NOTHING =
  /^(?:none|null|undefined|nil|true|false|required|missing|invalid|expired|unknown|default|empty|hidden|string|str|text|number|integer|boolean|object|any|password|passwd|secret|token|session|cookie|auth|authorization|bearer|basic|credentials?|api[_-]?key|<[\w.$ ]{1,100}(?: at 0x[\da-f]{4,16})?>|<[\w.$ ]{1,100} object at 0x[\da-f]{4,16}>)$/i;
/** Already a placeholder, or `[Filtered]`, or stars, and nothing else. */
const isReplaced = (value: string): boolean => /^(?:\[[\w ]{1,40}\]|\*+|•+)$/.test(value.trim());

/** @returns true when a value under a secret name gives something away */
export const isTellingValue = (value: string): boolean =>
  value.trim() !== '' && !isReplaced(value) && !SAYS_NOTHING.test(value.trim());

/** Also in other languages, as forms of theirs name it. */
export const PASSWORD =
  'passw(?:or)?d|passwort|kennwort|contrase[nñ]a|\\bsenha(?![a-z])|wachtwoord|mot de passe|пароль|密码|パスワード|비밀번호';
const NAME = `(?<name>${PASSWORD}|passphrase|passwd|\\bpass(?![a-z])|\\bpw(?![a-z])|pwd|secret|api[_-]?key|access[_-]?key|account[_-]?key|signing[_-]?key|encryption[_-]?key|private[_-]?key|connection[_-]?string|token|authorization|credential|cookie|csrf|xsrf|session|signature|\\bsig|\\bauth(?!or)|\\bpin(?![a-z])|\\botp(?![a-z])|\\bcvv|\\bcvc|\\bjwt|\\bsid(?![a-z])|SharedAccessKey|stripetoken|mysql_pwd)`;
const VALUE =
  '(?:(?<open>\\\\{0,3}(?<quote>["\']))(?<quoted>(?:(?!\\k<quote>)[^\\n\\\\]){1,2000})|(?<bare>(?:<U\\+[\\dA-F]{4,6}>|[^\\s"\'&;,(){}[\\]<>\\\\]){3,2000}))(?<after>[;&]?)';
const BETWEEN =
  '(?<between>[\\w-]{0,20}\\]?\\\\{0,3}["\']?\\s{0,3}(?:=>|:=|[:=]|%3D|%3A(?:%20)?)\\s{0,3}(?:[brfu](?=["\']))?)';
const NAMED = new RegExp(`${NAME}${BETWEEN}${VALUE}`, 'giu');
/** Of these, a value without quotes is one even if it is a plain word. */
const STRONG_NAME =
  /^(?:passw|kennwort|contrase|senha|wachtwoord|mot|пароль|密码|パスワード|비밀번호|passphrase|pass|pw|secret|api|access|account|private|signing|encryption|cv|otp|pin)/iu;

/** `password=hunter2`, `"token": "…"`, `api-key: …`, also within quoted JSON. */
export const namedValues: Rule = byPattern(
  NAMED,
  'secret',
  ({ groups = {}, input = '', index = 0 }, kind) => {
    const { name = '', between = '', quoted, bare = '', after = '' } = groups;
    const value = quoted ?? bare;
    if (value.length < 3 || !isTellingValue(value)) return null;
    return quoted !== undefined ||
      isSecretWithoutQuotes(name, between, value, after, kind === 'code' && !isInQuotes(input, index))
      ? value
      : null;
  },
  /[=:]|%3/,
);

/**
 * Without quotes, a value in code is an expression, but for `Password=x;` of a connection string; in prose
 * "Unexpected token: punc" is no secret.
 */
function isSecretWithoutQuotes(name: string, between: string, value: string, after: string, isCode: boolean): boolean {
  if (isCode) return after !== '' && !/\s/.test(between) && /\d|[^\w.$]/.test(value);
  return STRONG_NAME.test(name) || /\d/.test(value) || value.length >= 16;
}

const MAX_LOOKED_BACK = 300;

/** Does a literal or a comment of its line hold this place of a source? Then it is words. */
export function isInQuotes(text: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - MAX_LOOKED_BACK), index);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const count = (quote: string) => line.split(quote).length - 1;
  return count('"') % 2 === 1 || count("'") % 2 === 1 || count('`') % 2 === 1 || /(?:^|\s)(?:#|\/\/|--|\*) /.test(line);
}

/** The rest of a header's line: a cookie is many values, and only some have names that tell. */
const HEADER =
  /\b(?<header>(?:set-)?cookie2?|(?:proxy-|x-amz-)?authorization)["']?:\s{0,3}["']?(?<scheme>(?:bearer|basic|digest|token|negotiate|ntlm|hmac[\w-]{0,20}|aws4-hmac-sha256)\s{1,3})?(?<rest>[^\s"'](?:="[^"\n]{0,500}"|[^\n"']){2,4000})/giu;
export const headerLines: Rule = byPattern(
  HEADER,
  'secret',
  ({ groups = {} }) => {
    const { header = '', scheme = '', rest = '' } = groups;
    const isTelling = /cookie/i.test(header) ? rest.includes('=') : scheme !== '' || /\d/.test(rest);
    return isTelling && !isReplaced(rest) ? rest.trimEnd() : null;
  },
  /cookie|authorization/iu,
);

const AUTH_SCHEME = /\b(?:bearer|basic|token|digest)\s{1,3}([\w.~+/=-]{8,})/giu;
export const authSchemes: Rule = byPattern(
  AUTH_SCHEME,
  'secret',
  ([, value = '']) => (/\d/.test(value) || value.length >= 20 ? value : null),
  /bearer|basic|token|digest/iu,
);

/** `curl -u ann:hunter2`, `--password hunter2`. */
const FLAG =
  /(?<![\w-])(?:(?:-u|--user)[ =]{1,3}["']?([^\s:"'=]{1,64}:[^\s"']{1,200})|--?(?:[\w-]{1,20}-)?(?:password|passwd|passphrase|pass|token|secret|api-?key)\s{1,3}["']?([^\s"'-][^\s"']{2,200}))/giu;
export const flags: Rule = byPattern(
  FLAG,
  'secret',
  ([, user, value], kind) =>
    kind === 'code' && user === undefined ? null : (user ?? (value && isTellingValue(value) ? value : null)),
  /-u|pass|token|secret|key/iu,
);

/** `<password>hunter2</password>` */
const ELEMENT =
  /<(?:\w{1,20}:)?[\w-]{0,20}(?:password|passwd|secret|token|api-?key|credentials?)[\w-]{0,20}(?:\s[^<>]{0,200})?>(?:<!\[CDATA\[)?([^<>]{3,1000}?)(?:\]\]>)?<\//giu;
export const elements: Rule = byPattern(
  ELEMENT,
  'secret',
  ([, value = '']) => (isTellingValue(value) ? value.trim() : null),
  /<\//,
);
