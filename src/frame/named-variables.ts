/** Minified lines name everything, and take time. */
const longestLine = 1000;

/** What begins a comment, by platform; `//` elsewhere. */
const hashComments = new Set(['python', 'ruby', 'perl', 'elixir']);
/** Quotes within which names can be code: `f"{name}"`, `#{name}`, `$name`. */
const openQuotes: Record<string, string> = {
  ruby: '"`',
  php: '"',
  javascript: '`',
  node: '`',
  elixir: '"',
  perl: '"',
  csharp: '"',
};

const identifier = /[\p{L}_$@][\p{L}\p{N}_$]*/gu;

/**
 * The variables that a line of source names, in its order. Not what follows a dot or an arrow (that is a part of something),
 * what is in a string, nor in a comment. Sigils do not count: `$order` and `@order` name `order`, and the other way round.
 */
export function namedVariables(line: string, variables: readonly string[], platform: string): string[] {
  if (line.length > longestLine) return [];
  const byName = new Map(variables.map((name) => [bare(name), name]));
  const code = codeOf(line, platform);
  const named = new Set<string>();
  for (const { 0: word, index } of code.matchAll(identifier)) {
    const name = byName.get(bare(word));
    // `...rest` is no part of anything.
    if (name !== undefined && !/(?:^|[^.])(?:\.|->|::)\s*$/.test(code.slice(Math.max(0, index - 8), index)))
      named.add(name);
  }
  return [...named];
}

const bare = (name: string) => name.replace(/^[$@]+/, '');

/** The line without its strings and its comment; blanks in their place. Strings that can hold code stay. */
function codeOf(line: string, platform: string): string {
  const comment = hashComments.has(platform) ? '#' : '//';
  const templates = (Object.hasOwn(openQuotes, platform) ? openQuotes[platform] : null) ?? '';
  let code = '';
  let quote = '';
  let isKept = true;
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (quote === '' && line.startsWith(comment, at)) return code;
    if (quote !== '' && character === '\\') {
      code += '  ';
      at++;
    } else if (quote === '' && isQuote(character)) {
      // An apostrophe that is never closed is a lifetime, a digit separator or the like.
      if (line.includes(character, at + 1)) quote = character;
      isKept = quote === '' || templates.includes(character) || isTemplate(line, at, platform);
      code += ' ';
    } else if (character === quote) {
      quote = '';
      isKept = true;
      code += ' ';
    } else {
      code += isKept ? character : ' ';
    }
  }
  return code;
}

const isQuote = (character: string) => character === '"' || character === "'" || character === '`';

/** `f"…"`: what is in braces is code, and the words beside them name a variable seldom enough. */
function isTemplate(line: string, at: number, platform: string): boolean {
  return platform === 'python' && /(?:^|[^\p{L}\p{N}_])(?:f|fr|rf)$/iu.test(line.slice(Math.max(0, at - 3), at));
}
