import type { ReactNode } from 'react';
import { Icon, type IconName } from '../components/icon.tsx';
import styles from './callout.module.css';

/** A state of the panel in words: what is so, why, and what to do. A failure is announced at once. */
export function Callout({
  tone,
  icon,
  title,
  children,
}: {
  tone: 'neutral' | 'warning' | 'error';
  icon?: IconName;
  title: string;
  children: ReactNode;
}) {
  return (
    <div className={styles['callout']} data-tone={tone} role={tone === 'neutral' ? undefined : 'alert'}>
      <Icon name={icon ?? (tone === 'neutral' ? 'info' : 'warning')} />
      <div className={styles['words']}>
        <h3>{title}</h3>
        {children}
      </div>
    </div>
  );
}
