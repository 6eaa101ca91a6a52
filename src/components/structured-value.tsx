import { type ReactNode, useState } from 'react';
import { AnnotatedText } from './annotated-text.tsx';
import { showControls } from './annotated-text-controls.ts';
import { annotationOf, hasMarkedPieces, metaAt } from './annotated-text-meta.ts';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';
import styles from './structured-value.module.css';
import { previewOf, readValue, sizeOf } from './structured-value-kinds.ts';

type Props = {
  value: unknown;
  /** `_meta` of the value, in its own layout. */
  meta?: unknown;
  /** How strings are to be read; see `readValue`. */
  platform?: string | null | undefined;
  /** What the value is called, for the name of its button. */
  name: string;
};

const pageSize = 100;
const longText = 320;

/** One value with its type told by colour and spelling. Lists and objects fold; folded parts are not in the page at all. */
export function StructuredValue({ value, meta, platform, name }: Props) {
  const [isOpen, setOpen] = useState(false);
  const size = sizeOf(value);
  if (size === null) return <Leaf value={value} meta={meta} platform={platform} />;
  if (size === 0 && partsOf(value, meta).length === 0) {
    return (
      <AnnotatedText value={value} meta={meta}>
        <span className={styles.punctuation}>{Array.isArray(value) ? '[]' : '{}'}</span>
      </AnnotatedText>
    );
  }
  const sizeWords = Array.isArray(value) ? `[${size}]` : `{${size}}`;
  const words = isOpen ? sizeWords : showControls(previewOf(value, platform));
  return (
    <>
      <AnnotatedText value={value} meta={meta}>
        <button
          type="button"
          className={styles.fold}
          aria-expanded={isOpen}
          // What is seen is part of the name: who speaks to the page says what they see.
          aria-label={`${name}, ${size} ${Array.isArray(value) ? 'item' : 'key'}${size === 1 ? '' : 's'}: ${words}`}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="down" />
          <span className={isOpen ? styles.count : styles.preview}>{words}</span>
        </button>
      </AnnotatedText>
      {isOpen && <Parts value={value} meta={meta} platform={platform} name={name} />}
    </>
  );
}

type Part = { key: string; value: unknown; meta: unknown };

/** The parts that are there, then those that only `_meta` still knows: something stood there and was taken out. */
function partsOf(value: unknown, meta: unknown): Part[] {
  if (typeof value !== 'object' || value === null) return [];
  const present = Object.entries(value).map(([key, part]) => ({ key, value: part, meta: metaAt(meta, key) }));
  const removed = Object.keys(typeof meta === 'object' && meta !== null ? meta : {}).flatMap((key) => {
    const child = metaAt(meta, key);
    return key === '' || Object.hasOwn(value, key) || !annotationOf(child) ? [] : [{ key, value: null, meta: child }];
  });
  return [...present, ...removed];
}

function Parts({ value, meta, platform, name }: Props) {
  const [shown, setShown] = useState(pageSize);
  const parts = partsOf(value, meta);
  const rest = parts.length - shown;
  return (
    <ul className={styles.parts} aria-label={name}>
      {parts.slice(0, shown).map((part) => (
        <li key={part.key}>
          <span className={styles.key}>{showControls(part.key)}</span>
          <span className={styles.punctuation}>: </span>
          <StructuredValue value={part.value} meta={part.meta} platform={platform} name={part.key} />
        </li>
      ))}
      {rest > 0 && (
        <li>
          <button type="button" className={styles.more} onClick={() => setShown(shown + pageSize)}>
            Show {Math.min(rest, pageSize)} more of {rest.toLocaleString('en-US')}
          </button>
        </li>
      )}
    </ul>
  );
}

function Leaf({ value, meta, platform }: Omit<Props, 'name'>) {
  const [isWhole, setWhole] = useState(false);
  const { kind, text: read } = readValue(value, platform);
  const text = showControls(read);
  const isLong = text.length > longText && !isWhole;
  const hasPieces = hasMarkedPieces(annotationOf(meta));
  const shown: ReactNode = isLong ? `${text.slice(0, longText)}…` : text;
  return (
    <span className={classNames(styles.leaf, styles[kind])}>
      {hasPieces && !isLong ? (
        <AnnotatedText value={value} meta={meta} />
      ) : (
        <AnnotatedText value={value} meta={meta}>
          {shown}
        </AnnotatedText>
      )}
      {isLong && (
        <button type="button" className={styles.more} onClick={() => setWhole(true)}>
          Show all {text.length.toLocaleString('en-US')} characters
        </button>
      )}
    </span>
  );
}
