/** Tells whether a text as a whole is what a pattern says. */
export type Glob = (text: string) => boolean;

type Token = { kind: 'character'; character: string } | { kind: 'one' | 'many' | 'manyAndSlashes' };

/**
 * Compiles a pattern: `?` is one character, `*` and `**` are any number; all else stands for itself. The time of a match is
 * the text's length times the pattern's over 32, whatever they hold: all places in the pattern where one may be are
 * followed at once, as bits, so there is nothing to go back to.
 *
 * @param isPath `*` and `?` then stop at a slash; `**` does not
 */
export function compileGlob(pattern: string, { isPath }: { isPath: boolean }): Glob {
  const tokens = tokensOf(pattern, isPath);
  const length = (tokens.length >> 5) + 1;
  const bitsOf = (isIn: (token: Token) => boolean) => toBits(tokens, length, isIn);
  const stars = bitsOf(({ kind }) => kind === 'many' || kind === 'manyAndSlashes');
  const ones = bitsOf(({ kind }) => kind === 'one');
  const slashStars = isPath ? bitsOf(({ kind }) => kind === 'manyAndSlashes') : stars;
  const characters = new Map(
    tokens
      .flatMap((token) => (token.kind === 'character' ? [token.character] : []))
      .map((character) => [
        character,
        bitsOf((token) =>
          token.kind === 'one'
            ? !(isPath && character === '/')
            : token.kind === 'character' && token.character === character,
        ),
      ]),
  );
  const others = characters.get('/') ?? (isPath ? new Uint32Array(length) : ones);

  return (text) => {
    let places = new Uint32Array(length);
    places[0] = 1;
    passStars(places, stars);
    let next = new Uint32Array(length);
    for (const character of text) {
      const isSlash = character === '/';
      const taken = characters.get(character) ?? (isSlash ? others : ones);
      if (!step(places, next, taken, isSlash ? slashStars : stars)) return false;
      passStars(next, stars);
      [places, next] = [next, places];
    }
    return ((at(places, tokens.length >> 5) >>> (tokens.length & 31)) & 1) === 1;
  };
}

function tokensOf(pattern: string, isPath: boolean): Token[] {
  const tokens: Token[] = [];
  for (const character of pattern) {
    const last = tokens.at(-1);
    if (character === '?') tokens.push({ kind: 'one' });
    else if (character !== '*') tokens.push({ kind: 'character', character });
    else if (last?.kind === 'many' || last?.kind === 'manyAndSlashes')
      tokens[tokens.length - 1] = { kind: isPath ? 'manyAndSlashes' : 'many' };
    else tokens.push({ kind: 'many' });
  }
  return tokens;
}

/** Bit i of the whole is token i; the bit after the last is the pattern's end. */
function toBits(tokens: readonly Token[], length: number, isIn: (token: Token) => boolean): Uint32Array {
  const bits = new Uint32Array(length);
  for (const [index, token] of tokens.entries())
    if (isIn(token)) bits[index >> 5] = at(bits, index >> 5) | (1 << (index & 31));
  return bits;
}

/** Typed arrays have no holes; the compiler does not know. */
const at = (bits: Uint32Array, word: number): number => bits[word] ?? 0;

/** Takes one character. @returns false when no place is left */
function step(places: Uint32Array, next: Uint32Array, taken: Uint32Array, stays: Uint32Array): boolean {
  let carry = 0;
  let isAlive = false;
  for (let word = 0; word < places.length; word += 1) {
    const moved = at(places, word) & at(taken, word);
    const value = (moved << 1) | carry | (at(places, word) & at(stays, word));
    carry = moved >>> 31;
    next[word] = value;
    isAlive ||= value !== 0;
  }
  return isAlive;
}

/** A star may stand for nothing. No two stars are side by side, so one pass is enough. */
function passStars(places: Uint32Array, stars: Uint32Array): void {
  let carry = 0;
  for (let word = 0; word < places.length; word += 1) {
    const passed = at(places, word) & at(stars, word);
    places[word] = at(places, word) | (passed << 1) | carry;
    carry = passed >>> 31;
  }
}
