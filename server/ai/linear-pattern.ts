/** One place of a pattern: which characters it takes, and how many of them. */
type Atom = { source: string; min: number; max: number };

const MAX_COUNT = 200;
/** Characters that one match may have. */
const MAX_LENGTH = 400;
const SHORTHANDS: Record<string, string> = { d: '[0-9]', w: '[A-Za-z0-9_]', s: '[ \\t\\n]' };

/**
 * Compiles a pattern that can only be fast: characters, `\d`, `\w`, `\s`, classes such as `[A-Z0-9-]` and `[^"]`, `.` for any
 * character of a line, each with a count `{4}`, `{2,8}`, `?`, `+` (1 to 200) or `*` (0 to 200). No groups and no `|`: write two
 * rules. What a place has taken it never gives back, so no text makes it try again and again.
 *
 * @param minLength of what it matches
 * @throws {RangeError} what is wrong with it, for whoever wrote it
 */
export function compilePattern(pattern: string, minLength: number): RegExp {
  const atoms = atomsOf(pattern.replace(/^\/(.*)\/$/, '$1'));
  const sum = (of: 'min' | 'max') => atoms.reduce((total, atom) => total + atom[of], 0);
  if (sum('min') < minLength) throw new RangeError(`the pattern must match at least ${minLength} characters.`);
  if (sum('max') > MAX_LENGTH) throw new RangeError(`the pattern may match at most ${MAX_LENGTH} characters.`);
  const taken = createTaken();
  for (const [index, atom] of atoms.entries()) refuseIfNothingIsLeft(atom, atoms[index + 1], taken);
  // A group that is looked for ahead and then repeated is matched once and for all: JavaScript's way to an atomic group.
  const sources = atoms.map(({ source, min, max }, index) =>
    min === max ? `${source}{${min}}` : `(?=(?<a${index}>${source}{${min},${max}}))\\k<a${index}>`,
  );
  return new RegExp(sources.join(''), 'gu');
}

function atomsOf(pattern: string): Atom[] {
  const atoms: Atom[] = [];
  let rest = pattern;
  while (rest !== '') {
    const [token = '', source] = atomAt(rest);
    rest = rest.slice(token.length);
    const [count = '', from, comma, to] = /^(?:\{(\d{1,3})(,)?(\d{1,3})?\}|[?+*])/.exec(rest) ?? [];
    rest = rest.slice(count.length);
    const [min, max] = countOf(count, from, comma, to);
    if (max > MAX_COUNT || min > max || max === 0) throw new RangeError(`${count} is no count from 1 to ${MAX_COUNT}.`);
    atoms.push({ source, min, max });
  }
  return atoms;
}

function countOf(count: string, from?: string, comma?: string, to?: string): [min: number, max: number] {
  if (count === '') return [1, 1];
  if (count === '?') return [0, 1];
  if (count === '+') return [1, MAX_COUNT];
  if (count === '*') return [0, MAX_COUNT];
  return [Number(from), comma ? Number(to ?? MAX_COUNT) : Number(from)];
}

/** The first place as it is written, and as JavaScript takes it. */
function atomAt(pattern: string): [token: string, source: string] {
  const [first = ''] = pattern;
  if (first === '[') return classAt(pattern);
  if (first === '.') return ['.', '[^\\n]'];
  if (first === '\\') {
    const [, escaped = ''] = pattern;
    const shorthand = SHORTHANDS[escaped];
    if (shorthand) return [`\\${escaped}`, shorthand];
    if (/^[^A-Za-z0-9]$/.test(escaped)) return [`\\${escaped}`, escapeOne(escaped)];
    throw new RangeError(`\\${escaped} is not known here: \\d, \\w and \\s are.`);
  }
  if (/[()|^$?+*{}\]]/.test(first))
    throw new RangeError(`“${first}” needs a \\ before it: groups, | and anchors are not known here.`);
  return [first, escapeOne(first)];
}

function classAt(pattern: string): [token: string, source: string] {
  const [token] = /^\[\^?(?:\\[^\n]|[^\]\\[])+\]/.exec(pattern) ?? [];
  if (!token) throw new RangeError('a class ends with ] and holds something other than [.');
  try {
    new RegExp(token, 'u');
  } catch {
    throw new RangeError(`${token} is no class of characters.`);
  }
  return [token, token];
}

const escapeOne = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');

/** Characters of the alphabets of Europe that a place takes; asked once for all places that are written alike. */
function createTaken(): (source: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  return (source) => {
    const before = known.get(source);
    if (before) return before;
    const one = new RegExp(`^${source}$`, 'u');
    const all = new Set(CHARACTERS.filter((character) => one.test(character)));
    known.set(source, all);
    return all;
  };
}

const CHARACTERS = Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code));

/** `\w+\d` would never match: `\w+` takes the digit as well, and keeps it. */
function refuseIfNothingIsLeft(
  atom: Atom,
  next: Atom | undefined,
  takenBy: (source: string) => ReadonlySet<string>,
): void {
  if (!next || next.min === 0 || atom.min === atom.max) return;
  const [taken, wanted] = [takenBy(atom.source), takenBy(next.source)];
  if (wanted.size === 0 || ![...wanted].every((character) => taken.has(character))) return;
  throw new RangeError(`${atom.source} takes all that ${next.source} after it could: give it a fixed count.`);
}
