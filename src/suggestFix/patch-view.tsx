import { memo, type ReactNode, useContext, useMemo } from 'react';
import type { PatchCheck } from '../../server/protocol/contract.ts';
import { classNames } from '../components/class-names.ts';
import styles from './answer.module.css';
import { isCommandBlock } from './answer-commands.ts';
import { PlaceholdersContext, putBack } from './answer-placeholders.ts';
import patchStyles from './patch.module.css';
import { type PatchLine, patchLines } from './patch-lines.ts';
import { PutBack } from './put-back.tsx';

const spoken: Record<PatchLine['kind'], string> = {
  file: '',
  hunk: '',
  added: 'Added: ',
  removed: 'Removed: ',
  same: '',
};

type Props = { patch: string; check: PatchCheck | null | undefined };

/** A diff of an answer, marked as such, and below it what is known of it. */
export function PatchView({ children, ...props }: Props & { children: ReactNode }) {
  // A block may be called a diff and be a script.
  const isCommand = isCommandBlock(props.patch, 'diff');
  const isMarkedPutBack = putBack(props.patch, useContext(PlaceholdersContext)).some(({ isPutBack }) => isPutBack);
  return (
    <figure className={styles['code']}>
      <figcaption data-command={isCommand || undefined}>
        <span>
          {isCommand ? 'Command from the answer, not run' : 'Patch from the answer, not applied'}
          {isMarkedPutBack && ', with values put back that a copy does not have'}
        </span>
      </figcaption>
      <PatchLines {...props} />
      {children}
    </figure>
  );
}

/** Lines that no test reached have a bar at their start, and words below the last of a run. */
const PatchLines = memo(function PatchLines({ patch, check }: Props) {
  const lines = useMemo(() => withRuns(patchLines(patch), check), [patch, check]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={patchStyles['patch']} tabIndex={0} aria-label="Patch from the answer">
      <code>
        {lines.map(({ kind, text, isUncovered, run }, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
            key={index}
            className={classNames(patchStyles['line'], patchStyles[kind])}
            data-uncovered={isUncovered || undefined}
          >
            {spoken[kind] && <span className={patchStyles['spoken']}>{spoken[kind]}</span>}
            <PutBack text={text} />
            {'\n'}
            {run > 0 && (
              <span className={patchStyles['mark']}>
                {run === 1 ? 'No test reached this line' : `No test reached these ${run} lines`}
              </span>
            )}
          </span>
        ))}
      </code>
    </section>
  );
});

/** `run`: of the last of uncovered lines that follow each other, how many they are. */
type MarkedLine = PatchLine & { isUncovered: boolean; run: number };

function withRuns(lines: readonly PatchLine[], check: Props['check']): MarkedLine[] {
  const uncovered = new Map((check?.files ?? []).map(({ path, uncoveredLines }) => [path, new Set(uncoveredLines)]));
  const marked: MarkedLine[] = [];
  for (const line of lines) {
    const isUncovered = line.after !== null && uncovered.get(line.path ?? '')?.has(line.after) === true;
    const before = marked.at(-1);
    const run = isUncovered ? 1 + (before?.run ?? 0) : 0;
    if (before && run > 0) before.run = 0;
    marked.push({ ...line, isUncovered, run });
  }
  return marked;
}
