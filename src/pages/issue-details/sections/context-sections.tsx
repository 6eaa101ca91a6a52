import { lazy, type ReactNode } from 'react';
import type { Event } from '../../../../server/protocol/contract.ts';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { annotationOf, metaAt } from '../../../components/annotated-text-meta.ts';
import { type KeyValue, KeyValues } from '../../../components/key-values.tsx';
import { OutsideMark } from '../../../components/outside-mark.tsx';
import { SearchableRows } from '../../../components/searchable-rows.tsx';
import { Section } from '../../../components/section.tsx';
import { isObject, rowsOf } from '../event-entries.ts';
import { hasFlagList } from './flags-section.tsx';
import { Late } from './late-sections.tsx';

/** What each key of each kind of context means is much to know, and not every event has one. */
const ContextCards = lazy(async () => ({ default: (await import('./context-cards.tsx')).ContextCards }));

/** Everything about the surroundings: one card a context, each key of the SDK's own shown. */
export function ContextsSection({ event }: { event: Event }) {
  const contexts = Object.entries(event.contexts ?? {}).filter(([name]) => name !== 'flags' || !hasFlagList(event));
  if (contexts.length === 0) return null;
  return (
    <Section id="contexts" title="Contexts" aside={contexts.length} resetKey={event.id}>
      <Late what="the contexts">
        <ContextCards contexts={contexts} event={event} />
      </Late>
    </Section>
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
