import {
  createContext,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  type RefObject,
  useContext,
  useId,
  useImperativeHandle,
  useRef,
} from 'react';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import styles from './menu.module.css';
import popover from './popover.module.css';
import { usePopover } from './use-popover.ts';

export type MenuHandle = { open: () => void };

type Props = {
  ref?: Ref<MenuHandle>;
  /** The name of button and menu. */
  label: string;
  /** What the button shows: an icon, or a face with a caret. */
  icon?: IconName;
  face?: ReactNode;
  look?: 'normal' | 'quiet';
  whyNot?: string | null;
  title?: string;
  /** Gets the focus when something was chosen, where the choice takes the menu's own button away. */
  focusAfter?: RefObject<HTMLElement | null>;
  /** MenuItems, and MenuGroups of them. */
  children: ReactNode;
};

const Close = createContext<() => void>(() => {});

/** A button that opens a list of things to do (ARIA's menu): arrows, Home, End and first letters move in it. */
export function Menu({ ref, label, icon, face, look, whyNot, title = label, focusAfter, children }: Props) {
  const { id, anchor, isOpen, open, close, panelProps } = usePopover({ onOpen: focusCurrent });
  useImperativeHandle(ref, () => ({ open }), [open]);
  const findByLetters = useLetters();
  const closeAfterChoice = () => {
    close();
    focusAfter?.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // The focus goes back to the button first, so that Tab leads on from there.
    if (event.key === 'Tab') return close();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const items = itemsOf(event.currentTarget);
    const next = itemFor(event.key, items) ?? findByLetters(event.key, items);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <span ref={anchor} className={popover['anchor']}>
      <Button
        popoverTarget={id}
        aria-haspopup="menu"
        aria-label={label}
        title={title}
        icon={icon}
        look={look}
        whyNot={whyNot}
      >
        {face && (
          <>
            {face}
            <span className={popover['caret']} aria-hidden="true" />
          </>
        )}
      </Button>
      <div {...panelProps} role="menu" aria-label={label} className={popover['panel']} onKeyDown={onKeyDown}>
        <Close value={closeAfterChoice}>{isOpen && children}</Close>
      </div>
    </span>
  );
}

type ItemProps = {
  /** One of several of which one is set. */
  isChecked?: boolean;
  mark?: ReactNode;
  /** A few words at its end. */
  hint?: string | undefined;
  whyNot?: string | null;
  onSelect: () => void;
  children: ReactNode;
};

export function MenuItem({ isChecked, mark, hint, whyNot, onSelect, children }: ItemProps) {
  const close = useContext(Close);
  const role = isChecked === undefined ? { role: 'menuitem' } : { role: 'menuitemradio', 'aria-checked': isChecked };
  return (
    <button
      {...role}
      type="button"
      aria-disabled={whyNot ? true : undefined}
      tabIndex={-1}
      className={popover['item']}
      onClick={() => {
        if (whyNot) return;
        close();
        onSelect();
      }}
    >
      {mark}
      <span className={styles['words']}>
        {children}
        {whyNot && <small>{whyNot}</small>}
      </span>{' '}
      {hint && (
        <span className={styles['hint']} title={hint}>
          {hint}
        </span>
      )}
      {isChecked && <Icon name="check" />}
    </button>
  );
}

/** Items under words of their own. */
export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's
    <div role="group" aria-labelledby={id} className={styles['group']}>
      <span id={id}>{label}</span>
      {children}
    </div>
  );
}

/** Between items, where what follows needs no words. */
export const MenuLine = () => <hr className={styles['line']} />;

const itemsOf = (panel: HTMLElement) => [...panel.querySelectorAll<HTMLElement>('[role^="menuitem"]')];

const focusedOf = (items: HTMLElement[]) => items.findIndex((item) => item.matches(':focus'));

function focusCurrent(panel: HTMLElement): void {
  const items = itemsOf(panel);
  (items.find((item) => item.getAttribute('aria-checked') === 'true') ?? items[0])?.focus();
}

function itemFor(key: string, items: HTMLElement[]): HTMLElement | undefined {
  const at = focusedOf(items);
  if (key === 'ArrowDown') return items[(at + 1) % items.length];
  if (key === 'ArrowUp') return items.at(Math.max(at, 0) - 1);
  if (key === 'Home') return items[0];
  return key === 'End' ? items.at(-1) : undefined;
}

/** Letters that are typed within this time are the beginning of one name. */
const togetherMs = 600;

/** Finds the item that begins with what is typed; the same letter again finds the next one. */
function useLetters(): (key: string, items: HTMLElement[]) => HTMLElement | undefined {
  const typed = useRef({ text: '', at: 0 });
  return (key, items) => {
    if (key.length !== 1) return undefined;
    const now = Date.now();
    const before = now - typed.current.at < togetherMs ? typed.current.text : '';
    // Else it presses the item.
    if (key === ' ' && before === '') return undefined;
    typed.current = { text: before + key.toLowerCase(), at: now };
    const { text } = typed.current;
    const isOneLetter = [...text].every((letter) => letter === text[0]);
    const wanted = isOneLetter ? text.slice(0, 1) : text;
    const from = Math.max(0, focusedOf(items)) + (isOneLetter ? 1 : 0);
    const inTurn = [...items.slice(from), ...items.slice(0, from)];
    return inTurn.find((item) => item.textContent?.trim().toLowerCase().startsWith(wanted));
  };
}
