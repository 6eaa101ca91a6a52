import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import styles from './notice.module.css';

/** What stands where content would: nothing here, nothing matches, or it failed. A failure is announced. */
export function Notice({
  kind = 'empty',
  icon,
  title,
  isPage = false,
  children,
}: {
  kind?: 'empty' | 'error';
  icon?: IconName;
  title: string;
  /** Is it all that the page has to say? Then it is the page's heading. */
  isPage?: boolean;
  children?: ReactNode;
}) {
  return (
    <div className={styles['notice']} data-kind={kind} role={kind === 'error' ? 'alert' : undefined}>
      <Icon name={icon ?? (kind === 'error' ? 'warning' : 'info')} />
      {isPage ? <h1 className={styles['title']}>{title}</h1> : <p className={styles['title']}>{title}</p>}
      {children && <div className={styles['more']}>{children}</div>}
    </div>
  );
}
