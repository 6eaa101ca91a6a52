import styles from './text-box.module.css';

/** A text of many lines in a box that scrolls, reached by keyboard and known by its name. Spaces are kept, lines wrap. */
export function TextBox({ label, text }: { label: string; text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={styles['box']} tabIndex={0} aria-label={label}>
      <pre>{text}</pre>
    </section>
  );
}
