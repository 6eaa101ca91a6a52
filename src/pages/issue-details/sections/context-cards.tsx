import type { ReactNode } from 'react';
import type { Event } from '../../../../server/protocol/contract.ts';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { annotationOf, metaAt } from '../../../components/annotated-text-meta.ts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { type KeyValue, KeyValues } from '../../../components/key-values.tsx';
import { parseTime } from '../../../components/time.ts';
import { isObject, rowsOf } from '../event-entries.ts';
import { formOf, headlineOf, isId, titleOf } from './context-forms.ts';
import styles from './context-sections.module.css';

/** One card a context. */
export function ContextCards({ contexts, event }: { contexts: [name: string, context: unknown][]; event: Event }) {
  return (
    <div className={styles['cards']}>
      {contexts.map(([name, context]) => (
        <ContextCard key={name} name={name} context={context} event={event} />
      ))}
    </div>
  );
}

function ContextCard({ name, context, event }: { name: string; context: unknown; event: Event }) {
  const title = showControls(titleOf(name));
  const meta = metaAt(event._meta, 'contexts', name);
  const type = isObject(context) && typeof context['type'] === 'string' ? context['type'] : name;
  const rows = contextRows(name, type, context, meta, parseTime(event.dateCreated));
  const headline = isObject(context) ? headlineOf(type, context) : '';
  return (
    <section className={styles['card']} aria-label={title}>
      <h3>
        {title}
        {headline && <span>{showControls(headline)}</span>}
      </h3>
      {rows.length === 0 && <p>Nothing was sent in it.</p>}
      <KeyValues label={title} rows={rows} platform={event.platform} />
    </section>
  );
}

function contextRows(name: string, type: string, context: unknown, meta: unknown, happened: number | null): KeyValue[] {
  if (!isObject(context)) return [{ key: name, value: context, meta }];
  return (
    rowsOf(context, meta)
      // The type repeats the name unless the SDK gave it one of its own.
      .filter(({ key, value }) => key !== 'type' || value !== name)
      .map((row) => ({ ...row, node: nodeOf(row, formOf(type, row.key, context, happened)) }))
  );
}

/** A value in people's units with what was sent behind it, or an id with its copy button; undefined: as it is. */
function nodeOf({ key, value, meta }: KeyValue, words: string | null): ReactNode | undefined {
  if (annotationOf(meta)) return undefined;
  if (words !== null) {
    const sent = String(value);
    // "17% 17" says nothing more.
    if (words.startsWith(sent)) return words;
    return (
      <>
        {words} <span className={styles['sent']}>{showControls(sent)}</span>
      </>
    );
  }
  if (!isId(key) || typeof value !== 'string' || value === '') return undefined;
  return (
    <span className={styles['id']}>
      {showControls(value)}
      <CopyButton label={`Copy ${key}`} text={value} />
    </span>
  );
}
