import type { ReactNode } from 'react';
import type { Event } from '../../../../server/protocol/contract.ts';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { annotationOf, metaAt } from '../../../components/annotated-text-meta.ts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { type KeyValue, KeyValues } from '../../../components/key-values.tsx';
import { OutsideMark } from '../../../components/outside-mark.tsx';
import { SearchableRows } from '../../../components/searchable-rows.tsx';
import { Section } from '../../../components/section.tsx';
import { parseTime } from '../../../components/time.ts';
import { rowsOf } from '../event-entries.ts';
import { formOf, headlineOf, isId, titleOf } from './context-forms.ts';
import styles from './context-sections.module.css';
import { hasFlagList } from './flags-section.tsx';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Everything about the surroundings: one card a context, each key of the SDK's own shown. */
export function ContextsSection({ event }: { event: Event }) {
  const contexts = Object.entries(event.contexts ?? {}).filter(([name]) => name !== 'flags' || !hasFlagList(event));
  if (contexts.length === 0) return null;
  return (
    <Section id="contexts" title="Contexts" aside={contexts.length} resetKey={event.id}>
      <div className={styles['cards']}>
        {contexts.map(([name, context]) => (
          <ContextCard key={name} name={name} context={context} event={event} />
        ))}
      </div>
    </Section>
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

/** Who it is, where from, then all else that the SDK knew. */
const userOrder = ['id', 'email', 'username', 'name', 'ip_address', 'geo', 'segment'];
const rank = ({ key }: KeyValue) => (userOrder.includes(key) ? userOrder.indexOf(key) : userOrder.length);

export function UserSection({ event }: { event: Event }) {
  const rows = rowsOf(event.user, metaAt(event._meta, 'user'))
    .filter(({ value, meta }) => value !== null || meta)
    .map((row) => ({ ...row, node: row.key === 'geo' ? geoOf(row) : undefined }))
    .sort((a, b) => rank(a) - rank(b));
  if (rows.length === 0) return null;
  return (
    <Section id="user" title="User" aside={<OutsideMark what="User" />} resetKey={event.id}>
      <KeyValues label="User" rows={rows} platform={event.platform} />
    </Section>
  );
}

/** `Vienna, AT`; a place with more than that is shown as it was sent. */
function geoOf({ value, meta }: KeyValue): string | undefined {
  if (!isObject(value) || annotationOf(meta)) return undefined;
  const known = ['city', 'region', 'subdivision', 'country_code'].flatMap((key) => {
    const part = Object.hasOwn(value, key) ? value[key] : null;
    return typeof part === 'string' && part !== '' ? [part] : [];
  });
  return known.length > 0 && known.length === Object.keys(value).length ? showControls(known.join(', ')) : undefined;
}

export function ExtraSection({ event }: { event: Event }) {
  const rows = rowsOf(event.context, metaAt(event._meta, 'context'));
  if (rows.length === 0) return null;
  return (
    <Section id="extra" title="Additional data" aside={rows.length} resetKey={event.id}>
      <SearchableRows label="Additional data" rows={rows} platform={event.platform} />
    </Section>
  );
}

export function PackagesSection({ event }: { event: Event }) {
  const rows = rowsOf(event.packages, metaAt(event._meta, 'packages')).sort((a, b) => (a.key < b.key ? -1 : 1));
  if (rows.length === 0) return null;
  return (
    <Section id="packages" title="Packages" aside={rows.length} initiallyOpen={false} resetKey={event.id}>
      <SearchableRows label="Packages" rows={rows} />
    </Section>
  );
}

export function SdkSection({ event }: { event: Event }) {
  const rows = rowsOf(event.sdk, metaAt(event._meta, 'sdk'))
    .filter(({ value }) => value !== null)
    .map((row) => ({ ...row, node: annotationOf(row.meta) ? undefined : listOf(row.value) }));
  if (rows.length === 0) return null;
  return (
    <Section id="sdk" title="SDK" aside={event.sdk?.name} initiallyOpen={false} resetKey={event.id}>
      <KeyValues label="SDK" rows={rows} />
    </Section>
  );
}

/** Integrations and packages are a list to read; undefined for what is none, or has more than names and versions. */
function listOf(value: unknown): ReactNode | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const words = value.flatMap((each: unknown) => {
    if (typeof each === 'string') return [each];
    if (!isObject(each) || Object.keys(each).some((key) => key !== 'name' && key !== 'version')) return [];
    return [[each['name'], each['version']].filter((part) => typeof part === 'string').join(' ')];
  });
  return words.length === value.length ? showControls(words.join(', ')) : undefined;
}
