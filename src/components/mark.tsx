import styles from './mark.module.css';

/** Stackmend's mark: a stack of lines, the broken one mended. The same drawing as `app/icon.svg`. */
export function Mark() {
  return (
    <svg className={styles['mark']} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M8 10h16M8 16h5l2.5-2.8 3 5.6 2-2.8H24M8 22h16" />
    </svg>
  );
}
