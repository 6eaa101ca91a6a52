import type { Token as PrismToken, TokenStream } from 'prismjs';
import { cutMarkers } from './cut-markers.ts';
import type { LoadedGrammar } from './grammars.ts';
import type { Language } from './languages.ts';
import { kindOf, type Token, type TokenKind } from './token.ts';

/**
 * Characters of a line, and of all lines together, that are tokenized. Prism's grammars are regular expressions that a
 * hostile line can make slow (quadratic and worse). Within these bounds the worst that was found (C#, `a.a.a.`) took 1.4 s, ordinary code 1 to 5 ms.
 */
export const maxLineCharacters = 320;
export const maxCharacters = 12_000;

export type HighlightInput = {
  /** Source lines, without line ends. */
  lines: readonly string[];
  language: Language;
  /** Index in `lines` of the line that ran; -1 when it is not among them, and then nothing is taken to be cut. */
  activeIndex: number;
};

/** Prism's tree laid flat, with the ranges `[start, end)` of its outermost comments and strings, in order. */
type Tokenized = { text: string; tokens: Token[]; atoms: [number, number][] };

/** The lines without colours: what is shown until the grammar has come, and where there is none. */
export function plainLines(lines: readonly string[]): Token[][] {
  return lines.map((text) => [{ text, kind: 'plain' }]);
}

/**
 * Colours a fragment of a file. A fragment may start or end within a comment or a long string, which would turn all
 * colours inside out; as the line that ran is never inside of a comment, what is cut can be told and mended
 * (sentry-behaviour 7.6). Text goes in and comes out unchanged: joined, the tokens of a line are the line.
 */
export function highlightLines({ lines, language, activeIndex }: HighlightInput, loaded: LoadedGrammar): Token[][] {
  const total = lines.reduce((sum, line) => sum + line.length, 0);
  if (total > maxCharacters * 4) return plainLines(lines);
  const short = lines.map((line) => (line.length > maxLineCharacters || /[\r\n]/.test(line) ? '' : line));
  if (short.reduce((sum, line) => sum + line.length, 0) > maxCharacters) return plainLines(lines);
  const cut = activeIndex === -1 ? nothingCut : findCuts(short, language, activeIndex, loaded);
  const mended = tokenize(cut.open + short.join('\n') + cut.close, loaded);
  const rows = splitLines(mended.tokens).slice(cut.open ? 1 : 0);
  return lines.map((line, index) => {
    const row = short[index] === line ? rows[index] : undefined;
    return row?.length ? row : [{ text: line, kind: 'plain' }];
  });
}

type Cuts = { open: string; close: string };
const nothingCut: Cuts = { open: '', close: '' };

function findCuts(lines: readonly string[], language: Language, activeIndex: number, loaded: LoadedGrammar): Cuts {
  const before = tokenize(lines.slice(0, activeIndex).join('\n'), loaded);
  const after = tokenize(lines.slice(activeIndex + 1).join('\n'), loaded);
  let [open, close] = ['', ''];
  for (const marker of cutMarkers(language)) {
    if (!open && hasUnmatched(before, marker.end)) open = `${marker.open}\n`;
    if (!close && hasUnmatched(after, marker.start)) close = `\n${marker.close}`;
  }
  return { open, close };
}

/**
 * Does a marker stand where neither a comment nor a string covers it? A lone `"""` reads as an empty string and a quote,
 * so a marker that reaches over the end of its atom is not covered.
 */
function hasUnmatched({ text, atoms }: Tokenized, marker: RegExp): boolean {
  let next = 0;
  for (const match of text.matchAll(marker)) {
    while (next < atoms.length && (atoms[next]?.[1] ?? 0) < match.index + match[0].length) next++;
    const atom = atoms[next];
    if (!atom || atom[0] > match.index) return true;
  }
  return false;
}

function tokenize(text: string, { prism, grammar }: LoadedGrammar): Tokenized {
  const tokens: Token[] = [];
  const atoms: [number, number][] = [];
  let at = 0;
  const walk = (stream: TokenStream, kind: TokenKind, inAtom: boolean) => {
    if (Array.isArray(stream)) {
      for (const part of stream) walk(part, kind, inAtom);
    } else if (typeof stream === 'string') {
      tokens.push({ text: stream, kind });
      at += stream.length;
    } else {
      const start = at;
      const own = kindOfToken(stream, kind);
      const isAtom = own === 'comment' || own === 'string';
      walk(stream.content, own, inAtom || isAtom);
      if (isAtom && !inAtom) atoms.push([start, at]);
    }
  };
  walk(prism.tokenize(text, grammar), 'plain', false);
  return { text, tokens, atoms };
}

/** An alias says more than the type that it stands for: Prism calls a `doc-comment` a `comment` as well. */
function kindOfToken({ type, alias }: PrismToken, outer: TokenKind): TokenKind {
  const aliases = typeof alias === 'string' ? [alias] : (alias ?? []);
  return aliases.reduce<TokenKind>((kind, name) => kindOf(name, kind), kindOf(type, outer));
}

function splitLines(tokens: readonly Token[]): Token[][] {
  const rows: Token[][] = [[]];
  for (const { text, kind } of tokens) {
    text.split('\n').forEach((piece, index) => {
      if (index > 0) rows.push([]);
      const row = rows.at(-1);
      const last = row?.at(-1);
      if (last?.kind === kind) last.text += piece;
      else if (piece) row?.push({ text: piece, kind });
    });
  }
  return rows;
}
