import styles from './level-mark.module.css';

const known = new Set(['fatal', 'error', 'warning', 'info', 'debug', 'sample']);

/** Level as a coloured mark with its name; `dot` alone keeps the name for screen readers and the title. */
export function LevelMark({ level, dot = false }: { level: string | null | undefined; dot?: boolean }) {
  const name = level && known.has(level) ? level : 'error';
  if (dot)
    return <span className={styles['dot']} data-level={name} role="img" aria-label={`Level: ${name}`} title={name} />;
  return (
    <span className={styles['mark']} data-level={name}>
      {name}
    </span>
  );
}
