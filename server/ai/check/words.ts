import type { Tried, TriedFile } from './try-patch.ts';

/** As git shows it. */
export const shortOf = (commit: string): string => commit.slice(0, 7);

export const NOT_RUN = 'Not run: no test was run.';

/** @param why a sentence, or what stands after a colon */
export function failedWords(
  status: 'malformed' | 'does_not_apply' | 'not_checked',
  commit: string,
  why: string,
): string {
  return status === 'does_not_apply' ? `Does not apply to ${shortOf(commit)}: ${why}` : why;
}

/** What is known of each file of a patch that applies, and what is not; sentences. */
export function appliesWords({ files }: Tried, uncovered: readonly (number[] | null)[]): string[] {
  return files.flatMap((file, at) => {
    const notes = file.notes.length > 0 ? [`${file.path}: ${file.notes.join(' ')}`] : [];
    return [...notes, ...parsingWords(file), ...coverageWords(file, uncovered[at] ?? null)];
  });
}

function parsingWords({ path, parsed }: TriedFile): string[] {
  if (parsed === null) return [`${path} is deleted.`];
  if (parsed.parses === null) return [`${path}: not parsed, ${parsed.why}.`];
  return [parsed.parses ? `${path} parses.` : `${path} does not parse: ${parsed.error}`];
}

function coverageWords({ path, changes, parsed }: TriedFile, uncovered: readonly number[] | null): string[] {
  const isNew = changes.every(({ oldStart, removed }) => oldStart === 1 && removed === 0);
  return uncovered !== null || parsed === null || isNew
    ? []
    : [`Whether tests reach the lines of ${path} is not known.`];
}
