import { useEffect, useRef } from 'react';
import { createStoredChoice } from './stored-choice.ts';

/**
 * What is pressed to what it does: a key as `KeyboardEvent.key` has it ("j", "ArrowDown", "?"), two keys one after the
 * other ("t e"), or "Mod+Alt+c" with Ctrl or Cmd and the letter's place on the keyboard.
 */
export type Shortcuts = Record<string, () => void>;

const choice = createStoredChoice('stackmend-shortcuts', ['on', 'off']);

/** Are the shortcuts of one character on (WCAG 2.1.4)? Who speaks to the machine, or presses keys by accident, turns them off. */
export const useCharacterKeys = (): boolean => choice.use() === 'on';
export const setCharacterKeys = (areOn: boolean): void => choice.choose(areOn ? 'on' : 'off');

const typing = 'input:not([type=checkbox]), textarea, select, [contenteditable], [role=textbox]';
/** Held down, they go on; all else would be done and undone. */
const repeatable = /^(?:j|k|Arrow(?:Up|Down))$/;
/** After so many milliseconds the first key of two is forgotten. */
const sequenceMs = 1500;

/** Who was mounted last comes last and is asked first. */
const mounted: { readonly current: Shortcuts }[] = [];
let first = '';
let forget: ReturnType<typeof setTimeout> | undefined;

/**
 * Shortcuts of a part of the page, as long as it is mounted. They keep out of the way where keys mean something already:
 * in fields, with other modifiers, inside an open dialog or popover; and Enter on a button or link stays the browser's.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    if (mounted.length === 0) document.addEventListener('keydown', onKeyDown);
    mounted.push(current);
    return () => {
      mounted.splice(mounted.indexOf(current), 1);
      if (mounted.length === 0) document.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}

function onKeyDown(event: KeyboardEvent): void {
  const name = nameOf(event);
  if (name === null || isMeantElsewhere(event)) return;
  const pressed = first ? `${first} ${name}` : name;
  const run = find((shortcuts) => (Object.hasOwn(shortcuts, pressed) ? shortcuts[pressed] : undefined));
  const begins = !run && find((shortcuts) => Object.keys(shortcuts).some((each) => each.startsWith(`${pressed} `)));
  // A second key that goes with none does nothing by itself: who wanted "t a" and slipped must not resolve the issue.
  remember(begins ? pressed : '');
  if (run || begins) event.preventDefault();
  run?.();
}

function find<T>(look: (shortcuts: Shortcuts) => T | undefined): T | undefined {
  for (const { current } of mounted.toReversed()) {
    const found = look(current);
    if (found) return found;
  }
  return undefined;
}

function remember(key: string): void {
  clearTimeout(forget);
  first = key;
  if (key) {
    forget = setTimeout(() => {
      first = '';
    }, sequenceMs);
  }
}

/** Null for what is none of ours: a modifier by itself, other combinations, keys that are turned off. */
function nameOf(event: KeyboardEvent): string | null {
  const { key, code, altKey } = event;
  if (/^(?:Shift|Control|Alt|AltGraph|Meta|CapsLock)$/.test(key)) return null;
  if (event.repeat && !repeatable.test(key)) return null;
  if (event.ctrlKey || event.metaKey || altKey) {
    // AltGr is told as Ctrl with Alt, and writes letters; with Alt, a Mac's key is another character.
    const isOurs = altKey && event.ctrlKey !== event.metaKey && !event.getModifierState('AltGraph');
    return isOurs && /^Key[A-Z]$/.test(code) ? `Mod+Alt+${code.slice(3).toLowerCase()}` : null;
  }
  return key.length > 1 || choice.get() === 'on' ? key : null;
}

function isMeantElsewhere(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (event.defaultPrevented || target?.closest(typing)) return true;
  if (document.querySelector('dialog[open]') || target?.closest('[popover]')) return true;
  return event.key === 'Enter' && Boolean(target?.closest('a, button, summary'));
}
