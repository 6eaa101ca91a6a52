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

/** Lines that no test reached say so at their end, behind a bar at their start. */
const PatchLines = memo(function PatchLines({ patch, check }: Props) {
  const lines = useMemo(() => patchLines(patch), [patch]);
  const uncovered = useMemo(
    () => new Map((check?.files ?? []).map(({ path, uncoveredLines }) => [path, new Set(uncoveredLines ?? [])])),
    [check],
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={patchStyles['patch']} tabIndex={0} aria-label="Patch from the answer">
      <code>
        {lines.map((line, index) => {
          const isUncovered = line.after !== null && line.path !== null && uncovered.get(line.path)?.has(line.after);
          return (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
              key={index}
              className={classNames(patchStyles['line'], patchStyles[line.kind])}
              data-uncovered={isUncovered || undefined}
            >
              {spoken[line.kind] && <span className={patchStyles['spoken']}>{spoken[line.kind]}</span>}
              <PutBack text={line.text} />
              {isUncovered && <span className={patchStyles['mark']}>no test reached this</span>}
              {'\n'}
            </span>
          );
        })}
      </code>
    </section>
  );
});
