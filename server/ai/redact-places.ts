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
