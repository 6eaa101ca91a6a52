import { type ReactNode, useEffect } from 'react';
import { Boundary } from './boundary.tsx';
import { Icon } from './icon.tsx';
import styles from './section.module.css';
import { useStoredFlag } from './stored.ts';

type Props = {
  /** Anchor; the folded state is remembered under it. */
  id: string;
  title: string;
  /** A number or few words beside the title. */
  aside?: ReactNode;
  /** Is it open for who never chose? */
  initiallyOpen?: boolean;
  resetKey?: string;
  /** False where what is inside is a landmark of the same name already. */
  isLandmark?: boolean;
  children: ReactNode;
};

/** One foldable part of the page with an anchor and an error boundary of its own. */
export function Section({ id, title, aside, initiallyOpen = true, resetKey, isLandmark = true, children }: Props) {
  const [open, setOpen] = useStoredFlag(`stackmend-section-${id}`, initiallyOpen);
  useEffect(() => {
    // Who follows a link to it wants to see it.
    const openWhenNamed = () => window.location.hash === `#${id}` && setOpen(true);
    openWhenNamed();
    window.addEventListener('hashchange', openWhenNamed);
    return () => window.removeEventListener('hashchange', openWhenNamed);
  }, [id, setOpen]);
  return (
    <section id={id} data-section className={styles['section']} aria-label={isLandmark ? title : undefined}>
      <div className={styles['head']}>
        <h2>
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name="down" />
            {title}
          </button>
        </h2>
        {aside && <span className={styles['aside']}>{aside}</span>}
        <a className={styles['anchor']} href={`#${id}`} aria-label={`Link to ${title}`}>
          #
        </a>
      </div>
      {open && (
        <div className={styles['body']}>
          <Boundary what={title} resetKey={resetKey}>
            {children}
          </Boundary>
        </div>
      )}
    </section>
  );
}
