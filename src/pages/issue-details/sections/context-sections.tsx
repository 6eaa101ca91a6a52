import type { Event } from '../../../../server/protocol/contract.ts';
import { metaAt } from '../../../components/annotated-text-meta.ts';
import { KeyValues } from '../../../components/key-values.tsx';
import { Section } from '../../../components/section.tsx';
import { rowsOf } from '../event-entries.ts';
import styles from './context-sections.module.css';

const titles: Record<string, string> = {
  os: 'Operating system',
  gpu: 'GPU',
  trace: 'Trace',
  runtime: 'Runtime',
  browser: 'Browser',
  app: 'App',
  device: 'Device',
  response: 'Response',
  culture: 'Culture',
  cloud_resource: 'Cloud resource',
};
const titleOf = (name: string) => (Object.hasOwn(titles, name) ? titles[name] : undefined) ?? name;

/** Everything about the surroundings: one card a context, each key of the SDK's own shown. */
export function ContextsSection({ event }: { event: Event }) {
  const contexts = Object.entries(event.contexts ?? {});
  if (contexts.length === 0) return null;
  return (
    <Section id="contexts" title="Contexts" aside={contexts.length} resetKey={event.id}>
      <div className={styles['cards']}>
        {contexts.map(([name, context]) => {
          const rows = contextRows(name, context, metaAt(event._meta, 'contexts', name));
          return (
            <section key={name} className={styles['card']} aria-label={titleOf(name)}>
              <h3>{titleOf(name)}</h3>
              {rows.length === 0 && <p>Nothing was sent in it.</p>}
              <KeyValues label={titleOf(name)} rows={rows} platform={event.platform} />
            </section>
          );
        })}
      </div>
    </Section>
  );
}

function contextRows(name: string, context: unknown, meta: unknown) {
  if (typeof context !== 'object' || context === null) return [{ key: name, value: context, meta }];
  // The type repeats the name unless the SDK gave it one of its own.
  return rowsOf({ ...context }, meta).filter(({ key, value }) => key !== 'type' || value !== name);
}

export function UserSection({ event }: { event: Event }) {
  const rows = rowsOf(event.user, metaAt(event._meta, 'user')).filter(({ value, meta }) => value !== null || meta);
  if (rows.length === 0) return null;
  return (
    <Section id="user" title="User" resetKey={event.id}>
      <KeyValues label="User" rows={rows} platform={event.platform} />
    </Section>
  );
}

export function ExtraSection({ event }: { event: Event }) {
  const rows = rowsOf(event.context, metaAt(event._meta, 'context'));
  if (rows.length === 0) return null;
  return (
    <Section id="extra" title="Additional data" aside={rows.length} resetKey={event.id}>
      <KeyValues label="Additional data" rows={rows} platform={event.platform} />
    </Section>
  );
}

export function PackagesSection({ event }: { event: Event }) {
  const rows = rowsOf(event.packages, metaAt(event._meta, 'packages')).sort((a, b) => (a.key < b.key ? -1 : 1));
  if (rows.length === 0) return null;
  return (
    <Section id="packages" title="Packages" aside={rows.length} initiallyOpen={false} resetKey={event.id}>
      <KeyValues label="Packages" rows={rows} />
    </Section>
  );
}

export function SdkSection({ event }: { event: Event }) {
  const rows = rowsOf(event.sdk, metaAt(event._meta, 'sdk')).filter(({ value }) => value !== null);
  if (rows.length === 0) return null;
  return (
    <Section id="sdk" title="SDK" aside={event.sdk?.name} initiallyOpen={false} resetKey={event.id}>
      <KeyValues label="SDK" rows={rows} />
    </Section>
  );
}
