import { type ReactNode, useState } from 'react';
import { createPortal } from 'react-dom';
import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Dialog, DialogActions } from '../components/dialog.tsx';
import styles from './answer.module.css';

/** Beyond this an address is cut in the text, which says by how much; the question before leaving shows it whole. */
const maxShownLength = 400;

/**
 * A link of an answer, never live: its words, its whole target, and a button that asks before leaving. An address may
 * carry what the event held to a stranger, and its words may say something else than its target.
 */
export function AnswerLink({ target, children }: { target: string; children: ReactNode }) {
  const [isAsking, setAsking] = useState(false);
  const url = webAddress(target);
  // A footnote's mark: the place that it names is not on the page.
  if (target.startsWith('#')) return children;
  const full = url?.href ?? target;
  const more = full.length - maxShownLength;
  const shown = more > 0 ? `${full.slice(0, maxShownLength)}… (${more} more characters)` : full;
  const repeats = children === target || children === full;
  return (
    <span className={styles['link']}>
      {!repeats && <span>{children} </span>}
      <span className={styles['target']}>
        {shown || 'no address'}
        {/* A word joiner: the button goes to the next line with the address's end, not alone. */}
        {url && '\u2060'}
      </span>
      {url && (
        <Button
          look="quiet"
          icon="link"
          className={styles['open']}
          aria-label={`Open ${url.host}…`}
          onClick={() => setAsking(true)}
        />
      )}
      {/* Nor the full stop after it. */}
      {url && '\u2060'}
      {url && isAsking && createPortal(<AskBeforeLeaving url={url} onClose={() => setAsking(false)} />, document.body)}
    </span>
  );
}

function AskBeforeLeaving({ url, onClose }: { url: URL; onClose: () => void }) {
  return (
    <Dialog title={`Leave for ${url.host}?`} onClose={onClose}>
      <p>The model wrote this address. It may be made up, or carry data of the event to whoever runs the site.</p>
      <code className={styles['address']}>{url.href}</code>
      <DialogActions>
        <CopyButton label="Copy address" text={url.href}>
          Copy address
        </CopyButton>
        <a className={styles['leave']} href={url.href} target="_blank" rel="noopener noreferrer" onClick={onClose}>
          Open in a new tab
        </a>
      </DialogActions>
    </Dialog>
  );
}

/** `URL` writes a host of look-alike letters as `xn--…`, so what is shown is where it goes. */
function webAddress(target: string): URL | null {
  if (!/^https?:/i.test(target) || !URL.canParse(target)) return null;
  return new URL(target);
}
