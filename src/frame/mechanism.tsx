import type { Exception } from '../../server/protocol/contract.ts';
import { AnnotatedText } from '../components/annotated-text.tsx';
import { metaAt } from '../components/annotated-text-meta.ts';
import { StructuredValue } from '../components/structured-value.tsx';
import styles from './mechanism.module.css';

type Mechanism = NonNullable<Exception['mechanism']>;

/** How the exception came to be caught: type and handled first, then what the operating system said, then all else. */
export function MechanismPills({ mechanism, meta }: { mechanism: Mechanism; meta: unknown }) {
  return (
    <div className={styles.mechanism}>
      <dl className={styles.pills} aria-label="Mechanism">
        {pillsOf(mechanism).map(({ label, text, tone, path }) => (
          <div key={label} data-tone={tone}>
            <dt>{label}</dt>
            <dd>
              <AnnotatedText value={text} meta={metaAt(meta, ...path)} />
            </dd>
          </div>
        ))}
        {Object.entries(mechanism.data ?? {}).map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>
              <StructuredValue value={value} meta={metaAt(meta, 'data', key)} name={key} />
            </dd>
          </div>
        ))}
      </dl>
      {mechanism.description && (
        <p className={styles.description}>
          <AnnotatedText value={mechanism.description} meta={metaAt(meta, 'description')} />
        </p>
      )}
      {/* An event's author chose this address: it can be read and copied, a click goes nowhere. */}
      {mechanism.help_link && (
        <p className={styles.description}>
          Help: <span className={styles.link}>{mechanism.help_link}</span>
        </p>
      )}
    </div>
  );
}

type Pill = { label: string; text: string; tone?: 'warning'; path: string[] };

function pillsOf({ type, handled, synthetic, meta }: Mechanism): Pill[] {
  const pills: Pill[] = [{ label: 'mechanism', text: type || 'generic', path: ['type'] }];
  if (typeof handled === 'boolean') {
    pills.push({ label: 'handled', text: String(handled), path: ['handled'], ...(handled ? {} : { tone: 'warning' }) });
  }
  if (synthetic) pills.push({ label: 'synthetic', text: 'true', path: ['synthetic'] });
  for (const [name, parts] of Object.entries(metaParts)) {
    const value = metaAt(meta, name);
    const [main, ...more] = parts.flatMap((part) => describe(metaAt(value, part)));
    if (main)
      pills.push({ label: name, text: more.length > 0 ? `${main} (${more.join(', ')})` : main, path: ['meta', name] });
  }
  return pills;
}

/** The operating system's own words, the ones that people know first. */
const metaParts: Record<string, readonly string[]> = {
  signal: ['name', 'number', 'code_name', 'code'],
  mach_exception: ['name', 'exception', 'code', 'subcode'],
  ns_error: ['domain', 'code'],
  errno: ['name', 'number'],
};

const describe = (value: unknown): string[] =>
  typeof value === 'string' && value !== '' ? [value] : typeof value === 'number' ? [String(value)] : [];
