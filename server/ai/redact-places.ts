import { isIPv6 } from 'node:net';
import { isCardNumber } from '../protocol/scrub-rules.ts';
import { byPattern, type Rule } from './redact-find.ts';
import { isInQuotes, isTellingValue } from './redact-named.ts';

const URL_CREDENTIALS = /:\\{0,2}\/\\{0,2}\/([^\s/@:"'<>]{0,200}:[^\s/@"'<>]{1,200}|[^\s/@:"'<>]{12,200})(?=@)/gu;
/** `postgres://app:hunter2@db`, and a DSN's key. */
export const urlCredentials: Rule = byPattern(URL_CREDENTIALS, 'secret', ([, value = '']) => value, /:\\{0,2}\//);

/** Parameters that open something for whoever has them; `state`, `nonce` and `hash` come with sign-ins. */
const QUERY =
  /(?<=[?&#;]|%3F|%26|&amp;)(?:[\w.-]{0,40}(?:token|secret|passw(?:or)?d|pwd|signature|credential|auth|session|key|ticket|assertion|otp|jwt|hmac|invite|invitation|verifier|challenge)[\w.-]{0,20}|sig|sid|code|state|nonce|pass|pin|samlresponse|samlrequest|relaystate|api[_-]?key|apikey|key)(?:=|%3D)([^&#;\s"'<>\\)\]]{3,2000})/giu;
/** A page's number or a small flag. */
const EMPTY = /^\d{1,4}$/;
export const queryValues: Rule = byPattern(
  QUERY,
  'secret',
  ([, value = '']) => (EMPTY.test(value) || value.startsWith('{') || !isTellingValue(value) ? null : value),
  /(?:[?&#;]|%3F|%26)[\w.-]+(?:=|%3D)/iu,
);

/** `/reset/4f2a9b8c…`: what stands in a link that was mailed to one person. */
const PATH_TOKEN =
  /\/(?:[\w-]{0,20}(?:reset|token|invite|invitation|verify|verification|confirm|confirmation|activate|activation|magic|unsubscribe|secret|share|session|oauth|login|callback|key)s?)\/([\w.~=-]{8,500})(?=[/?#\s"'<>)\]]|$)/giu;
export const pathTokens: Rule = byPattern(
  PATH_TOKEN,
  'secret',
  ({ 1: value = '', input = '', index = 0 }, kind) => {
    // A file or a word of an address has few digits, and those together.
    const digits = value.match(/\d+/g)?.length ?? 0;
    return digits >= 2 && (kind === 'data' || isInQuotes(input, index)) && !/\.[a-z]{1,5}$/i.test(value) ? value : null;
  },
  /\/[\w-]+\//u,
);

const EMAIL =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}(?:@|%40)(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])/gu;
export const emails: Rule = byPattern(
  EMAIL,
  'email',
  ([address]) =>
    // `react@npm.18.x` has no such end; `icon@2x.png` has a picture's.
    /@\dx\.(?:png|jpe?g|gif|webp|svg)$/i.test(address) ? null : address,
  /@|%40/,
);

const CARD = /(?<![\d.\w-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)/gu;
export const cards: Rule = byPattern(
  CARD,
  'card',
  ([digits]) => (isCardNumber(digits) ? digits : null),
  /\d(?:[ -]?\d){12}/,
);

const IBAN = /(?<![\w-])[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,4})?(?![\w-])/gu;
/** ISO 13616: the country and its check digits go to the end, letters count from 10, and the rest of all by 97 is 1. */
function isIban(text: string): boolean {
  const account = text.replaceAll(' ', '');
  if (account.length < 15 || account.length > 34) return false;
  let rest = 0;
  for (const character of account.slice(4) + account.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
export const ibans: Rule = byPattern(IBAN, 'card', ([account]) => (isIban(account) ? account : null), /[A-Z]{2}\d{2}/);

/** As E.164 has it, with a country: without one a number is an order's as well as a person's. */
const PHONE = /(?<![\w+.)\]-])(?:\+|%2B)[1-9]\d{0,2}(?:[ .-]?\(\d{1,4}\))?(?:[ .-]?\d{2,}){2,6}(?![\w-]|\.\d)/giu;
export const phones: Rule = byPattern(
  PHONE,
  'phone',
  ([number], kind) => {
    const digits = number.replace(/%2B|\D/gi, '').length;
    // In code a sign and digits alone are a number.
    const isNumber = kind === 'code' && /^\+\d+$/.test(number);
    return !isNumber && digits >= 9 && digits <= 15 ? number : null;
  },
  /(?:\+|%2B)[1-9]/i,
);

const MAC = /(?<![\w:-])(?:[\da-f]{2}:){5}[\da-f]{2}(?![\w:-])/giu;
export const macs: Rule = byPattern(
  MAC,
  'id',
  ([address]) => (/^(?:00:){5}|^(?:ff:){5}/i.test(address) ? null : address),
  /[\da-f]{2}:[\da-f]{2}:/i,
);

// `Version=4.0.0.0` of an assembly, `Chrome/120.0.0.0` and `==1.2.3.4` are no addresses.
const IPV4 =
  /(?<![\w.]|Version=|version[ :]|==|[A-Za-z]\/)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]\d|\d|\.(?:jar|dll|so|whl|tgz|zip)\b|-(?:microsoft|generic|alpha|beta|rc|dev|snapshot|release|stable|ubuntu|amd64|arm64))/giu;
export const ipv4: Rule = byPattern(
  IPV4,
  'ip',
  ([address]) => (/^127\.|^0\.0\.0\.0$|\.0\.0$|^255\.255\./.test(address) ? null : address),
  /\d\.\d/,
);

const IPV6 = /(?<![\w:.])[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?![\w:])/giu;
export const ipv6: Rule = byPattern(
  IPV6,
  'ip',
  ([address]) => (isIPv6(address) && /\d/.test(address) && !/^[:0]*1?$/.test(address) ? address : null),
  /:[\da-f]{0,4}:/iu,
);

/** Linux and macOS (also as WSL and Git for Windows mount another's disk), and Windows, whose names have blanks in them. */
const HOME =
  /(?:(?<![\w.])|(?<=(?<![\w])\/(?:var|usr|export|mnt|data|net|nfs|host|[a-z]|mnt\/[a-z])))\/(?:home|Users)\/([^\s/\\"'`:;,<>[\]()]{1,64})|\b[A-Za-z]:(?:\\{1,4}|\/)(?:[Uu]sers|Documents and Settings)(?:\\{1,4}|\/)([^/\\"'`:;,<>[\]()\n]{1,64}(?=[\\/])|[^\s/\\"'`:;,<>[\]()]{1,64})/gu;
export const homes: Rule = byPattern(
  HOME,
  'user',
  ([, name, windowsName]) => {
    const person = name ?? windowsName ?? '';
    return /^(?:shared|public|default|all users|runner|app|node|vscode|ubuntu|ec2-user|\$\{?\w+\}?)$/i.test(person)
      ? null
      : person;
  },
  /\/home\/|[Uu]sers|Documents/,
);

/** Names that only a private network knows, and those that a cloud makes of an address. */
const HOST =
  /(?<![\w.-])(?:(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,6}(?:internal|local|lan|corp|intranet|intra|localdomain|home\.arpa|cluster\.local|compute(?:-1)?\.amazonaws\.com|rds\.amazonaws\.com)|ip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3})(?![\w-]|\.\w)/giu;
export const hosts: Rule = byPattern(
  HOST,
  'host',
  ([name]) =>
    // `window.local` and `threading.local` are names of a program.
    /[\d-]/.test(name) || (name.match(/\./g)?.length ?? 0) >= 2 ? name : null,
  /\.(?:internal|local|lan|corp|intra|home\.arpa|compute(?:-1)?\.amazonaws|rds\.amazonaws)|ip-\d/iu,
);
