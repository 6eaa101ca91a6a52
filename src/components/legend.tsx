import type { ReactNode } from 'react';
import styles from './legend.module.css';

/** What marks mean: each with a sample of the mark and its word, in the order given. */
export function Legend({ label, entries }: { label: string; entries: readonly { mark: ReactNode; text: string }[] }) {
  return (
    <ul className={styles.legend} aria-label={label}>
      {entries.map(({ mark, text }) => (
        <li key={text}>
          <span aria-hidden="true">{mark}</span>
          {text}
        </li>
      ))}
    </ul>
  );
}
