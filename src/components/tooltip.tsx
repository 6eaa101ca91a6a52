import { type ReactNode, useEffect, useId, useState } from 'react';
import styles from './tooltip.module.css';

type Props = {
  /** Text, or what makes it once it is wanted; an empty one gives no tooltip. */
  text: string | (() => string);
  children: ReactNode;
  className?: string | undefined;
  /** Milliseconds of hovering; focus shows it at once. */
  delay?: number;
  /** False where the words are on the page anyway, so that keyboards need not stop here. */
  isFocusable?: boolean;
};

/**
 * Words about a piece of the page, on hovering and focus, until pointer and focus leave both or Escape is pressed. They
 * can be hovered and selected themselves (WCAG 1.4.13), and lie in the top layer, so no box clips them.
 */
export function Tooltip({ text, children, className, delay = 200, isFocusable = true }: Props) {
  const id = useId();
  const [state, setState] = useState<'closed' | 'waiting' | 'open'>('closed');
  useEffect(() => {
    if (state !== 'waiting') return;
    const timer = setTimeout(() => setState('open'), delay);
    return () => clearTimeout(timer);
  }, [state, delay]);
  useEffect(() => {
    if (state !== 'open') return;
    // Wherever focus is: who hovers may have it elsewhere.
    const closeOnEscape = (event: KeyboardEvent) => event.key === 'Escape' && setState('closed');
    document.addEventListener('keydown', closeOnEscape);
    return () => document.removeEventListener('keydown', closeOnEscape);
  }, [state]);
  if (!text) return <span className={className}>{children}</span>;
  const close = () => setState('closed');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only shows words, and focus shows them too
    <span
      className={className}
      // What only the tooltip says must be reachable by keyboard.
      tabIndex={isFocusable ? 0 : undefined}
      aria-describedby={state === 'open' ? id : undefined}
      onPointerEnter={() => setState('waiting')}
      onPointerLeave={close}
      onFocus={() => setState('open')}
      onBlur={close}
    >
      {children}
      {state === 'open' && (
        <span ref={place} id={id} role="tooltip" popover="manual" className={styles.tooltip}>
          {typeof text === 'function' ? text() : text}
        </span>
      )}
    </span>
  );
}

/** Below its trigger, above it where there is no room; never over the edge. By hand: not every browser has anchors. */
function place(box: HTMLElement | null): void {
  const trigger = box?.parentElement?.getBoundingClientRect();
  if (!box || !trigger) return;
  box.showPopover?.();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = trigger.bottom + 6;
  const left = Math.min(trigger.left + trigger.width / 2 - width / 2, window.innerWidth - width - 8);
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${below + height > window.innerHeight - 8 ? Math.max(8, trigger.top - height - 6) : below}px`;
}
