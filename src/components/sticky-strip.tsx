import { type ReactNode, useLayoutEffect, useRef } from 'react';

/**
 * A bar that its style keeps at the top of the window. What gets the focus or is jumped to is scrolled to below it, not
 * behind it (WCAG 2.4.11), however many rows it has; one at a time on a page.
 */
export function StickyStrip({ className, children }: { className: string | undefined; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const strip = box.current;
    const { style } = document.documentElement;
    if (!strip || typeof ResizeObserver === 'undefined') return;
    const measure = () => {
      const isSticky = getComputedStyle(strip).position === 'sticky';
      style.scrollPaddingTop = isSticky ? `${strip.offsetHeight + 4}px` : '';
    };
    const observer = new ResizeObserver(measure);
    observer.observe(strip);
    return () => {
      observer.disconnect();
      style.scrollPaddingTop = '';
    };
  }, []);
  return (
    <div ref={box} className={className}>
      {children}
    </div>
  );
}
