import type { ReactNode } from 'react';
import styles from './badge.module.css';

export type Tone = 'neutral' | 'error' | 'warning' | 'info' | 'success';

/** One word about a state. */
export function Badge({ tone = 'neutral', title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span className={styles['badge']} data-tone={tone} title={title}>
      {children}
    </span>
  );
}
