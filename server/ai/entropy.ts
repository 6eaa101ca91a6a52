/**
 * How seldom one letter follows another in the names that programmers give, 0 to 9, a row for each first letter and a
 * column for each second: five less 1.25 times the logarithm (base 2) of how much more often they do than by lot. Counted
 * over 20,000 names of TypeScript's, Node's and Python's libraries.
 */
const RARITY = [
  '94238749496232949231557659',
  '49895999669499589669499969',
  '39683993593489189472599989',
  '47751799399589479557498989',
  '26224357698331645011645359',
  '59995599399599499576599989',
  '69892976599676799557799999',
  '39993999599989499675799989',
  '55344549999330249522959695',
  '99996999999999999989999999',
  '89993999699898999968999999',
  '37741799299389379854489959',
  '26992999499768439957699989',
  '38322528496675369721559989',
  '55439569695431439144354799',
  '29862997599499359353699969',
  '99999999999799999999499999',
  '28450759296645279333568949',
  '49471784396678437731487959',
  '27450683199567349233487949',
  '65684769599353849343999999',
  '49992999599999899999999999',
  '59996998599996699669999999',
  '99697999799999969994999989',
  '99888999899776949866999999',
  '99995999899999999999999999',
].join('');

/** A step between letter and digit, and from one digit to the next; and what a capital after a small letter adds. */
const STEP = { toDigit: 7, digits: 4, hump: 1 };

/**
 * Does a run of 16 or more letters, digits, `_`, `-`, `+` and `/` look drawn by lot rather than written by a person or
 * mangled by a compiler? Entropy alone cannot tell: a path or a camel-case name has nearly as much as base64 of that
 * length. Which letters stand side by side can: names are at 3 on `RARITY`'s scale, what was drawn by lot is at 6.
 * Measured in `test/unit/server/ai/redact-rates.test.ts`.
 */
export function looksRandom(run: string): boolean {
  if (MANGLED.test(run) || /abcdefgh|ABCDEFGH/.test(run)) return false;
  const bare = run.replace(/[=_+/-]/g, '');
  if (bare.length < 16) return false;
  if (/^[0-9a-f]+$/i.test(bare)) return bare.length >= 20 && /\d/.test(bare) && /[a-f]/i.test(bare);
  if (run.includes('/') && !isBase64(run)) return false;
  if (/^\d+$/.test(bare)) return false;
  // Of a short one there is less to go by.
  if (bare.length < 20) return /\d/.test(bare) && /[A-Za-z]/.test(bare) && rarityOf(run) >= 5.8;
  return rarityOf(run) >= (bare.length < 24 ? 5.1 : 4.9);
}

/** May a shorter part be of something drawn by lot? Of a path's words few are so written. */
export const isOdd = (part: string): boolean =>
  part.includes('+') ||
  (/\d/.test(part) && /[a-z]/i.test(part)) ||
  /[a-z][A-Z]/.test(part) ||
  (part.length >= 3 && rarityOf(part) >= 5.5);

/** Mean of all steps between neighbours; none leads over a separator. */
function rarityOf(run: string): number {
  let sum = 0;
  let steps = 0;
  for (let index = 1; index < run.length; index++) {
    const first = run.charCodeAt(index - 1);
    const second = run.charCodeAt(index);
    if (!isAlphanumeric(first) || !isAlphanumeric(second)) continue;
    steps++;
    if (isDigit(first) !== isDigit(second)) sum += STEP.toDigit;
    else if (isDigit(first)) sum += STEP.digits;
    else {
      sum += Number(RARITY[((first | 32) - 97) * 26 + (second | 32) - 97]);
      if (first >= 97 && second < 97) sum += STEP.hump;
    }
  }
  return steps === 0 ? 0 : sum / steps;
}

const isDigit = (code: number): boolean => code < 58;
const isAlphanumeric = (code: number): boolean =>
  (code >= 48 && code < 58) || (code >= 65 && code < 91) || (code >= 97 && code < 123);

/** C++, Rust and Swift symbols, as compilers write them. */
const MANGLED = /^(?:_{1,4}Z|_R[A-Z]|_T[A-Z0-9]|_?\$s[A-Z0-9])/;

const isBase64 = (run: string): boolean =>
  !/[_-]/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);

/**
 * May this be the hash that a bundler puts into a file's name (`main-4f9a8b7c`), rather than a key that somebody named a
 * file after? Its last part is hexadecimal, or short.
 */
export function isIdentifierHash(name: string): boolean {
  const last = name.split(/[-_.]/).at(-1) ?? '';
  return /^[0-9a-f]{1,64}$/.test(last) || last.length <= 24;
}
