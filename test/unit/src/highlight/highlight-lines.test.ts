import { expect, test } from 'vitest';
import { loadGrammar } from '../../../../src/highlight/grammars.ts';
import { highlightLines, maxLineCharacters } from '../../../../src/highlight/highlight-lines.ts';
import { type Language, languageNamed, languageOf } from '../../../../src/highlight/languages.ts';
import type { Token } from '../../../../src/highlight/token.ts';

async function highlight(language: Language, lines: string[], activeIndex = -1): Promise<Token[][]> {
  const grammar = await loadGrammar(language);
  if (!grammar) throw new Error(`no grammar for ${language}`);
  return highlightLines({ lines, language, activeIndex }, grammar);
}
/** The kind of each line's first token that is more than white space. */
const kinds = (rows: Token[][]) => rows.map((row) => row.find(({ text }) => text.trim())?.kind ?? 'plain');

test('splits a JavaScript function into its tokens', async () => {
  expect(await highlight('javascript', ['function add(a) {', '  return "x" + 1;'])).toEqual([
    [
      { text: 'function', kind: 'keyword' },
      { text: ' ', kind: 'plain' },
      { text: 'add', kind: 'function' },
      { text: '(', kind: 'punctuation' },
      { text: 'a', kind: 'plain' },
      { text: ')', kind: 'punctuation' },
      { text: ' ', kind: 'plain' },
      { text: '{', kind: 'punctuation' },
    ],
    [
      { text: '  ', kind: 'plain' },
      { text: 'return', kind: 'keyword' },
      { text: ' ', kind: 'plain' },
      { text: '"x"', kind: 'string' },
      { text: ' ', kind: 'plain' },
      { text: '+', kind: 'punctuation' },
      { text: ' ', kind: 'plain' },
      { text: '1', kind: 'number' },
      { text: ';', kind: 'punctuation' },
    ],
  ]);
});

test.each<[string, Language, string[], number, string[]]>([
  [
    'a comment cut at the start',
    'javascript',
    [' * of the order', ' */', 'throw new Error()'],
    2,
    ['comment', 'comment', 'keyword'],
  ],
  [
    'a comment cut at the end',
    'javascript',
    ['throw new Error()', '/**', ' * if the order'],
    0,
    ['keyword', 'comment', 'comment'],
  ],
  [
    'comments cut at both ends',
    'javascript',
    ['if they', '*/', 'return 1', '/* for', 'return'],
    2,
    ['comment', 'comment', 'keyword', 'comment', 'comment'],
  ],
  [
    'a complete comment',
    'javascript',
    ['return 0', '/* for */', 'return 1', '/* and */', 'return 2'],
    2,
    ['keyword', 'comment', 'keyword', 'comment', 'keyword'],
  ],
  [
    'an end marker in a string',
    'javascript',
    ['return 0', 'f("*/")', 'return 1'],
    2,
    ['keyword', 'function', 'keyword'],
  ],
  [
    'an end marker in a line comment',
    'javascript',
    ['return 0', '// */', 'return 1'],
    2,
    ['keyword', 'comment', 'keyword'],
  ],
  [
    'a Python docstring cut at the start',
    'python',
    ['for the amount', '"""', 'return 1', 'return 2'],
    2,
    ['string', 'string', 'keyword', 'keyword'],
  ],
  [
    'Python docstrings cut at both ends, which would turn the line that ran into a string',
    'python',
    ['for the amount', '"""', 'return 1', 'def f():', '    """Returns', '    for the amount'],
    2,
    ['string', 'string', 'keyword', 'keyword', 'string', 'string'],
  ],
  [
    'a Python docstring cut at the start with a whole one after it',
    'python',
    ['for the amount', '"""', 'x = f()', '"""all for one"""', 'return 1'],
    4,
    ['string', 'string', 'plain', 'string', 'keyword'],
  ],
  ['single quotes in Python', 'python', ['for the', "'''", 'return 1'], 2, ['string', 'string', 'keyword']],
  [
    'a quoted triple quote in Python',
    'python',
    ['return 0', `f('"""')`, 'return 1'],
    2,
    ['keyword', 'plain', 'keyword'],
  ],
  [
    'POD cut at the end in Perl',
    'perl',
    ['my $x = 1;', '=head1 NAME', 'return if'],
    0,
    ['keyword', 'comment', 'comment'],
  ],
  ['POD cut at the start in Perl', 'perl', ['return if', '=cut', 'return 1;'], 2, ['comment', 'comment', 'keyword']],
  [
    'a block comment cut at the start in Ruby',
    'ruby',
    ['if it', '=end', 'return 1'],
    2,
    ['comment', 'comment', 'keyword'],
  ],
  [
    'a Haskell comment cut at the start',
    'haskell',
    ['where we', '-}', 'let x = 1'],
    2,
    ['comment', 'comment', 'keyword'],
  ],
  ['a Lua comment cut at the start', 'lua', ['if then', ']]', 'return 1'], 2, ['comment', 'comment', 'keyword']],
  ['no markers in Bash', 'bash', ['ls /tmp/*/', 'if true; then'], 1, ['function', 'keyword']],
])('colours a fragment with %s', async (_, language, lines, activeIndex, expected) => {
  const rows = await highlight(language, lines, activeIndex);
  expect(kinds(rows)).toEqual(expected);
  expect(rows.map((row) => row.map(({ text }) => text).join(''))).toEqual(lines);
});

test('mends nothing when the line that ran is not among the lines', async () => {
  expect(kinds(await highlight('javascript', ['return', '*/']))).toEqual(['keyword', 'punctuation']);
});

test('leaves a line without colours that is too long, and colours the others', async () => {
  const long = `return ${'x+'.repeat(maxLineCharacters)}`;
  const rows = await highlight('javascript', ['return 1', long, 'return 2'], 0);
  expect(kinds(rows)).toEqual(['keyword', 'plain', 'keyword']);
  expect(rows[1]).toEqual([{ text: long, kind: 'plain' }]);
});

test('every grammar loads and gives back each line as it was', { timeout: 30_000 }, async () => {
  const lines = [
    'def f(x): # "a" /* b',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source of a template string
    '\treturn {"a": `${1}`} <b c="d">e</b> \u0000 \u202e */',
    '',
    '-- x',
    '=cut',
    '"""',
  ];
  const languages =
    'bash c clojure cpp csharp css dart diff elixir erlang fsharp go graphql groovy haskell java javascript json jsx julia kotlin lua markup objectivec perl php powershell python ruby rust scala sql swift toml tsx typescript yaml';
  for (const name of languages.split(' ')) {
    const language = languageNamed(name);
    if (!language) throw new Error(`${name} is not known`);
    const rows = await highlight(language, lines, 3);
    expect(rows.map((row) => row.map(({ text }) => text).join(''))).toEqual(lines);
  }
});

test.each([
  ['app/billing.py', 'javascript', 'python'],
  ['C:\\src\\Main.CS', null, 'csharp'],
  ['https://example.com/static/app.js?v=1.2', 'javascript', 'javascript'],
  ['<frozen importlib._bootstrap>', 'python', 'python'],
  ['a.b/no-extension', 'ruby', 'ruby'],
  ['constructor', '__proto__', null],
  ['a.constructor', 'other', null],
  [null, undefined, null],
])('reads the language of %s on %s as %s', (path, platform, language) => {
  expect(languageOf({ path, platform })).toBe(language);
});
