import { showControls } from './annotated-text-controls.ts';
import { annotationOf, describeAnnotation } from './annotated-text-meta.ts';
import { CopyButton } from './copy-button.tsx';
import { Dialog, DialogActions } from './dialog.tsx';
import { copyTextOf } from './structured-value-parts.ts';
import styles from './value-viewer.module.css';

type Props = { name: string; value: unknown; meta?: unknown; onClose: () => void };

/** A value as a whole, wrapped: the browser's own search finds what is in it. Says what of it was cut or replaced. */
export function ValueViewer({ name, value, meta, onClose }: Props) {
  const text = copyTextOf(value);
  const copyWords = `Copy all ${text.length.toLocaleString('en-US')} characters`;
  const annotation = annotationOf(meta);
  const words = annotation && describeAnnotation(value, annotation);
  return (
    <Dialog title={showControls(name.slice(0, 200))} wide onClose={onClose}>
      {words && <p className={styles['words']}>{words}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre className={styles['value']} tabIndex={0}>
        {showControls(text)}
      </pre>
      <DialogActions>
        <CopyButton label={copyWords} text={text}>
          {copyWords}
        </CopyButton>
      </DialogActions>
    </Dialog>
  );
}
