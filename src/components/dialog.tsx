import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from './button.tsx';
import styles from './dialog.module.css';

/** A modal question or form on the native `<dialog>`: Escape, focus and the backdrop are the browser's own. Mount it to open it. */
export function Dialog({
  title,
  wide = false,
  onClose,
  children,
}: {
  title: string;
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  /** Did the press begin on the backdrop? Whoever selects text in a field may let go of it there. */
  const isPressed = useRef(false);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // Its first stop would be the button that closes it; who opens a form wants to type.
    dialog.current
      ?.querySelector<HTMLElement>('textarea, input:is([type="text"], [type="email"], [type="password"])')
      ?.focus();
    // The browser gives focus back when a dialog is closed, not when it is taken off the page while open.
    return () => {
      if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body)
        before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop; Escape is the browser's own
    <dialog
      ref={dialog}
      className={styles['dialog']}
      data-wide={wide || undefined}
      aria-labelledby={heading}
      onClose={onClose}
      onPointerDown={(event) => {
        isPressed.current = event.target === dialog.current;
      }}
      onClick={(event) => isPressed.current && event.target === dialog.current && dialog.current.close()}
    >
      <div className={styles['box']}>
        {/* No header element: that would be a second banner where the dialog is opened from the page's. */}
        <div className={styles['head']}>
          <h2 id={heading}>{title}</h2>
          <Button look="quiet" icon="close" aria-label="Close" onClick={() => dialog.current?.close()} />
        </div>
        {children}
      </div>
    </dialog>
  );
}

/** The row of buttons at a dialog's end, and what was refused; it stays in sight. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={styles['actions']}>{children}</div>;
}
