import { useLayoutEffect, useState } from 'react';
import styles from './jump-links.module.css';

const targets = [
  { id: 'message', label: 'Message' },
  { id: 'stack-trace', label: 'Stack trace' },
  { id: 'breadcrumbs', label: 'Breadcrumbs' },
  { id: 'request', label: 'Request' },
  { id: 'user', label: 'User' },
  { id: 'tags', label: 'Tags' },
  { id: 'contexts', label: 'Contexts' },
  { id: 'extra', label: 'Additional data' },
  { id: 'attachments', label: 'Attachments' },
];

/** Links to those sections that are there. Which they are is known once they are drawn: some come with a later answer. */
export function JumpLinks() {
  const [present, setPresent] = useState<string[]>([]);
  // Before the first paint: everything below would move down otherwise.
  useLayoutEffect(() => {
    const look = () => {
      const found = targets.filter(({ id }) => document.getElementById(id)).map(({ id }) => id);
      setPresent((before) => (before.join() === found.join() ? before : found));
    };
    look();
    const observer = new MutationObserver(look);
    const main = document.getElementById('main');
    if (main) observer.observe(main, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
  if (present.length < 2) return null;
  return (
    <nav className={styles['jump']} aria-label="Sections">
      {targets.flatMap(({ id, label }) =>
        present.includes(id) ? (
          <a key={id} href={`#${id}`}>
            {label}
          </a>
        ) : (
          []
        ),
      )}
    </nav>
  );
}
