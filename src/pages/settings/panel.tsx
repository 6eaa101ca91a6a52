import type { ReactNode } from 'react';
import styles from './panel.module.css';

/** What a page of the settings is called, a sentence about it, and its main action. */
export function PageHead({ title, about, children }: { title: string; about?: ReactNode; children?: ReactNode }) {
  return (
    <header className={styles['page']}>
      <title>{`${title} · Settings · Stackmend`}</title>
      <div>
        <h1>{title}</h1>
        {about && <p>{about}</p>}
      </div>
      {children}
    </header>
  );
}

/** One framed part of a page. */
export function Panel({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles['panel']} aria-label={title}>
      <header>
        <h2>{title}</h2>
        {about && <p>{about}</p>}
      </header>
      {children}
    </section>
  );
}

/** The buttons at a panel's end, and why its form was refused. */
export function PanelActions({ refusal, children }: { refusal?: string | null; children: ReactNode }) {
  return (
    <div className={styles['actions']}>
      {children}
      <Refusal text={refusal} />
    </div>
  );
}

/** Why something was not done, in the server's words; is announced. */
export function Refusal({ text }: { text: string | null | undefined }) {
  return text ? (
    <p role="alert" className={styles['refusal']}>
      {text}
    </p>
  ) : null;
}
