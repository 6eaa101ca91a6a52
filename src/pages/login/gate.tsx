import type { ReactNode } from 'react';
import { Mark } from '../../components/mark.tsx';
import styles from './gate.module.css';

/** A page in front of the others: a card, and nothing of what lies behind. */
export function Gate({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className={styles['gate']}>
      <title>{`${title} · Stackmend`}</title>
      <div className={styles['card']}>
        <header>
          <Mark />
          <h1>{title}</h1>
        </header>
        {children}
      </div>
    </main>
  );
}
