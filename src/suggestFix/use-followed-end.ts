import { type RefObject, useLayoutEffect, useRef } from 'react';

/** Pixels from the end within which a reader counts as being there. */
const nearEnd = 32;

/**
 * Follows a growing text, but only for who is at its end: a reader who went back must not be carried away.
 *
 * Where the reader is, is judged by the end as it was before the text grew: a scroll is told of a frame later, and what
 * came meanwhile would make one who has just come to the end miss it.
 */
export function useFollowedEnd(box: RefObject<HTMLElement | null>, text: string): void {
  const before = useRef<{ scrollHeight: number; clientHeight: number } | null>(null);
  useLayoutEffect(() => {
    const element = text ? box.current : null;
    if (!element) {
      before.current = null;
      return;
    }
    const { scrollTop, scrollHeight, clientHeight } = element;
    const bottom = scrollTop + Math.max(clientHeight, before.current?.clientHeight ?? 0);
    const end = Math.min(scrollHeight, before.current?.scrollHeight ?? 0);
    if (bottom > end - nearEnd) element.scrollTop = scrollHeight;
    before.current = { scrollHeight, clientHeight };
  }, [box, text]);
}
