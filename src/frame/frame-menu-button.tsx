import { createContext, useContext } from 'react';
import type { Frame } from '../../server/protocol/contract.ts';
import { Icon } from '../components/icon.tsx';
import styles from './frame-menu-button.module.css';

/** Opens the one menu of all frames beside a button; null where there is none. */
export const FrameMenuContext = createContext<((frame: Frame, button: HTMLElement) => void) | null>(null);

/** What else can be done with a frame. A trace has hundreds of these: the menu itself is drawn when one is pressed. */
export function FrameMenuButton({ frame, titleId }: { frame: Frame; titleId: string }) {
  const open = useContext(FrameMenuContext);
  if (!open) return null;
  return (
    <button
      type="button"
      className={styles.button}
      aria-label="Frame menu"
      aria-describedby={titleId}
      aria-haspopup="true"
      onClick={(event) => open(frame, event.currentTarget)}
    >
      <Icon name="more" />
    </button>
  );
}
