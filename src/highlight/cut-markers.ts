import type { Language } from './languages.ts';

/**
 * Where a comment or a long string starts and ends, in the languages where it may span lines. `start` and `end` are
 * searched for; `open` and `close` are what mends a cut one.
 */
export type CutMarker = { start: RegExp; end: RegExp; open: string; close: string };

const pair = (open: string, close: string): CutMarker => ({ start: literal(open), end: literal(close), open, close });
const literal = (text: string) => new RegExp(text.replace(/[$()*+./?[\\\]^{|}-]/g, '\\$&'), 'g');

const cStyle = [pair('/*', '*/')];
const tripleQuotes = [pair('"""', '"""'), pair("'''", "'''")];
const none: CutMarker[] = [];

const markers: Partial<Record<Language, CutMarker[]>> = {
  bash: none,
  clojure: none,
  diff: none,
  elixir: tripleQuotes,
  erlang: none,
  fsharp: [pair('(*', '*)'), pair('"""', '"""')],
  graphql: [pair('"""', '"""')],
  haskell: [pair('{-', '-}')],
  json: none,
  julia: [pair('#=', '=#'), pair('"""', '"""')],
  kotlin: [...cStyle, pair('"""', '"""')],
  lua: [pair('--[[', ']]')],
  markup: [pair('<!--', '-->')],
  perl: [{ start: /^=(?!cut\b)[a-z]\w*/gm, end: /^=cut\b/gm, open: '=pod', close: '=cut' }],
  powershell: [pair('<#', '#>')],
  python: tripleQuotes,
  ruby: [{ start: /^=begin\b/gm, end: /^=end\b/gm, open: '=begin', close: '=end' }],
  scala: [...cStyle, pair('"""', '"""')],
  swift: [...cStyle, pair('"""', '"""')],
  toml: tripleQuotes,
  yaml: none,
};

/** Markers of a language; C's for what is not named. */
export function cutMarkers(language: Language): readonly CutMarker[] {
  return markers[language] ?? cStyle;
}
