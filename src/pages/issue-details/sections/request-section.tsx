import { lazy } from 'react';
import { type Event, requestSchema } from '../../../../server/protocol/contract.ts';
import { OutsideMark } from '../../../components/outside-mark.tsx';
import { Section } from '../../../components/section.tsx';
import { isEmpty, readEntry } from '../event-entries.ts';
import { Late } from './late-sections.tsx';
import { Unreadable } from './unreadable.tsx';

/** Not every event has a request. */
const RequestView = lazy(async () => ({ default: (await import('./request-view.tsx')).RequestView }));

/** The HTTP request during which it happened. The address is text, never a link: it came with the event. */
export function RequestSection({ event }: { event: Event }) {
  const entry = readEntry(event, 'request', requestSchema);
  if (!entry || (entry.data && !entry.meta && Object.values(entry.data).every(isEmpty))) return null;
  return (
    <Section id="request" title="HTTP request" aside={<OutsideMark what="Request" />} resetKey={event.id}>
      {entry.data ? (
        <Late what="the request">
          <RequestView request={entry.data} meta={entry.meta} />
        </Late>
      ) : (
        <Unreadable what="The request" value={entry.unreadable.data} />
      )}
    </Section>
  );
}
