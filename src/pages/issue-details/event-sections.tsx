import type { Event } from '../../../server/protocol/contract.ts';
import { Section } from '../../components/section.tsx';
import { hasStackTraces, StackTraceSection } from '../../frame/stack-trace-section.tsx';
import styles from './event-view.module.css';
import { AttachmentsSection } from './sections/attachments-section.tsx';
import { BreadcrumbsSection } from './sections/breadcrumbs-section.tsx';
import {
  ContextsSection,
  ExtraSection,
  PackagesSection,
  SdkSection,
  UserSection,
} from './sections/context-sections.tsx';
import { FlagsSection } from './sections/flags-section.tsx';
import { Highlights } from './sections/highlights.tsx';
import { GroupingSection, ImagesSection, ProcessingErrorsSection } from './sections/late-sections.tsx';
import { MessageSection } from './sections/message-section.tsx';
import { OtherEntriesSection, TemplateSection } from './sections/other-entries.tsx';
import { UserReportSection } from './sections/report-sections.tsx';
import { RequestSection } from './sections/request-section.tsx';
import { TagsSection } from './sections/tags-section.tsx';

/** The parts of an event, in the order in which they explain it. Each has an error boundary of its own. */
export function EventSections({ event, project }: { event: Event; project: string }) {
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
      <TemplateSection event={event} />
      <BreadcrumbsSection event={event} />
      <RequestSection event={event} />
      <UserSection event={event} />
      <TagsSection event={event} />
      <ContextsSection event={event} />
      <FlagsSection event={event} />
      <ExtraSection event={event} />
      <ImagesSection event={event} />
      <AttachmentsSection event={event} project={project} />
      <OtherEntriesSection event={event} />
      <PackagesSection event={event} />
      <SdkSection event={event} />
      <ProcessingErrorsSection event={event} />
      <GroupingSection event={event} project={project} />
    </div>
  );
}
