import type { PatchCheck } from '../../server/protocol/contract.ts';

export type CheckWords = { tone: 'neutral' | 'success' | 'warning' | 'error'; words: string };

/** The badge of a patch: what was checked, and what was not. @param check null: nobody has checked it */
export function checkWords(check: PatchCheck | null | undefined): CheckWords {
  const at = check?.commit ? ` ${check.commit.slice(0, 7)}` : ' the checkout';
  switch (check?.status) {
    case 'applies': {
      const parsing = parsingWords(check);
      return {
        tone: parsing.isBroken ? 'error' : 'success',
        words: `Applies to${at} · ${parsing.words} · no test was run`,
      };
    }
    case 'does_not_apply':
      return { tone: 'error', words: `Does not apply to${at}` };
    case 'malformed':
      return { tone: 'error', words: 'Not a patch that git can read' };
    default:
      return { tone: 'warning', words: 'Not checked: neither applied, parsed nor run' };
  }
}

function parsingWords({ files = [] }: PatchCheck): { words: string; isBroken: boolean } {
  const broken = files.filter(({ parses }) => parses === false).length;
  const unknown = files.filter(({ parses }) => parses !== false && parses !== true).length;
  if (broken > 0) {
    const words = files.length === 1 ? 'does not parse' : `${broken} of ${files.length} files do not parse`;
    return { words, isBroken: true };
  }
  if (unknown === files.length) return { words: 'not parsed', isBroken: false };
  return { words: unknown === 0 ? 'parsed' : `${unknown} of ${files.length} files not parsed`, isBroken: false };
}

/** How many changed lines no test reached; null where nobody can tell. */
export function uncoveredCount(check: PatchCheck | null | undefined): number | null {
  const known = (check?.files ?? []).flatMap(({ uncoveredLines }) => (uncoveredLines ? [uncoveredLines.length] : []));
  return known.length > 0 ? known.reduce((sum, count) => sum + count, 0) : null;
}
