import { lazy, type ReactNode, Suspense } from 'react';
import type { Event } from '../../../../server/protocol/contract.ts';
import { Section } from '../../../components/section.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { anything, readItems } from '../event-entries.ts';

/** What few people open, and few events have: their code comes when they are looked at. */
const DebugImagesList = lazy(async () => ({ default: (await import('./debug-images-list.tsx')).DebugImagesList }));
const ProcessingErrorsList = lazy(async () => ({
  default: (await import('./processing-errors-list.tsx')).ProcessingErrorsList,
}));
const Grouping = lazy(async () => ({ default: (await import('./grouping.tsx')).Grouping }));

/** Says that something loads until its code is there. */
export function Late({ what, children }: { what: string; children: ReactNode }) {
  return <Suspense fallback={<Skeleton label={`Loading ${what}`} rows={3} />}>{children}</Suspense>;
}

/** Libraries and source maps that were loaded, each with its state and all that is known of it. */
export function ImagesSection({ event }: { event: Event }) {
  const images = readItems(event, 'debugmeta', 'images', anything);
  if (images.length === 0) return null;
  return (
    <Section id="images" title="Debug images" aside={images.length} initiallyOpen={false} resetKey={event.id}>
      <Late what="the debug images">
        <DebugImagesList event={event} />
      </Late>
    </Section>
  );
}

/** What could not be kept as the SDK sent it. */
export function ProcessingErrorsSection({ event }: { event: Event }) {
  if (event.errors.length === 0) return null;
  return (
    <Section id="processing-errors" title="Processing errors" aside={event.errors.length} resetKey={event.id}>
      <Late what="the processing errors">
        <ProcessingErrorsList errors={event.errors} />
      </Late>
    </Section>
  );
}

/** Why the event is in this issue. Folded at first; what it says is asked for when it is opened. */
export function GroupingSection({ event, project }: { event: Event; project: string }) {
  return (
    <Section id="grouping" title="Grouping" initiallyOpen={false} resetKey={event.id}>
      <Late what="how the event was grouped">
        <Grouping project={project} eventId={event.eventID} />
      </Late>
    </Section>
  );
}
