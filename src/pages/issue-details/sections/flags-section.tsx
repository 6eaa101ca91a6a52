import type { Event } from '../../../../server/protocol/contract.ts';
import { metaAt } from '../../../components/annotated-text-meta.ts';
import type { KeyValue } from '../../../components/key-values.tsx';
import { SearchableRows } from '../../../components/searchable-rows.tsx';
import { Section } from '../../../components/section.tsx';
import { Unreadable } from './unreadable.tsx';

/** Has the event feature flags in the protocol's form, `{values: [{flag, result}]}`? */
export function hasFlagList(event: Event): boolean {
  const values = metaAt(event.contexts, 'flags', 'values');
  return Array.isArray(values) && values.length > 0;
}

/** The feature flags that were asked for, the last one first: that is what had just changed. */
export function FlagsSection({ event }: { event: Event }) {
  if (!hasFlagList(event)) return null;
  const values = metaAt(event.contexts, 'flags', 'values');
  const rows = (Array.isArray(values) ? values : [])
    .map((value: unknown, index) => rowOf(value, metaAt(event._meta, 'contexts', 'flags', 'values', index)))
    .reverse();
  return (
    <Section id="feature-flags" title="Feature flags" aside={`${rows.length}, last asked first`} resetKey={event.id}>
      <SearchableRows label="Feature flags" rows={rows} />
    </Section>
  );
}

function rowOf(value: unknown, meta: unknown): KeyValue {
  const flag = metaAt(value, 'flag');
  if (typeof flag !== 'string') return { key: '?', value, node: <Unreadable what="This flag" value={value} /> };
  return { key: flag, value: metaAt(value, 'result') ?? null, meta: metaAt(meta, 'result') };
}
