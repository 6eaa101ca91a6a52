import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Button } from './button.tsx';
import type { IconName } from './icon.tsx';
import styles from './popover.module.css';
import { usePopover } from './use-popover.ts';

type Props = {
  /** The button's words, or with `icon` alone its name. */
  label: string;
  icon?: IconName;
  /** Stands in the place of icon and words; `label` is its name then. */
  face?: ReactNode;
  showLabel?: boolean;
  look?: 'normal' | 'quiet';
  disabled?: boolean;
  /** Gets a function that closes the popover. */
  children: (close: () => void) => ReactNode;
};

/** A button with a panel below it, on the native popover: light dismiss, Escape and the way back of focus are the browser's. */
export function Popover({ label, icon, face, showLabel = !face, look = 'normal', disabled, children }: Props) {
  const { id, anchor, close, panelProps } = usePopover();
  return (
    <span ref={anchor} className={styles['anchor']}>
      <Button popoverTarget={id} icon={icon} look={look} disabled={disabled} aria-label={showLabel ? undefined : label}>
        {showLabel ? (
          <>
            {label}
            <span className={styles['caret']} aria-hidden="true" />
          </>
        ) : (
          face
        )}
      </Button>
      <div {...panelProps} className={styles['panel']}>
        {children(close)}
      </div>
    </span>
  );
}

/** A choice in a popover. `current` marks the one that is set. */
export function PopoverItem({
  current,
  onClick,
  children,
}: {
  current?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button type="button" className={styles['item']} aria-current={current || undefined} onClick={onClick}>
      {children}
    </button>
  );
}

/** A place to go to from a popover, which closes behind it. */
export function PopoverLink({ to, onClick, children }: { to: string; onClick: () => void; children: ReactNode }) {
  return (
    <Link to={to} className={styles['item']} onClick={onClick}>
      {children}
    </Link>
  );
}
