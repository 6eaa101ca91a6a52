import { showControls } from '../components/annotated-text-controls.ts';
import { CopyButton } from '../components/copy-button.tsx';
import styles from './exceptions.module.css';
import { type RawInput, rawStacktrace } from './raw-stacktrace.ts';

/** A stack trace as text, to be read or copied. */
export function RawText(trace: RawInput) {
  const text = rawStacktrace(trace);
  return (
    <div className={styles.raw}>
      <div className={styles.copy}>
        <CopyButton label="Copy raw stack trace" text={text} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{showControls(text)}</pre>
    </div>
  );
}
