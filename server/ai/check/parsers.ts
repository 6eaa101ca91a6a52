import { type ParserPlugin, parse } from '@babel/parser';
import { XMLValidator } from 'fast-xml-parser';
import { LineCounter, parseAllDocuments } from 'yaml';
import { faultByGrammar } from './grammars.ts';

export type Parsed = { parses: true } | { parses: false; error: string } | { parses: null; why: string };

/** Says what is wrong, without words of the file: they may be secret. Null: nothing is. */
type Parser = (text: string) => string | null | Promise<string | null>;

/**
 * Parsers that read and never run. None is native: text that nests a hundred thousand deep ends in an error that is caught,
 * and not in the stack of the process, which would take the server with it.
 */
const PARSERS: Record<string, Parser> = {
  ...forAll(['js', 'mjs', 'cjs', 'jsx'], (text) =>
    firstFault(text, [
      ['jsx', 'decorators-legacy'],
      ['jsx', 'flow', 'decorators-legacy'],
    ]),
  ),
  ...forAll(['ts', 'mts', 'cts'], (text) => firstFault(text, [['typescript', 'decorators-legacy']])),
  tsx: (text) => firstFault(text, [['typescript', 'jsx', 'decorators-legacy']]),
  ...forAll(['json', 'webmanifest', 'har'], parseJson),
  ...forAll(['yaml', 'yml'], parseYaml),
  ...forAll(['xml', 'svg', 'xsd', 'xsl', 'csproj', 'props', 'plist', 'resx'], parseXml),
  ...forAll(['py', 'pyi'], byGrammar('python')),
  ...forAll(['rb', 'rake', 'gemspec'], byGrammar('ruby')),
  go: byGrammar('go'),
  java: byGrammar('java'),
  php: byGrammar('php'),
  rs: byGrammar('rust'),
  cs: byGrammar('c-sharp'),
};

/** Names for files that nothing here reads. */
const LANGUAGES: Record<string, string> = {
  ...forAll(['kt', 'kts'], 'Kotlin'),
  ...forAll(['swift'], 'Swift'),
  ...forAll(['m', 'mm'], 'Objective-C'),
  // What their macros make is not seen before a preprocessor has run: a grammar finds fault with half of all files.
  ...forAll(['c', 'h'], 'C'),
  ...forAll(['cc', 'cpp', 'cxx', 'hh', 'hpp'], 'C++'),
  ...forAll(['sh', 'bash'], 'shell scripts'),
  ...forAll(['erb'], 'templates'),
  ...forAll(['ps1', 'psm1'], 'PowerShell'),
  ...forAll(['ex', 'exs'], 'Elixir'),
  ...forAll(['scala'], 'Scala'),
  ...forAll(['dart'], 'Dart'),
  ...forAll(['lua'], 'Lua'),
  ...forAll(['sql'], 'SQL'),
  ...forAll(['vue'], 'Vue'),
  ...forAll(['svelte'], 'Svelte'),
  ...forAll(['html', 'htm'], 'HTML'),
  ...forAll(['css', 'scss', 'less'], 'style sheets'),
  ...forAll(['toml'], 'TOML'),
  ...forAll(['md'], 'Markdown'),
};

/** @param before the file without the patch; null: it is new. What did not parse before says nothing of the patch */
export async function parseFile(path: string, text: string, before: string | null): Promise<Parsed> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '';
  const parser = Object.hasOwn(PARSERS, extension) ? PARSERS[extension] : undefined;
  if (!parser) {
    const language = Object.hasOwn(LANGUAGES, extension) ? LANGUAGES[extension] : undefined;
    return { parses: null, why: `no parser for ${language ?? 'files of this kind'} here` };
  }
  try {
    const error = await parser(text);
    if (error === null) return { parses: true };
    if (before !== null && (await parser(before)) !== null) {
      return { parses: null, why: 'it could not be parsed before the patch either' };
    }
    return { parses: false, error };
  } catch (error) {
    if (isTooMuch(error)) return { parses: null, why: 'it is nested too deeply, or too large' };
    throw error;
  }
}

const isTooMuch = (error: unknown): boolean => error instanceof RangeError || error instanceof WebAssembly.RuntimeError;

function forAll<T>(keys: readonly string[], value: T): Record<string, T> {
  return Object.fromEntries(keys.map((key) => [key, value]));
}

function byGrammar(grammar: string): Parser {
  return (text) => faultByGrammar(grammar, text.startsWith('\uFEFF') ? text.slice(1) : text);
}

function firstFault(text: string, dialects: readonly ParserPlugin[][]): string | null {
  let first: string | null = null;
  for (const plugins of dialects) {
    try {
      parse(text, {
        sourceType: 'unambiguous',
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: true,
        allowUndeclaredExports: true,
        plugins: [...plugins],
      });
      return null;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      first ??= `${REASONS[reasonOf(error)] ?? 'It is no valid syntax'}${lineOf(error)}.`;
    }
  }
  return first;
}

/** Babel's own messages have names of the file in them. */
const REASONS: Partial<Record<string, string>> = {
  UnexpectedToken: 'Something stands where it cannot',
  MissingSemicolon: 'Something stands where a statement should have ended',
  UnterminatedString: 'A string does not end',
  UnterminatedTemplate: 'A template does not end',
  UnterminatedComment: 'A comment does not end',
  UnterminatedJsxContent: 'An element of JSX does not end',
  VarRedeclaration: 'A name is declared twice',
  MissingClosingTagElement: 'An element of JSX does not end',
  IllegalReturn: 'A return stands outside of a function',
};
const reasonOf = (error: SyntaxError): string =>
  'reasonCode' in error && typeof error.reasonCode === 'string' ? error.reasonCode : '';

function lineOf(error: SyntaxError): string {
  const place = 'loc' in error ? error.loc : null;
  const line = place && typeof place === 'object' && 'line' in place ? place.line : null;
  return typeof line === 'number' ? `, line ${line}` : '';
}

function parseJson(text: string): string | null {
  try {
    JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
    return null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, line] = /\(line (\d+) column/.exec(error.message) ?? [];
    return line ? `It is no JSON from line ${line} on.` : 'It is no JSON.';
  }
}

function parseYaml(text: string): string | null {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { prettyErrors: false, lineCounter });
  for (const { errors } of Array.isArray(documents) ? documents : []) {
    const [first] = errors;
    if (first) return `It is no YAML from line ${lineCounter.linePos(first.pos[0]).line} on.`;
  }
  return null;
}

function parseXml(text: string): string | null {
  const result = XMLValidator.validate(text);
  return result === true ? null : `It is no XML from line ${result.err.line} on.`;
}
