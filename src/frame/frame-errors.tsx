import { Icon } from '../components/icon.tsx';
import styles from './frame-errors.module.css';

/** What went wrong with the frame itself: a source map that was not found, a debug file that could not be read. */
export function FrameErrors({ errors }: { errors: unknown }) {
  const list = Array.isArray(errors) ? errors : [];
  return (
    <ul className={styles.errors} aria-label="Errors of this frame">
      {list.map((error, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: errors have no identity but their place
        <li key={index}>
          <Icon name="warning" />
          <span>{describeFrameError(error)}</span>
        </li>
      ))}
    </ul>
  );
}

/** `{type: 'js_invalid_source', url: …}` or a sentence, as one line of text. */
export function describeFrameError(error: unknown): string {
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null) return JSON.stringify(error) ?? String(error);
  const { type, message, ...rest } = error as Record<string, unknown>;
  const words = [message, type].find((part) => typeof part === 'string' && part !== '');
  const more = Object.entries(rest).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const head = typeof words === 'string' ? words.replaceAll('_', ' ') : 'Unknown error';
  return more.length > 0 ? `${head} (${more.join(', ')})` : head;
}
