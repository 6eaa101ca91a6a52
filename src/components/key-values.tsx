import type { ReactNode } from 'react';
import { AnnotatedText } from './annotated-text.tsx';
import { showControls } from './annotated-text-controls.ts';
import { ClippedBox } from './clipped-box.tsx';
import styles from './key-values.module.css';
import { StructuredValue } from './structured-value.tsx';

/** From so many characters on a text is shown in part: it must not push all else out of sight. */
const longText = 1000;

export type KeyValue = {
  key: string;
  value: unknown;
  meta?: unknown /** Shown instead of the value's own form. */;
  node?: ReactNode;
};

/** Names and values, one row each. A text is shown as it is; all else as a tree that folds. */
export function KeyValues({ rows, label, platform }: { rows: KeyValue[]; label: string; platform?: string | null }) {
  return (
    <dl className={styles['rows']} aria-label={label}>
      {rows.map(({ key, value, meta, node }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: headers may repeat, and the rows of an event never move
        <div key={`${index}-${key}`}>
          <dt>{showControls(key)}</dt>
          <dd>{node ?? <Value name={key} value={value} meta={meta} platform={platform} />}</dd>
        </div>
      ))}
    </dl>
  );
}

function Value({
  value,
  meta,
  name,
  platform,
}: {
  value: unknown;
  meta: unknown;
  name: string;
  platform?: string | null;
}) {
  if (typeof value === 'string' || ((value === null || value === undefined) && meta)) {
    const text = (
      <span className={styles['text']}>
        <AnnotatedText value={value} meta={meta} />
      </span>
    );
    if ((value?.length ?? 0) < longText) return text;
    return (
      <ClippedBox height={120} what={`of ${name}`}>
        {text}
      </ClippedBox>
    );
  }
  return <StructuredValue value={value ?? null} meta={meta} platform={platform} name={name} />;
}
