import { type Event, frameSchema } from '../../../../server/protocol/contract.ts';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { metaAt } from '../../../components/annotated-text-meta.ts';
import { KeyValues } from '../../../components/key-values.tsx';
import { Section } from '../../../components/section.tsx';
import { ContextSource } from '../../../frame/context-source.tsx';
import { anything, readEntry } from '../event-entries.ts';
import styles from './other-entries.module.css';
import { Unreadable } from './unreadable.tsx';

/** The template that was being drawn when it happened, its failing line marked. */
export function TemplateSection({ event }: { event: Event }) {
  const entry = readEntry(event, 'template', anything);
  if (!entry) return null;
  const data = entry.data;
  const frame = frameSchema.safeParse({ ...(typeof data === 'object' ? data : {}), inApp: true });
  const place = frame.data?.filename ?? frame.data?.absPath;
  return (
    <Section id="template" title="Template" resetKey={event.id}>
      {frame.data && (place || frame.data.context.length > 0) ? (
        <>
          <p className={styles['place']}>
            <code>{showControls(place ?? 'unknown file')}</code>
            {frame.data.lineNo && <span> line {frame.data.lineNo}</span>}
          </p>
          <ContextSource
            frame={frame.data}
            platform={event.platform ?? 'other'}
            lineCoverage={null}
            meta={metaAt(entry.meta, 'context')}
          />
        </>
      ) : (
        <Unreadable what="The template" value={data} />
      )}
    </Section>
  );
}

const shown = new Set([
  'exception',
  'stacktrace',
  'threads',
  'message',
  'template',
  'breadcrumbs',
  'request',
  'debugmeta',
]);

/** Parts of an event that have no form of their own here (another server may send some): as they were sent. */
export function OtherEntriesSection({ event }: { event: Event }) {
  const rows = event.entries.flatMap(({ type, data }, index) =>
    shown.has(type) ? [] : [{ key: type, value: data, meta: metaAt(event._meta, 'entries', index, 'data') }],
  );
  if (rows.length === 0) return null;
  return (
    <Section id="other" title="Other parts" aside={rows.length} resetKey={event.id}>
      <KeyValues label="Other parts" rows={rows} platform={event.platform} />
    </Section>
  );
}
