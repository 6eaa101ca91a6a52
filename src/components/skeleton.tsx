import styles from './skeleton.module.css';

/** Grey bars while something loads, with words for screen readers. They show after a moment: a quick answer must not flash. */
export function Skeleton({ label, rows = 3, height = 16 }: { label: string; rows?: number; height?: number }) {
  return (
    <div className={styles['skeleton']} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike and never move
        <span key={row} style={{ height, width: `${92 - ((row * 37) % 40)}%` }} />
      ))}
    </div>
  );
}
