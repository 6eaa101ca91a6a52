import { type RefObject, type ToggleEvent, useCallback, useEffect, useId, useRef, useState } from 'react';

type Options = {
  /** It lies open and in its place: where the focus goes. */
  onOpen?: (panel: HTMLElement) => void;
};

/**
 * A button with a panel below it, on the native popover: light dismiss, Escape and the way back of focus are the browser's.
 * `anchor` holds the button, whose `popoverTarget` is `id`.
 */
export function usePopover({ onOpen }: Options = {}) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const box = panel.current;
    // What it holds may come later, and be higher.
    if (!isOpen || !box || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => place(box, anchor));
    observer.observe(box);
    return () => observer.disconnect();
  }, [isOpen]);
  const close = useCallback(() => panel.current?.hidePopover(), []);
  const open = useCallback(() => {
    const button = anchor.current?.querySelector('button');
    // The focus comes back to what had it: to the button, not to where the page was when a key was pressed.
    button?.focus();
    if (!isOpen) button?.click();
  }, [isOpen]);
  const panelProps = {
    ref: panel,
    id,
    popover: 'auto' as const,
    onBeforeToggle: (event: ToggleEvent) => {
      if (event.newState === 'open') setOpen(true);
    },
    onToggle: (event: ToggleEvent) => {
      // Not before: the browser gives the focus back only from what is still there.
      if (event.newState !== 'open') return setOpen(false);
      if (!panel.current) return;
      place(panel.current, anchor);
      onOpen?.(panel.current);
    },
  };
  return { id, anchor, isOpen, open, close, panelProps };
}

/** Below its button, above it where there is no room. By hand: anchor positioning is not in every browser yet. */
function place(box: HTMLElement, anchor: RefObject<HTMLElement | null>): void {
  const from = anchor.current?.getBoundingClientRect();
  if (!from) return;
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = from.bottom + 4;
  box.style.left = `${Math.max(8, Math.min(from.left, window.innerWidth - width - 8))}px`;
  box.style.top = `${below + height > window.innerHeight - 8 ? Math.max(8, from.top - height - 4) : below}px`;
}
