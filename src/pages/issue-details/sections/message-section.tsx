import { type Event, messageEntryData } from '../../../../server/protocol/contract.ts';
import { AnnotatedText } from '../../../components/annotated-text.tsx';
import { metaAt } from '../../../components/annotated-text-meta.ts';
import { KeyValues } from '../../../components/key-values.tsx';
import { OutsideMark } from '../../../components/outside-mark.tsx';
import { Section } from '../../../components/section.tsx';
import { readEntry } from '../event-entries.ts';
import { exceptionHeads } from './exception-heads.ts';
import styles from './message-section.module.css';
import { Unreadable } from './unreadable.tsx';

/** The log message, with its pattern and parameters. It is left out where it only repeats the exception. */
export function MessageSection({ event }: { event: Event }) {
  const entry = readEntry(event, 'message', messageEntryData);
  if (entry?.unreadable) {
    return (
      <Section id="message" title="Message" resetKey={event.id}>
        <Unreadable what="The message" value={entry.unreadable.data} />
      </Section>
    );
  }
  const text = entry?.data.formatted ?? entry?.data.message;
  const { message, params } = entry?.data ?? {};
  if (!entry || !text || (exceptionHeads(event).some(({ value }) => value === text) && !params)) return null;
  return (
    <Section id="message" title="Message" aside={<OutsideMark what="Message" />} resetKey={event.id}>
      <p className={styles['message']}>
        <AnnotatedText value={text} meta={metaAt(entry.meta, 'formatted')} />
      </p>
      {params !== undefined && (
        <KeyValues
          label="Message parameters"
          rows={[
            { key: 'pattern', value: message ?? text },
            { key: 'params', value: params, meta: metaAt(entry.meta, 'params') },
          ]}
          platform={event.platform}
        />
      )}
    </Section>
  );
}
