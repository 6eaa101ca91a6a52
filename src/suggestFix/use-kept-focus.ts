import { type FocusEvent, type RefObject, useCallback, useEffect, useRef } from 'react';

/**
 * A click that replaces its own button (Suggest fix by Stop, I agree by nothing) would drop the focus to the page's top.
 * It goes to the panel's text instead, and never to another button: a second Enter must not send or stop.
 *
 * @param moment changes whenever a button may have been replaced
 * @returns handlers for the panel
 */
export function useKeptFocus(text: RefObject<HTMLElement | null>, moment: string) {
  const focused = useRef<Element | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the moment is what may have replaced a button
  useEffect(() => {
    const wasRemoved = focused.current !== null && !focused.current.isConnected;
    if (wasRemoved && document.activeElement === document.body) text.current?.focus({ preventScroll: true });
  }, [moment]);
  return {
    onFocus: useCallback((event: FocusEvent) => {
      focused.current = event.target;
    }, []),
    // React keeps the blur of a removed element to itself, so this is the reader going elsewhere.
    onBlur: useCallback(() => {
      focused.current = null;
    }, []),
  };
}
