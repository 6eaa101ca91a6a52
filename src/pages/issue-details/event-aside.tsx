import { lazy, useEffect, useRef, useState } from 'react';
import type { Event, Issue } from '../../../server/protocol/contract.ts';
import { Boundary } from '../../components/boundary.tsx';
import { Button } from '../../components/button.tsx';
import { LateCode } from '../../components/late-code.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SuggestFix } from '../../suggestFix/suggest-fix.tsx';
import styles from './event-aside.module.css';
import { SeenFacts } from './seen-facts.tsx';

const ActivitySection = lazy(async () => ({ default: (await import('./activity-section.tsx')).ActivitySection }));
const IssueTags = lazy(async () => ({ default: (await import('./issue-tags.tsx')).IssueTags }));

/**
 * The column beside the stack trace: the suggestion first, so that answer and frames are read together. Where there is no
 * room for a column the panel is a sheet from below; it is the same element, so that an answer goes on streaming while
 * the sheet is closed.
 */
export function EventAside({ issue, event }: { issue: Issue; event: Event }) {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLDivElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    // The button that was pressed is gone with the click: focus goes with the sheet, and comes back from it.
    if (isOpen) sheet.current?.querySelector('button')?.focus();
    else if (wasOpen.current) opener.current?.querySelector('button')?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  return (
    <aside className={styles['aside']} aria-label="Suggested fix and facts of the issue">
      <div ref={opener} className={styles['opener']} data-hidden={isOpen || undefined}>
        <Button look="primary" icon="spark" aria-haspopup="true" onClick={() => setOpen(true)}>
          Suggest fix
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a press beside the sheet; its close button and Escape do the same */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
      {isOpen && <div className={styles['veil']} onClick={() => setOpen(false)} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the sheet from wherever focus is in it */}
      <div
        ref={sheet}
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
        <LateCode what="The activity" fallback={<Skeleton label="Loading the activity" rows={4} />}>
          <ActivitySection issueId={issue.id} />
        </LateCode>
        {/* Of one event they say no more than its own tags. */}
        {issue.count !== '1' && (
          <LateCode what="The tags">
            <IssueTags issueId={issue.id} />
          </LateCode>
        )}
      </div>
    </aside>
  );
}
