/** What a piece of source is, as far as its colour is concerned. */
export type TokenKind =
  | 'plain'
  | 'keyword'
  | 'string'
  | 'number'
  | 'function'
  | 'type'
  | 'comment'
  | 'punctuation'
  | 'inserted'
  | 'deleted';
export type Token = { text: string; kind: TokenKind };

/** Prism has some hundred names; the page has seven colours (fewer, told apart more easily) and two for a patch. */
const kindsOf: Record<Exclude<TokenKind, 'plain'>, string> = {
  keyword: 'keyword tag selector atrule rule important directive directive-hash macro preprocessor hashbang arrow',
  string:
    'string triple-quoted-string template-string char character regex attr-value url multiline-string nowdoc-string heredoc-string backtick-quoted-string double-quoted-string single-quoted-string quasi-quoted raw-string interpolation-string string-interpolation string-literal',
  number: 'number boolean constant symbol atom nil null hexcode unit',
  function: 'function method function-name function-definition attr-name property key capture',
  type: 'class-name builtin type type-definition namespace module annotation decorator attribute lifetime lifetime-annotation maybe-class-name package',
  comment: 'comment prolog doctype cdata shebang doc coord',
  punctuation: 'punctuation operator delimiter',
  inserted: 'inserted inserted-sign',
  deleted: 'deleted deleted-sign',
};
const kindByType = new Map<string, TokenKind>(
  (Object.keys(kindsOf) as (keyof typeof kindsOf)[]).flatMap((kind) =>
    kindsOf[kind].split(' ').map((type): [string, TokenKind] => [type, kind]),
  ),
);

/** Code inside of a string is code again. */
const code = new Set(['interpolation', 'script', 'style', 'language-javascript', 'language-css']);

/** The kind for Prism's type; `outer` where the type has no colour of its own. */
export function kindOf(type: string, outer: TokenKind): TokenKind {
  return code.has(type) ? 'plain' : (kindByType.get(type) ?? outer);
}
