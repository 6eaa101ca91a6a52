import { Coverage } from '../../protocol/contract.ts';
import type { Change } from './try-patch.ts';

/** How far a line is looked for that coverage knows: beyond comments and blank lines, not in the next function. */
const REACH = 5;

/**
 * Lines that a patch changes or adds where no test reached the lines before: tests would not see what it does. Added
 * lines are judged by those beside them.
 *
 * @param codeOf coverage of a line before the patch, by its number; undefined: the report does not have it
 * @returns numbers after the patch, in order
 */
export function uncoveredLines(changes: readonly Change[], codeOf: (line: number) => number | undefined): number[] {
  return changes.flatMap(({ oldStart, removed, newLines }) => {
    const codes = Array.from({ length: removed }, (_, by) => codeOf(oldStart + by));
    const isKnown = codes.some((code) => code !== undefined);
    const isUncovered = isKnown
      ? codes.includes(Coverage.notCovered)
      : isBesideUncovered(oldStart, oldStart + removed, codeOf);
    // As many as before: line by line.
    const isPaired = isKnown && removed === newLines.length;
    return newLines.flatMap(({ line, isBlank }, by) => {
      const isMarked = isPaired ? codes[by] === Coverage.notCovered : isUncovered;
      return isMarked && !isBlank ? [line] : [];
    });
  });
}

/** @param from first line of the gap @param to first line after it */
function isBesideUncovered(from: number, to: number, codeOf: (line: number) => number | undefined): boolean {
  const nearest = (start: number, step: number) => {
    for (let by = 0; by < REACH; by += 1) {
      const code = codeOf(start + by * step);
      if (code !== undefined) return code;
    }
    return undefined;
  };
  return nearest(from - 1, -1) === Coverage.notCovered || nearest(to, 1) === Coverage.notCovered;
}
