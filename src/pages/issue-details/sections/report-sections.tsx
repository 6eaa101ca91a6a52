import { useQuery } from '@tanstack/react-query';
import type { Event } from '../../../../server/protocol/contract.ts';
import { attachmentsQuery, attachmentUrl } from '../../../api/events.ts';
import { useWhyNot } from '../../../api/session.ts';
import { Icon } from '../../../components/icon.tsx';
import { KeyValues } from '../../../components/key-values.tsx';
import { formatBytes } from '../../../components/numbers.ts';
import { Section } from '../../../components/section.tsx';
import { rowsOf } from '../event-entries.ts';
import styles from './report-sections.module.css';

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

/** What the person wrote to whom it happened. */
export function UserReportSection({ event }: { event: Event }) {
  const report = event.userReport;
  if (!report) return null;
  return (
    <Section id="user-feedback" title="User feedback" resetKey={event.id}>
      <figure className={styles['report']}>
        <blockquote>{textOf(report['comments'])}</blockquote>
        <figcaption>
          {[textOf(report['name']), textOf(report['email'])].filter(Boolean).join(', ') || 'No name was given'}
        </figcaption>
      </figure>
    </Section>
  );
}

/** Files that came with the event. They are only ever downloaded: one may be a page with a script. */
export function AttachmentsSection({ event, project }: { event: Event; project: string }) {
  const whyNot = useWhyNot('attachment:read');
  const attachments = useQuery({ ...attachmentsQuery(project, event.eventID), enabled: !whyNot });
  if (whyNot) {
    return (
      <Section id="attachments" title="Attachments">
        <p className={styles['denied']}>Files that came with the event are not shown to you. {whyNot}</p>
      </Section>
    );
  }
  if (attachments.isError) {
    return (
      <Section id="attachments" title="Attachments">
        <p role="alert">The attachments could not be loaded: {attachments.error.message}</p>
      </Section>
    );
  }
  if (!attachments.data || attachments.data.length === 0) return null;
  return (
    <Section id="attachments" title="Attachments" aside={attachments.data.length} resetKey={event.id}>
      <ul className={styles['files']}>
        {attachments.data.map(({ id, name, size, mimetype }) => (
          <li key={id}>
            <a href={attachmentUrl(project, event.eventID, id)} download={name}>
              <Icon name="download" />
              {name}
            </a>
            <span>{formatBytes(size)}</span>
            <span>{mimetype}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What could not be kept as the SDK sent it, and why. */
export function ProcessingErrorsSection({ event }: { event: Event }) {
  if (event.errors.length === 0) return null;
  return (
    <Section id="processing-errors" title="Processing errors" aside={event.errors.length} resetKey={event.id}>
      <ul className={styles['errors']}>
        {event.errors.map((error, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two errors may be alike, and an event's errors never move
          <li key={index}>
            <p>{error.message ?? error.type}</p>
            {error.data && <KeyValues label={error.type} rows={rowsOf(error.data, undefined)} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}
