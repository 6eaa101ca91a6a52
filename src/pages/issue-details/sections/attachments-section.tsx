import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { Event } from '../../../../server/protocol/contract.ts';
import { attachmentsQuery } from '../../../api/events.ts';
import { useWhyNot } from '../../../api/session.ts';
import { Button } from '../../../components/button.tsx';
import { Section } from '../../../components/section.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import styles from './attachments-section.module.css';

const AttachmentList = lazy(async () => ({ default: (await import('./attachment-list.tsx')).AttachmentList }));

const shown = { id: 'attachments', title: 'Attachments' };

/** Files that came with the event: some are shown in place as text or picture, all are downloaded. None is ever opened. */
export function AttachmentsSection({ event, project }: { event: Event; project: string }) {
  const whyNot = useWhyNot('attachment:read');
  const attachments = useQuery({ ...attachmentsQuery(project, event.eventID), enabled: !whyNot });
  if (whyNot) {
    return (
      <Section {...shown}>
        <p className={styles['denied']}>Files that came with the event are not shown to you. {whyNot}</p>
      </Section>
    );
  }
  if (attachments.isError) {
    return (
      <Section {...shown}>
        <p role="alert">
          The attachments could not be loaded: {attachments.error.message}{' '}
          <Button onClick={() => void attachments.refetch()}>Try again</Button>
        </p>
      </Section>
    );
  }
  if (!attachments.data || attachments.data.length === 0) return null;
  return (
    <Section {...shown} aside={attachments.data.length} resetKey={event.id}>
      <Suspense fallback={<Skeleton label="Loading the attachments" rows={2} />}>
        <AttachmentList attachments={attachments.data} project={project} eventId={event.eventID} />
      </Suspense>
    </Section>
  );
}
