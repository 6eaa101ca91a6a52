import { type RefObject, useCallback, useLayoutEffect, useRef } from 'react';

/** Pixels from the end within which a reader counts as being there. */
const nearEnd = 32;

/**
 * Follows a growing text, but only for who is at its end: a reader who went back must not be carried away.
 *
 * @returns what to call when the box scrolls
 */
export function useFollowedEnd(box: RefObject<HTMLElement | null>, text: string): () => void {
  const isAtEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what makes the box grow
  useLayoutEffect(() => {
    if (!text) isAtEnd.current = true;
    else if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  return useCallback(() => {
    if (!box.current) return;
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
  }, [box]);
}
