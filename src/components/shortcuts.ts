import { useEffect, useRef } from 'react';

/** Key as `KeyboardEvent.key` has it ("j", "ArrowDown", "?") to what it does. */
export type Shortcuts = Record<string, () => void>;

const typing = 'input:not([type=checkbox]), textarea, select, [contenteditable]';

/**
 * Single-key shortcuts of a page. They keep out of the way where keys mean something already: in fields, with Ctrl, Alt
 * or Meta, inside an open dialog or popover; and Enter and Space on a button or link stay the browser's.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || target?.closest(typing)) return;
      if (document.querySelector('dialog[open]') || target?.closest('[popover]')) return;
      if (event.key === 'Enter' && target?.closest('a, button, summary')) return;
      const run = Object.hasOwn(current.current, event.key) ? current.current[event.key] : undefined;
      if (!run) return;
      event.preventDefault();
      run();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
