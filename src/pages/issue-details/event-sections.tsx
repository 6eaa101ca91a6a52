import { lazy, Suspense, useDeferredValue } from 'react';
import type { Event } from '../../../server/protocol/contract.ts';
import { Boundary } from '../../components/boundary.tsx';
import { Section } from '../../components/section.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { hasStackTraces, StackTraceSection } from '../../frame/stack-trace-section.tsx';
import styles from './event-view.module.css';
import { Highlights } from './sections/highlights.tsx';
import { MessageSection } from './sections/message-section.tsx';
import { UserReportSection } from './sections/report-sections.tsx';

const SectionsBelow = lazy(async () => ({ default: (await import('./sections-below.tsx')).SectionsBelow }));

/** The parts of an event, in the order in which they explain it. Each has an error boundary of its own. */
export function EventSections({ event, project }: { event: Event; project: string }) {
  // What is below the stack trace is drawn after it: together they would be one long task.
  const isWhole = useDeferredValue(true, false);
  return (
    <div className={styles['sections']}>
      <Highlights event={event} />
      <UserReportSection event={event} />
      <MessageSection event={event} />
      {hasStackTraces(event) && (
        <Section id="stack-trace" title="Stack trace" isLandmark={false} resetKey={event.id}>
          <StackTraceSection event={event} project={project} />
        </Section>
      )}
      {isWhole && (
        <Boundary what="The other sections" resetKey={event.id}>
          <Suspense fallback={<Skeleton label="Loading the other sections" rows={4} />}>
            <SectionsBelow event={event} project={project} />
          </Suspense>
        </Boundary>
      )}
    </div>
  );
}
