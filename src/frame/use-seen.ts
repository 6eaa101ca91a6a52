import { type RefObject, useEffect, useRef, useState } from 'react';

/** Half a screen before it is seen. */
const margin = '50%';

/**
 * Turns true, for good, once the element is in sight or nearly so: what is asked of the server for a frame need not be
 * asked for hundreds that nobody has scrolled to.
 *
 * @param isWanted false: nobody asks yet
 */
export function useSeen<T extends Element>(isWanted: boolean): [RefObject<T | null>, boolean] {
  const ref = useRef<T>(null);
  const [isSeen, setSeen] = useState(typeof IntersectionObserver === 'undefined');
  useEffect(() => {
    const element = ref.current;
    if (!isWanted || isSeen || !element) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true),
      {
        rootMargin: margin,
      },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [isWanted, isSeen]);
  return [ref, isSeen];
}
