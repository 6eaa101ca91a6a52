import type { ReactNode } from 'react';
import styles from './annotated-text.module.css';
import { showControls } from './annotated-text-controls.ts';
import {
  type Annotation,
  annotationOf,
  chunksOf,
  describeAnnotation,
  describeCut,
  describeRemark,
  isMarked,
} from './annotated-text-meta.ts';
import { Tooltip } from './tooltip.tsx';

const filtered = 'Filtered out by the SDK or by the data scrubbing rules, before it was stored.';

/**
 * A text with what `_meta` says about it: what was replaced is marked where it was, what is gone is `<redacted>` or
 * `<invalid>`, what was cut says of how much. `children` is how the value is shown when it is more than its text.
 */
export function AnnotatedText({ value, meta, children }: { value: unknown; meta?: unknown; children?: ReactNode }) {
  const text = typeof value === 'string' ? value : null;
  const shown = children ?? (text === null ? null : showControls(text));
  const annotation = annotationOf(meta);
  if (!annotation) return text === '[Filtered]' ? <Mark words={filtered}>{shown}</Mark> : shown;
  const words = describeAnnotation(value, annotation);
  if (value === null || value === undefined || value === '') {
    const missing = annotation.errors.length > 0 ? '<invalid>' : '<redacted>';
    return <Mark words={words}>{missing}</Mark>;
  }
  return (
    <>
      {marked(text, shown, annotation, words)}
      <CutNote value={value} annotation={annotation} words={words} />
    </>
  );
}

function marked(text: string | null, shown: ReactNode, annotation: Annotation, words: string): ReactNode {
  if (!isMarked(annotation)) return shown;
  const chunks = text === null ? [] : chunksOf(text, annotation);
  if (!chunks.some((chunk) => chunk.remark)) return <Mark words={words}>{shown}</Mark>;
  return chunks.map(({ text: piece, remark }, index) => {
    if (!remark) return showControls(piece);
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: chunks have no identity but their place
      <Mark key={index} words={describeRemark(remark)}>
        {showControls(piece)}
      </Mark>
    );
  });
}

function Mark({ words, children }: { words: string; children: ReactNode }) {
  return (
    <Tooltip text={words} className={styles.redacted}>
      {children}
    </Tooltip>
  );
}

/** "first 2,048 of 10,000 characters", or nothing. */
function CutNote({ value, annotation, words }: { value: unknown; annotation: Annotation; words: string }) {
  const cut = describeCut(value, annotation);
  return (
    cut && (
      <Tooltip text={words} className={styles.cut} isFocusable={false}>
        {cut}
      </Tooltip>
    )
  );
}
