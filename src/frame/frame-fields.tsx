import type { Frame } from '../../server/protocol/contract.ts';
import { metaAt } from '../components/annotated-text-meta.ts';
import { Icon } from '../components/icon.tsx';
import { StructuredValue } from '../components/structured-value.tsx';
import details from './details.module.css';
import { otherFields } from './frame-details.ts';
import styles from './frame-fields.module.css';

/** Everything else that was sent with a frame: paths, addresses, how it was found, locks. Folded, but never hidden. */
export function FrameFields({ frame, platform, meta }: { frame: Frame; platform: string; meta?: unknown }) {
  const fields = otherFields(frame, platform);
  if (fields.length === 0) return null;
  return (
    <details className={details.part}>
      <summary className={styles.summary}>
        <Icon name="right" />
        {fields.length} more field{fields.length === 1 ? '' : 's'}
      </summary>
      <dl className={styles.fields} aria-label="Fields of the frame">
        {fields.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <StructuredValue value={value} meta={metaAt(meta, name)} name={name} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
