import type { Event } from '../../../server/protocol/contract.ts';
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
import { GroupingSection, ImagesSection, ProcessingErrorsSection } from './sections/late-sections.tsx';
import { OtherEntriesSection, TemplateSection } from './sections/other-entries.tsx';
import { RequestSection } from './sections/request-section.tsx';
import { TagsSection } from './sections/tags-section.tsx';

/** What comes below the stack trace. In a file of its own: it is needed once that is drawn. */
export function SectionsBelow({ event, project }: { event: Event; project: string }) {
  return (
    <>
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
    </>
  );
}
