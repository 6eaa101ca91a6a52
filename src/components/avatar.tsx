import styles from './avatar.module.css';

/** Up to two letters of a name: "Ada Lovelace" and "ada.lovelace" are both "AL". */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._@-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0])
    .join('')
    .toUpperCase();
}

/** A person as a round mark of two letters. It says nothing by itself: the name is told beside it, or by what holds it. */
export function Avatar({ name, size = 20 }: { name: string; size?: 16 | 20 }) {
  return (
    <span className={styles['avatar']} data-size={size} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
