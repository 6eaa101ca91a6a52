import type { PageCursors } from '../../api/link-header.ts';
import { Button } from '../../components/button.tsx';
import styles from './pager.module.css';

/** The ways to the neighbouring pages; nothing where one page is all. */
export function Pager({ page, onCursor }: { page: PageCursors; onCursor: (cursor: string) => void }) {
  const { next, previous } = page;
  if (next === null && previous === null) return null;
  return (
    <nav className={styles['pager']} aria-label="Pages">
      <Button disabled={previous === null} icon="left" onClick={() => previous !== null && onCursor(previous)}>
        Previous
      </Button>
      <Button disabled={next === null} onClick={() => next !== null && onCursor(next)}>
        Next
      </Button>
    </nav>
  );
}
