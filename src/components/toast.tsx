import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { Button } from './button.tsx';
import styles from './toast.module.css';

export type Toast = { message: string; kind?: 'done' | 'error'; action?: { label: string; run: () => void } };
type Shown = Toast & { id: number };

const Context = createContext<(toast: Toast) => void>(() => {});

/** Says what an action did, with a way back where there is one. */
export const useToast = (): ((toast: Toast) => void) => useContext(Context);

const secondsShown = 6;
const mostShown = 4;

/** Holds the live region for toasts: it must be on the page before its words change, or screen readers stay silent. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Shown[]>([]);
  const next = useRef(0);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (toast: Toast) => {
      const id = ++next.current;
      setToasts((all) => [...all, { ...toast, id }].slice(-mostShown));
      setTimeout(() => dismiss(id), secondsShown * 1000);
    },
    [dismiss],
  );
  const region = useMemo(
    () =>
      toasts.map(({ id, message, kind, action }) => (
        <div key={id} className={styles['toast']} data-kind={kind ?? 'done'}>
          <span>{message}</span>
          {action && (
            <Button
              look="quiet"
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <Button look="quiet" icon="close" aria-label="Dismiss" onClick={() => dismiss(id)} />
        </div>
      )),
    [toasts, dismiss],
  );
  return (
    <Context value={show}>
      {children}
      <div className={styles['region']} role="status" aria-live="polite" aria-label="Notifications">
        {region}
      </div>
    </Context>
  );
}
