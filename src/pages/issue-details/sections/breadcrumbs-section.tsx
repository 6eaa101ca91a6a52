import { lazy } from 'react';
import type { Event } from '../../../../server/protocol/contract.ts';
import { OutsideMark } from '../../../components/outside-mark.tsx';
import { Section } from '../../../components/section.tsx';
import { anything, readItems } from '../event-entries.ts';
import { Late } from './late-sections.tsx';

/** Not every event has breadcrumbs. */
const Breadcrumbs = lazy(async () => ({ default: (await import('./breadcrumbs.tsx')).Breadcrumbs }));

/** What led to it, newest first, so that the last step before the failure is in view. */
export function BreadcrumbsSection({ event }: { event: Event }) {
  const count = readItems(event, 'breadcrumbs', 'values', anything).length;
  if (count === 0) return null;
  const aside = (
    <>
      {`${count}, newest first `}
      <OutsideMark what="Breadcrumbs" />
    </>
  );
  return (
    <Section id="breadcrumbs" title="Breadcrumbs" aside={aside} resetKey={event.id}>
      <Late what="the breadcrumbs">
        <Breadcrumbs event={event} />
      </Late>
    </Section>
  );
}
