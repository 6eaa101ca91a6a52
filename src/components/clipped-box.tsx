import { type ReactNode, useEffect, useRef, useState } from 'react';
import { classNames } from './class-names.ts';
import styles from './clipped-box.module.css';

/** Less than this over the height is shown at once: a button for two more lines is worse than the lines. */
const slack = 40;

/** A box that shows `height` pixels of its content until it is asked for more. Focus within opens it. */
export function ClippedBox({ height, what, children }: { height: number; what: string; children: ReactNode }) {
  const content = useRef<HTMLDivElement>(null);
  const [isTall, setTall] = useState(false);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const element = content.current;
    if (!element || isOpen) return;
    const measure = () => setTall(element.scrollHeight > height + slack);
    if (typeof ResizeObserver === 'undefined') return measure();
    // Tells the first size, too, and forces no layout amid the page's first drawing.
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [height, isOpen]);
  const isClipped = isTall && !isOpen;
  return (
    <div
      className={classNames(styles.box, isClipped && styles.clipped)}
      style={isClipped ? { maxHeight: height } : undefined}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: focus coming in opens the box, nothing is clicked here */}
      <div ref={content} onFocus={() => setOpen(true)}>
        {children}
      </div>
      {isClipped && (
        <div className={styles.fade}>
          <button type="button" className={styles.more} onClick={() => setOpen(true)}>
            Show all {what}
          </button>
        </div>
      )}
    </div>
  );
}
