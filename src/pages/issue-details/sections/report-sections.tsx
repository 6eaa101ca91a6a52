import type { Event } from '../../../../server/protocol/contract.ts';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { OutsideMark } from '../../../components/outside-mark.tsx';
import { Section } from '../../../components/section.tsx';
import { TimeAgo } from '../../../components/time-ago.tsx';
import styles from './report-sections.module.css';

const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? showControls(value) : null);

/** What the person wrote to whom it happened. */
export function UserReportSection({ event }: { event: Event }) {
  const report = event.userReport;
  if (!report) return null;
  const date = textOf(report['dateCreated']);
  return (
    <Section id="user-feedback" title="User feedback" aside={<OutsideMark what="User feedback" />} resetKey={event.id}>
      <figure className={styles['report']}>
        <blockquote>{textOf(report['comments']) ?? 'Nothing was written.'}</blockquote>
        <figcaption>
          {[textOf(report['name']), textOf(report['email'])].filter(Boolean).join(', ') || 'No name was given'}
          {date && (
            <>
              , <TimeAgo date={date} />
            </>
          )}
        </figcaption>
      </figure>
    </Section>
  );
}
