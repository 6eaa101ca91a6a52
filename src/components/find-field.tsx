import styles from './find-field.module.css';
import { Icon } from './icon.tsx';

type Props = {
  /** What is searched: "Search packages". */
  label: string;
  value: string;
  onChange: (value: string) => void;
};

/** A small field that narrows a list on this page as one types; nothing is asked of the server. Escape empties it. */
export function FindField({ label, value, onChange }: Props) {
  return (
    <label className={styles['field']}>
      <Icon name="search" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onChange('')}
      />
    </label>
  );
}

/** A test for texts that have all of the words, wherever they stand and however they are written. */
export function matcherOf(search: string): (...texts: (string | null | undefined)[]) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return (...texts) => {
    const text = texts.join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
