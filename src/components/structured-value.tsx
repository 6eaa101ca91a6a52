import { useState } from 'react';
import { AnnotatedText } from './annotated-text.tsx';
import { showControls } from './annotated-text-controls.ts';
import { annotationOf, hasMarkedPieces } from './annotated-text-meta.ts';
import { classNames } from './class-names.ts';
import { CopyButton } from './copy-button.tsx';
import { CopyPath } from './copy-path.tsx';
import { Icon } from './icon.tsx';
import styles from './structured-value.module.css';
import { leftOutWords, previewOf, readValue, sizeOf } from './structured-value-kinds.ts';
import { copyTextOf, partsOf, pathTo } from './structured-value-parts.ts';
import { ValueViewer } from './value-viewer.tsx';

type Props = {
  value: unknown;
  /** `_meta` of the value, in its own layout. */
  meta?: unknown;
  /** How strings are to be read; see `readValue`. */
  platform?: string | null | undefined;
  /** What the value is called, for the name of its button. */
  name: string;
  /** How code would name it; given, the parts of the value can be copied and have paths to copy. */
  path?: string | undefined;
};

const pageSize = 100;
const longText = 320;

/** One value with its type told by colour and spelling. Lists and objects fold; folded parts are not in the page at all. */
export function StructuredValue({ value, meta, platform, name, path }: Props) {
  const [isOpen, setOpen] = useState(false);
  const size = sizeOf(value);
  if (size === null) return <Leaf value={value} meta={meta} platform={platform} name={path ?? name} />;
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
      {isOpen && <Parts value={value} meta={meta} platform={platform} name={name} path={path} />}
    </>
  );
}

function Parts({ value, meta, platform, name, path }: Props) {
  const [shown, setShown] = useState(pageSize);
  const parts = partsOf(value, meta);
  const rest = parts.length - shown;
  return (
    <ul className={styles.parts} aria-label={name}>
      {parts.slice(0, shown).map((part) => {
        const own = path === undefined ? undefined : pathTo(path, part.key, Array.isArray(value));
        return (
          <li key={part.key}>
            <span className={styles.key}>
              {own === undefined ? showControls(part.key) : <CopyPath path={own} name={part.key} />}
            </span>
            <span className={styles.punctuation}>: </span>
            <StructuredValue value={part.value} meta={part.meta} platform={platform} name={part.key} path={own} />
            {own !== undefined && (
              <span className={styles.copy}>
                <CopyButton label={`Copy ${own}`} text={() => copyTextOf(part.value)} />
              </span>
            )}
          </li>
        );
      })}
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

function Leaf({ value, meta, platform, name }: Omit<Props, 'path'>) {
  const [isWhole, setWhole] = useState(false);
  const [isViewed, setViewed] = useState(false);
  const { kind, text: read } = readValue(value, platform);
  const text = showControls(read);
  const isLong = text.length > longText;
  const isShort = isLong && !isWhole;
  const hasPieces = hasMarkedPieces(annotationOf(meta));
  const left = leftOutWords(value, platform);
  return (
    <span className={classNames(styles.leaf, styles[kind])}>
      <AnnotatedText value={value} meta={meta}>
        {isShort ? `${text.slice(0, longText)}…` : hasPieces ? undefined : text}
      </AnnotatedText>
      {left && (
        <span className={styles.left} title={left}>
          left out by the SDK
        </span>
      )}
      {isShort && (
        <button type="button" className={styles.more} onClick={() => setWhole(true)}>
          Show all {text.length.toLocaleString('en-US')} characters
        </button>
      )}
      {isLong && (
        <button type="button" className={styles.more} aria-label={`Viewer: ${name}`} onClick={() => setViewed(true)}>
          Viewer
        </button>
      )}
      {isViewed && <ValueViewer name={name} value={value} meta={meta} onClose={() => setViewed(false)} />}
    </span>
  );
}
