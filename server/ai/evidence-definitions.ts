import type { CheckoutSource } from './evidence.ts';
import { CLASS, functionsNamed } from './evidence-function.ts';
import { importedFiles } from './evidence-imports.ts';

export type OpenFile = { path: string; commit: string; lines: readonly string[] };
/** Null: there is none, or it may not be read. */
export type ReadFile = (path: string, commit: string) => Promise<readonly string[] | null>;

const MAX_DEFINITIONS = 20;
const MAX_IMPORTED = 8;

/**
 * Functions that the shown source names, from the same files and from those that these import, and the constructors of
 * the classes that it names or is in: what gave the wrong value is often no longer on the stack. Then what those name in
 * turn, from the same files.
 */
export async function findDefinitions(
  shown: readonly CheckoutSource[],
  files: readonly OpenFile[],
  read: ReadFile,
): Promise<CheckoutSource[]> {
  const names = namesOf(shown);
  const all = [...files, ...(await openImported(files, names, read))];
  const found: CheckoutSource[] = [];
  const add = (wanted: ReadonlySet<string>) => {
    for (const file of all) {
      for (const one of functionsNamed(file.lines, wanted, file.path)) {
        const source = { path: file.path, commit: file.commit, startLine: one.startLine, lines: one.lines };
        if (found.length < MAX_DEFINITIONS && ![...shown, ...found].some((other) => isIn(source, other)))
          found.push(source);
      }
    }
  };
  add(withClassesOf(names, shown, files));
  add(namesOf(found));
  return found;
}

const isIn = (inner: CheckoutSource, outer: CheckoutSource): boolean =>
  inner.path === outer.path &&
  inner.startLine >= outer.startLine &&
  inner.startLine < outer.startLine + outer.lines.length;

const NAME = /[\p{L}_$][\p{L}\p{N}_$]{0,100}/gu;

const namesOf = (sources: readonly CheckoutSource[]): Set<string> =>
  new Set(sources.flatMap(({ lines }) => lines.join('\n').match(NAME) ?? []));

/** The class that a method is in counts as named, so that its constructor is found. */
function withClassesOf(
  names: ReadonlySet<string>,
  shown: readonly CheckoutSource[],
  files: readonly OpenFile[],
): ReadonlySet<string> {
  const classes = shown.flatMap(({ path, startLine, lines }) => {
    const file = files.find((one) => one.path === path);
    const until = startLine + lines.length - 1;
    const above = file?.lines.slice(0, until).findLast((line) => CLASS.test(line.slice(0, 400)));
    return above ? [CLASS.exec(above.slice(0, 400))?.[1] ?? ''] : [];
  });
  return new Set([...names, ...classes]);
}

async function openImported(
  files: readonly OpenFile[],
  names: ReadonlySet<string>,
  read: ReadFile,
): Promise<OpenFile[]> {
  const opened = new Map<string, OpenFile>();
  const known = new Set(files.map(({ path }) => path));
  for (const { lines, path, commit } of files) {
    for (const { names: brought, candidates } of importedFiles(lines.join('\n'), path)) {
      if (opened.size >= MAX_IMPORTED) return [...opened.values()];
      if (brought.length > 0 && !brought.some((name) => names.has(name))) continue;
      for (const candidate of candidates) {
        if (known.has(candidate)) break;
        const imported = await read(candidate, commit);
        if (!imported) continue;
        known.add(candidate);
        opened.set(candidate, { path: candidate, commit, lines: imported });
        break;
      }
    }
  }
  return [...opened.values()];
}
