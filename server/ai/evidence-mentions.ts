import type { Mention } from '../source/commit-files.ts';
import type { CheckoutSource } from './evidence.ts';
import type { ShownFrame } from './evidence-definitions.ts';
import { isTest, type Look } from './evidence-files.ts';
import { type Definition, headAround, outlineOf } from './evidence-outline.ts';

/** Words with how much each says of the crash. */
export type Words = ReadonlyMap<string, number>;

const MAX_WORDS = 40;
const MAX_FILES = 5;
const MAX_LINES = 120;
/** A file of so many lines is shown whole; of a longer one a few definitions, or the lines around the best. */
const SHORT_FILE = 30;
const MAX_PIECES = 2;
const LINES_AROUND = 8;
/** A file that has less of the words than this, beside the one that has most, has them by chance. */
const LEAST_SHARE = 0.4;
const LEAST_WORDS = 2;
const OLDER = 0.7;
const WEIGHT = { ran: 1, told: 0.8, value: 0.6, body: 0.3 };

/** What other programs write, and nobody changes by hand. */
const GENERATED =
  /(?:^|\/)(?:node_modules|vendor|third_party|dist|build|target|out|coverage|\.\w+)\/|(?:^|\/)(?:package-lock\.json|[\w.-]+\.lock|go\.sum|CHANGELOG[\w.]*)$|\.(?:min\.\w+|map|snap|svg|csv|tsv|ipynb|po|pb\.go|md|rst|txt)$/i;

/**
 * Words by which files are found that nothing imports: a migration, a template, a configuration, what announces itself when
 * it is loaded. They are those of the lines that ran, of what the error says, of short values, and of the functions.
 *
 * @param told what the event says: its messages, and texts that its variables hold
 */
export function wordsOf(frames: readonly ShownFrame[], told: { messages: string[]; values: string[] }): Words {
  const words = new Map<string, number>();
  const add = (text: string, weight: number) => {
    for (const [word] of text.slice(0, 4000).matchAll(WORD)) {
      if (!COMMON.has(word.toLowerCase())) words.set(word, Math.max(weight, words.get(word) ?? 0));
    }
  };
  for (const [age, { ran, body }] of frames.entries()) {
    add(ran, WEIGHT.ran * OLDER ** age);
    add(body.join('\n'), WEIGHT.body * OLDER ** age);
  }
  for (const message of told.messages) add(message, WEIGHT.told);
  for (const value of told.values) add(value, WEIGHT.value);
  return new Map([...words].sort(([, one], [, other]) => other - one).slice(0, MAX_WORDS));
}

/**
 * Pieces of the files that have most of the words, the rare ones before all: those that hardly another file has.
 *
 * @param known what is shown already: files of which there is a piece are left
 */
export async function findMentions(
  words: Words,
  commit: string,
  known: readonly CheckoutSource[],
  look: Look,
): Promise<CheckoutSource[]> {
  const mentions = await look.mentions([...words.keys()], commit);
  const byFile = Map.groupBy(mentions, ({ path }) => path);
  const filesWith = Map.groupBy(mentions, ({ word }) => word);
  const rarity = (word: string) =>
    Math.log(1 + byFile.size / new Set(filesWith.get(word)?.map(({ path }) => path)).size) * (words.get(word) ?? 0);
  const rarities = new Map([...filesWith.keys()].map((word) => [word, rarity(word)]));
  const shown = new Set(known.map(({ path }) => path));
  const scored = [...byFile]
    .filter(([path]) => !shown.has(path) && !GENERATED.test(path) && !isTest(path))
    .filter(([, of]) => new Set(of.map(({ word }) => word)).size >= LEAST_WORDS)
    .map(([path, of]) => ({ path, of, score: scoreOf(of, rarities) }))
    .sort((one, other) => other.score - one.score);
  const least = LEAST_SHARE * (scored[0]?.score ?? 0);
  const worth = scored.filter(({ score }) => score >= least);

  const found: CheckoutSource[] = [];
  let total = 0;
  for (const { path, of } of worth.slice(0, MAX_FILES)) {
    const lines = await look.read(path, commit);
    for (const piece of lines ? piecesOf(path, lines, of, rarities) : []) {
      if (total + piece.lines.length > MAX_LINES) continue;
      total += piece.lines.length;
      const within = headAround(lines ?? [], piece.startLine);
      found.push({ path, commit, ...piece, ...(within !== null && { within }) });
    }
  }
  return found;
}

/** However often a file has a word, it says little more than once. */
function scoreOf(mentions: readonly Mention[], rarities: ReadonlyMap<string, number>): number {
  return [...Map.groupBy(mentions, ({ word }) => word)].reduce(
    (sum, [word, of]) => sum + ((rarities.get(word) ?? 0) * of.length) / (of.length + 1),
    0,
  );
}

type Piece = { startLine: number; lines: readonly string[] };

function piecesOf(
  path: string,
  lines: readonly string[],
  mentions: readonly Mention[],
  rarities: ReadonlyMap<string, number>,
): Piece[] {
  if (lines.length <= SHORT_FILE) return [{ startLine: 1, lines: lines.at(-1) === '' ? lines.slice(0, -1) : lines }];
  const within = ({ startLine, lines: { length } }: Piece) =>
    scoreOf(
      mentions.filter(({ line }) => line >= startLine && line < startLine + length),
      rarities,
    );
  const definitions = outlineOf(lines, path)
    .map((definition: Definition) => ({ definition, score: within(definition) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, MAX_PIECES);
  if (definitions.length > 0)
    return definitions.map(({ definition: { startLine, lines: own } }) => ({ startLine, lines: own }));
  const around = mentions.map(({ line }) => {
    const startLine = Math.max(1, line - LINES_AROUND);
    const piece = { startLine, lines: lines.slice(startLine - 1, line + LINES_AROUND) };
    return { piece, score: within(piece) };
  });
  return around
    .sort((one, other) => other.score - one.score)
    .slice(0, 1)
    .map(({ piece }) => piece);
}

const WORD = /(?<!\w)[A-Za-z_]\w{2,60}(?!\w)/g;

/** Of languages and of errors: they are everywhere. */
const COMMON: ReadonlySet<string> = new Set(
  `self this cls def class function func return const let var import from require export default async await new for while
  each foreach if elif else elsif unless switch case when match break continue try catch except rescue finally ensure throw
  raise with yield lambda end begin then not and the none null nil true false undefined string str int integer float bool
  boolean number object array list dict map hash tuple set void public private protected static final abstract interface
  struct type enum module package namespace using use include extends implements super print println printf puts console log
  error errors exception err msg message args kwargs params options data value values key keys name names item items index
  result results length size count get put add has call apply run main init constructor typeof instanceof delete range len
  has been was were are that cannot could not was property properties attribute reading read method column table argument
  expected unexpected missing invalid found failed unable unknown unsupported line file path json todo`.split(/\s+/),
);
