import { Fragment } from 'react';
import { useWhyNot } from '../api/session.ts';
import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import type { Command } from './source-map-commands.ts';
import type { DebuggedFrame } from './source-map-facts.ts';
import styles from './source-map-parts.module.css';

/** Mapping the event once more. */
export type Again = { isPending: boolean; run: () => void };

/** Maps the event once more; who may not is told why. */
export function AgainButton({ again }: { again: Again }) {
  const whyNot = useWhyNot('event:write');
  return (
    <Button whyNot={whyNot} disabled={again.isPending} aria-busy={again.isPending} onClick={() => again.run()}>
      {again.isPending ? 'Symbolicating…' : 'Symbolicate again'}
    </Button>
  );
}

/** Lines to run, each with what it does. */
export function Commands({ commands }: { commands: readonly Command[] }) {
  if (commands.length === 0) return null;
  return (
    <ul className={styles.commands} aria-label="Commands">
      {commands.map(({ title, code }) => (
        <li key={title}>
          <span className={styles.title}>{title}</span>
          <div className={styles.line}>
            <code>
              {/* A line breaks between words, never after the dashes of an option. */}
              {code.split(' ').map((word, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: its place is its identity
                <Fragment key={index}>
                  {index > 0 && ' '}
                  <span className={styles.word}>{word}</span>
                </Fragment>
              ))}
            </code>
            <CopyButton label={`Copy: ${title}`} text={code} />
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Uploads that do have the file, with the release or dist to compare. */
export function Nearest({ nearest }: Pick<DebuggedFrame, 'nearest'>) {
  if (!nearest || nearest.length === 0) return null;
  return (
    <ul className={styles.nearest} aria-label="Uploads that have the file">
      {nearest.map(({ release, dist, dateCreated }) => (
        <li key={`${release} ${dist}`}>
          {release ? (
            <>
              release <code>{release}</code>
            </>
          ) : (
            'no release'
          )}
          {dist ? (
            <>
              , dist <code>{dist}</code>
            </>
          ) : (
            release && ', no dist'
          )}
          {dateCreated && (
            <>
              , <TimeAgo date={dateCreated} isFocusable={false} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
