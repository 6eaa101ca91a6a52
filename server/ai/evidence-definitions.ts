import type { CheckoutSource } from './evidence.ts';
import { importsAmong, type Look, type OpenFile, openNeighbours, openReachable } from './evidence-files.ts';
import { type Definition, headAround, importLines, outlineOf } from './evidence-outline.ts';

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
const WEIGHT = { ran: 1, writer: 0.8, body: 0.6, owner: 0.5, maker: 0.5, user: 0.4 };

/**
 * What is behind the shown frames, the nearest first: functions, types and values that their source names, those that set
 * what the lines that ran read (what is missing there was set too late, or by another), the constructors of their classes
 * and who calls these, who uses what their files export, and what those name in turn. They are looked for in the files of the frames and in those that these reach. What many
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
  const reachable = await openReachable(files, named, look);
  const outlined = (file: OpenFile) =>
    outlineOf(file.lines, file.path).map((definition): Placed => ({ ...definition, file }));
  const all = reachable.flatMap(outlined);
  // What stands beside them is of interest for what it does with them alone: many define what is named alike.
  const beside = (await openNeighbours(files, reachable, look)).flatMap(outlined);
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
    if (owner) {
      reachNames(new Set([owner]), weight * WEIGHT.owner);
      reach(makersOf(owner, [...all, ...beside]), weight * WEIGHT.maker);
    }
  }
  reach(usersOf(files, [...all, ...beside]), WEIGHT.user);

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
  const opened = new Map(
    [...files, ...all.map(({ file }) => file), ...beside.map(({ file }) => file)].map((file) => [file.path, file]),
  );
  return [...found, ...importsOf([...shown, ...found], opened)];
}

/** Of the files that have a piece here. They stand last, and are the first to go. */
function importsOf(pieces: readonly CheckoutSource[], opened: ReadonlyMap<string, OpenFile>): CheckoutSource[] {
  return [...new Set(pieces.map(({ path }) => path))].flatMap((path) => {
    const file = opened.get(path);
    const imports = file && importLines(file.lines);
    if (!file || !imports) return [];
    const { commit } = file;
    const source = { path, commit, startLine: imports.startLine, lines: withGap(imports, file) };
    return pieces.some((other) => isWithin({ ...source, lines: imports.lines }, other)) ? [] : [source];
  });
}

/** With the empty line behind it, so that what stands one after another in a file is one piece. */
function withGap({ startLine, lines }: Pick<Definition, 'startLine' | 'lines'>, file: OpenFile): string[] {
  const next = file.lines[startLine - 1 + lines.length];
  return next?.trim() === '' ? [...lines, ''] : lines;
}

const linesOf = (sources: readonly CheckoutSource[]) => sources.reduce((sum, { lines }) => sum + lines.length, 0);

/** Functions that make one of a class: `new Ost(`, `Ost(`, `Ost.new`, `NewOst(`, `&Ost{`. */
function makersOf(owner: string, all: readonly Placed[]): Placed[] {
  const name = owner.replaceAll('$', '\\$');
  const makes = new RegExp(`(?:^|[^\\p{L}\\p{N}_])(?:new\\s{1,4})?(?:New)?${name}(?:\\.new\\b|\\s{0,2}[({])`, 'u');
  return all.filter(
    (one) =>
      one.owner !== owner && one.name !== `New${owner}` && one.lines.some((line) => makes.test(line.slice(0, 400))),
  );
}

/** Functions elsewhere that use what files of frames are imported for. */
function usersOf(files: readonly OpenFile[], all: readonly Placed[]): Placed[] {
  const targets = new Map(files.map((file) => [file.path, file]));
  const users: Placed[] = [];
  for (const [file, placed] of Map.groupBy(all, (one) => one.file)) {
    if (targets.has(file.path)) continue;
    const names = new Set(importsAmong(file, targets).flatMap((imported) => imported.names));
    if (names.size === 0) continue;
    users.push(...placed.filter((one) => one.isFunction && one.lines.some((line) => namesAny(line, names))));
  }
  return users;
}

const namesAny = (line: string, names: ReadonlySet<string>): boolean =>
  [...namesIn(line)].some((name) => names.has(name));

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
