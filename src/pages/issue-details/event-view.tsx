import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { Event } from '../../../server/protocol/contract.ts';
import { ApiError } from '../../api/api-error.ts';
import { eventQuery } from '../../api/events.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Section } from '../../components/section.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { hasStackTraces, StackTraceSection } from '../../frame/stack-trace-section.tsx';
import { EventAside } from './event-aside.tsx';
import { EventNavigation } from './event-navigation.tsx';
import styles from './event-view.module.css';
import { useIssue } from './issue-page.tsx';
import { JumpLinks } from './jump-links.tsx';
import { BreadcrumbsSection } from './sections/breadcrumbs-section.tsx';
import {
  ContextsSection,
  ExtraSection,
  PackagesSection,
  SdkSection,
  UserSection,
} from './sections/context-sections.tsx';
import { ImagesSection } from './sections/images-section.tsx';
import { MessageSection } from './sections/message-section.tsx';
import { AttachmentsSection, ProcessingErrorsSection, UserReportSection } from './sections/report-sections.tsx';
import { RequestSection } from './sections/request-section.tsx';
import { TagsSection } from './sections/tags-section.tsx';

/** `/issues/:issueId/events/:eventId/`; without an event, the recommended one. The event before stays until the next is there. */
export function EventView() {
  const issue = useIssue();
  const { eventId = 'recommended' } = useParams();
  const event = useQuery({ ...eventQuery(issue.id, eventId), placeholderData: keepPreviousData });
  if (event.isPending) return <Skeleton label="Loading the event" rows={12} />;
  if (!event.data) return <EventError error={event.error} issueId={issue.id} onRetry={() => event.refetch()} />;
  return (
    <div className={styles['view']} aria-busy={event.isPlaceholderData}>
      <div className={styles['main']}>
        <div className={styles['strip']}>
          <EventNavigation issue={issue} event={event.data} shown={eventId} />
          <JumpLinks key={event.data.id} />
        </div>
        <Sections event={event.data} project={issue.project.slug} />
      </div>
      <EventAside issue={issue} event={event.data} />
    </div>
  );
}

/** The parts of an event, in the order in which they explain it. Each has an error boundary of its own. */
function Sections({ event, project }: { event: Event; project: string }) {
  return (
    <div className={styles['sections']}>
      <UserReportSection event={event} />
      <MessageSection event={event} />
      {hasStackTraces(event) && (
        <Section id="stack-trace" title="Stack trace" isLandmark={false} resetKey={event.id}>
          <StackTraceSection event={event} project={project} />
        </Section>
      )}
      <BreadcrumbsSection event={event} />
      <RequestSection event={event} />
      <UserSection event={event} />
      <TagsSection event={event} />
      <ContextsSection event={event} />
      <ExtraSection event={event} />
      <ImagesSection event={event} />
      <AttachmentsSection event={event} project={project} />
      <PackagesSection event={event} />
      <SdkSection event={event} />
      <ProcessingErrorsSection event={event} />
    </div>
  );
}

function EventError({ error, issueId, onRetry }: { error: Error | null; issueId: string; onRetry: () => void }) {
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Notice icon="search" title="There is no such event in this issue.">
        <ButtonLink to={`/issues/${issueId}/`}>The recommended event</ButtonLink>
        <ButtonLink to={`/issues/${issueId}/events/`}>All events</ButtonLink>
      </Notice>
    );
  }
  return (
    <Notice kind="error" title="The event could not be loaded.">
      <p>{error?.message}</p>
      <Button onClick={onRetry}>Try again</Button>
    </Notice>
  );
}
