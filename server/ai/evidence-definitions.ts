import type { CheckoutSource } from './evidence.ts';
import { type Look, type OpenFile, openReachable } from './evidence-files.ts';
import { type Definition, headAround, outlineOf } from './evidence-outline.ts';

/** A frame whose function is shown. */
export type ShownFrame = {
  source: CheckoutSource;
  /** The line that ran. */
  ran: string;
  /** Of the function itself, without what is shown around it. */
  body: readonly string[];
};

type Placed = Definition & { file: OpenFile };

/** Of all definitions together: what is shown beside the frames shall not bury them. */
const MAX_LINES = 400;
/** What is named by so little is left. */
const LEAST = 0.03;
/** How much a step away from the crash counts less: to an older frame, and from a definition to what it names. */
const OLDER = 0.9;
const FARTHER = 0.6;
/** Lines of a definition that says no less of each than a shorter one. */
const SHORT = 12;
const WEIGHT = { ran: 1, writer: 0.8, body: 0.6, owner: 0.5 };

/**
 * What is behind the shown frames, the nearest first: functions, types and values that their source names, those that set
 * what the lines that ran read (what is missing there was set too late, or by another), the constructors of their classes,
 * and what those name in turn. They are looked for in the files of the frames and in those that these reach. What many
 * places define by one name says less of each.
 *
 * @param frames newest first
 */
export async function findDefinitions(
  frames: readonly ShownFrame[],
  files: readonly OpenFile[],
  look: Look,
): Promise<CheckoutSource[]> {
  const named = new Set(frames.flatMap(({ body, ran }) => [...namesIn(ran), ...namesIn(body.join('\n'))]));
  const all = (await openReachable(files, named, look)).flatMap((file) =>
    outlineOf(file.lines, file.path).map((definition): Placed => ({ ...definition, file })),
  );
  const byName = Map.groupBy(all, ({ name }) => name);
  const open = new Map<Placed, number>();
  const done = new Set<Placed>();
  const reach = (places: readonly Placed[], weight: number) => {
    for (const place of places) {
      if (done.has(place)) continue;
      const each = weight / Math.sqrt(places.length * Math.max(1, place.lines.length / SHORT));
      open.set(place, Math.max(each, open.get(place) ?? 0));
    }
  };
  const reachNames = (names: ReadonlySet<string>, weight: number) => {
    for (const name of names) reach(byName.get(name) ?? [], weight);
  };

  for (const [age, { source, ran, body }] of frames.entries()) {
    const weight = OLDER ** age;
    reachNames(namesIn(ran), weight * WEIGHT.ran);
    reachNames(namesIn(body.join('\n')), weight * WEIGHT.body);
    reach(settersOf(ran, all, source.path), weight * WEIGHT.writer);
    const owner = all.find((one) => one.owner !== '' && isIn(source, one))?.owner;
    if (owner) reachNames(new Set([owner]), weight * WEIGHT.owner);
  }

  const shown = frames.map(({ source }) => source);
  const found: CheckoutSource[] = [];
  let total = 0;
  for (let next = heaviest(open); next && total < MAX_LINES; next = heaviest(open)) {
    const [place, weight] = next;
    open.delete(place);
    done.add(place);
    const { file, startLine } = place;
    const within = headAround(file.lines, startLine);
    const own = { path: file.path, commit: file.commit, startLine, lines: place.lines };
    if (![...shown, ...found].some((other) => isWithin(own, other))) {
      // Of a class, lines of methods that were found before it are shown once.
      total += place.lines.length - linesOf(found.filter((other) => isWithin(other, own)));
      found.push({ ...own, lines: withGap(place, file), ...(within !== null && { within }) });
    }
    reachNames(namesIn(place.lines.join('\n')), weight * FARTHER);
  }
  return found;
}

/** With the empty line behind it, so that what stands one after another in a file is one piece. */
function withGap({ startLine, lines }: Definition, file: OpenFile): string[] {
  const next = file.lines[startLine - 1 + lines.length];
  return next?.trim() === '' ? [...lines, ''] : lines;
}

const linesOf = (sources: readonly CheckoutSource[]) => sources.reduce((sum, { lines }) => sum + lines.length, 0);

function heaviest(open: ReadonlyMap<Placed, number>): [Placed, number] | null {
  let best: [Placed, number] | null = null;
  for (const entry of open) if (entry[1] >= LEAST && (!best || entry[1] > best[1])) best = entry;
  return best;
}

const isIn = ({ path, startLine, lines }: CheckoutSource, { file, ...one }: Placed): boolean =>
  file.path === path && one.startLine < startLine + lines.length && startLine < one.startLine + one.lines.length;

const isWithin = (inner: CheckoutSource, outer: CheckoutSource): boolean =>
  inner.path === outer.path &&
  inner.commit === outer.commit &&
  inner.startLine >= outer.startLine &&
  inner.startLine + inner.lines.length <= outer.startLine + outer.lines.length;

const NAME = /[\p{L}_$][\p{L}\p{N}_$]{0,100}/gu;
const namesIn = (text: string): Set<string> => new Set(text.match(NAME) ?? []);

/** What a line reads of an object, and does not call: `.socket`, `@limit`, `["attempt"]`, `[:retry]`, `->rate`. */
const READ = /(?:[.@#]|->|::)([\p{L}_]\w{1,100})\b(?!\s{0,4}\()|\[\s{0,4}:?["']?([\p{L}_]\w{1,100})["']?\s{0,4}\]/gu;

const MAX_FIELDS = 20;

/** Functions that set what a line reads: by assignment, or as a key. */
function settersOf(ran: string, all: readonly Placed[], path: string): Placed[] {
  const fields = new Set([...ran.matchAll(READ)].flatMap(([, field, key]) => field ?? key ?? []));
  if (fields.size === 0) return [];
  const names = [...fields]
    .slice(0, MAX_FIELDS)
    .map((name) => name.replaceAll('$', '\\$'))
    .join('|');
  const sets = new RegExp(
    `(?:^|[^\\p{L}\\p{N}_])["']?(?:${names})["']?\\]?\\s{0,8}(?:[-+|]?=(?![=>~])|:(?!:)|:=|<<)`,
    'u',
  );
  const setters = all.filter((one) => one.isFunction && one.lines.some((line) => sets.test(line.slice(0, 400))));
  const near = setters.filter(({ file }) => file.path === path);
  return near.length > 0 ? near : setters;
}
