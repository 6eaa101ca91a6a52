import styles from './sentences.module.css';

/** Sentences of the server; what stands in backquotes is code. */
export function Sentences({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: its place is its identity
      <code key={index} className={styles['code']}>
        {part}
      </code>
    ) : (
      part
    ),
  );
}
