import { useId, useState } from 'react';
import type { SourceMapReason } from '../../server/protocol/contract.ts';
import { Icon } from '../components/icon.tsx';
import { Sentences } from '../components/sentences.tsx';
import type { Command } from './source-map-commands.ts';
import { type DebuggedFrame, wordsOf } from './source-map-facts.ts';
import styles from './source-map-note.module.css';
import { type Again, AgainButton, Commands, Nearest } from './source-map-parts.tsx';

/** Reasons that may have gone since. */
const mayChange: ReadonlySet<SourceMapReason> = new Set(['uploaded_after_event', 'symbolicator_failed']);

/** In an open frame: why it is as it was built, and what makes the next one readable. */
export function SourceMapNote({
  frame: { status, reason, detail, nextStep, nearest },
  commands,
  again,
}: {
  frame: DebuggedFrame;
  commands: readonly Command[];
  /** Null: it would change nothing. */
  again: Again | null;
}) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const state = status === 'mapped' ? 'No source' : 'Not mapped';
  return (
    <div className={styles.note}>
      <Icon name="info" />
      <div className={styles.words}>
        <p>
          <b>{state}.</b> <Sentences text={detail || `${sentence(wordsOf(reason))}.`} />{' '}
          {nextStep && <Sentences text={nextStep} />}
          {commands.length > 0 && (
            <>
              {' '}
              <button
                type="button"
                className={styles.more}
                aria-expanded={isOpen}
                aria-controls={id}
                onClick={() => setOpen(!isOpen)}
              >
                {isOpen ? 'Hide the commands' : 'Show the commands'}
              </button>
            </>
          )}
        </p>
        <Nearest nearest={nearest} />
        <div id={id} hidden={!isOpen}>
          <Commands commands={isOpen ? commands : []} />
        </div>
        {again && mayChange.has(reason) && <AgainButton again={again} />}
      </div>
    </div>
  );
}

const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
