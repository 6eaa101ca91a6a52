import styles from './outside-mark.module.css';

/**
 * The one sign for a text that an outsider could have written: two quotation marks. It stands beside the text or in its
 * section's head; what the operator's own tooling derived (frames, coverage, releases) has none.
 *
 * @param what what the text is, for the words of the sign: "Message", "Request", "User input"
 */
export function OutsideMark({ what }: { what: string }) {
  const words = `${what}: somebody from outside could have written this`;
  return (
    <span role="img" aria-label={words} title={words} className={styles['mark']}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d="M5 3.2C3 3.6 2 4.9 2 6.8v2h3V5.9H3.6c0-.8.5-1.3 1.4-1.5zM10 3.2C8 3.6 7 4.9 7 6.8v2h3V5.9H8.6c0-.8.5-1.3 1.4-1.5z" />
      </svg>
    </span>
  );
}
