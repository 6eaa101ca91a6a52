import styles from './priority-mark.module.css';

const bars = { high: 3, medium: 2, low: 1 } as const;

type Props = { priority: keyof typeof bars };

/** Three bars, filled as far as the priority goes: told by shape. It says nothing by itself: its words stand beside it. */
export function PriorityMark({ priority }: Props) {
  return (
    <svg className={styles['mark']} data-priority={priority} viewBox="0 0 12 12" aria-hidden="true">
      {[0, 1, 2].map((bar) => (
        <rect
          key={bar}
          x={1 + bar * 4}
          y={7 - bar * 3}
          width={2.5}
          height={4 + bar * 3}
          rx={0.7}
          data-filled={bar < bars[priority] || undefined}
        />
      ))}
    </svg>
  );
}

/** The bars where no words stand beside them. */
export function PriorityImage({ priority }: Props) {
  const name = `Priority: ${priority}`;
  return (
    <span role="img" aria-label={name} title={name} className={styles['image']}>
      <PriorityMark priority={priority} />
    </span>
  );
}
