import { useState } from 'react';
import type { Event, Issue } from '../../../server/protocol/contract.ts';
import { Boundary } from '../../components/boundary.tsx';
import { Button } from '../../components/button.tsx';
import { SuggestFix } from '../../suggestFix/suggest-fix.tsx';
import styles from './event-aside.module.css';
import { IssueTags } from './issue-tags.tsx';
import { SeenFacts } from './seen-facts.tsx';

/**
 * The column beside the stack trace: the suggestion first, so that answer and frames are read together. Where there is no
 * room for a column the panel is a sheet from below; it is the same element, so that an answer goes on streaming while
 * the sheet is closed.
 */
export function EventAside({ issue, event }: { issue: Issue; event: Event }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <aside className={styles['aside']} aria-label="Suggested fix and facts of the issue">
      <div className={styles['opener']} data-hidden={isOpen || undefined}>
        <Button look="primary" icon="spark" aria-expanded={isOpen} onClick={() => setOpen(true)}>
          Suggest fix
        </Button>
      </div>
      {isOpen && <button type="button" className={styles['veil']} aria-label="Close" onClick={() => setOpen(false)} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the sheet from wherever focus is in it */}
      <div
        className={styles['panel']}
        data-open={isOpen || undefined}
        onKeyDown={(key) => key.key === 'Escape' && setOpen(false)}
      >
        <div className={styles['close']}>
          <Button look="quiet" icon="close" aria-label="Close the suggestion" onClick={() => setOpen(false)} />
        </div>
        <Boundary what="The suggestion" resetKey={event.id}>
          <SuggestFix event={event} issue={issue} project={issue.project.slug} />
        </Boundary>
      </div>
      <div className={styles['facts']}>
        <SeenFacts issue={issue} />
        <Boundary what="The tags">
          <IssueTags issueId={issue.id} />
        </Boundary>
      </div>
    </aside>
  );
}
