import styles from './select.module.css';

type Props<T extends string> = {
  label: string;
  value: string;
  options: readonly { id: T; label: string }[];
  onChange: (value: string) => void;
};

/** The browser's own select: its list works with every keyboard, screen reader and thumb. */
export function Select<T extends string>({ label, value, options, onChange }: Props<T>) {
  const isKnown = options.some(({ id }) => id === value);
  return (
    <select
      className={styles['select']}
      aria-label={label}
      title={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {!isKnown && <option value={value}>{value}</option>}
      {options.map(({ id, label: words }) => (
        <option key={id} value={id}>
          {words}
        </option>
      ))}
    </select>
  );
}
