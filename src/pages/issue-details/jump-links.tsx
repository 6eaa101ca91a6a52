import { useLayoutEffect, useState } from 'react';
import styles from './jump-links.module.css';

const targets = [
  { id: 'user-feedback', label: 'Feedback' },
  { id: 'message', label: 'Message' },
  { id: 'stack-trace', label: 'Stack trace' },
  { id: 'template', label: 'Template' },
  { id: 'breadcrumbs', label: 'Breadcrumbs' },
  { id: 'request', label: 'Request' },
  { id: 'user', label: 'User' },
  { id: 'tags', label: 'Tags' },
  { id: 'contexts', label: 'Contexts' },
  { id: 'feature-flags', label: 'Flags' },
  { id: 'extra', label: 'Additional data' },
  { id: 'images', label: 'Images' },
  { id: 'attachments', label: 'Attachments' },
  { id: 'packages', label: 'Packages' },
  { id: 'sdk', label: 'SDK' },
  { id: 'grouping', label: 'Grouping' },
];

/**
 * Links to those sections that are there; processing errors have theirs beside the event's id. Which they are is known
 * once they are drawn: some come with a later answer.
 */
export function JumpLinks() {
  const [present, setPresent] = useState<string[]>([]);
  useLayoutEffect(() => {
    const look = () => {
      const found = targets.filter(({ id }) => document.getElementById(id)).map(({ id }) => id);
      setPresent((before) => (before.join() === found.join() ? before : found));
      followAddress();
    };
    // An address that names a section was opened before the section was there.
    let isFollowed = false;
    const followAddress = () => {
      const target = isFollowed ? null : document.getElementById(window.location.hash.slice(1));
      if (!target) return;
      isFollowed = true;
      if (window.scrollY === 0) target.scrollIntoView();
    };
    look();
    const observer = new MutationObserver(look);
    const main = document.getElementById('main');
    if (main) observer.observe(main, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
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
