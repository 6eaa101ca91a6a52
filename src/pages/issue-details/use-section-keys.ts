import { useShortcuts } from '../../components/shortcuts.ts';

/** Keys that move within the event: to the next and previous section, and to one that is named. */
export function useSectionKeys(): void {
  useShortcuts({
    'j j': () => move(1),
    'j k': () => move(-1),
    't a': () => goTo(document.getElementById('attachments')),
    't f': () => goTo(document.getElementById('user-feedback')),
  });
}

/** From the section that has the focus, or else from the one that is being read; after the last comes the first. */
function move(step: 1 | -1): void {
  const sections = [...document.querySelectorAll<HTMLElement>('[data-section]')];
  const { length } = sections;
  if (length === 0) return;
  const focused = sections.findIndex((section) => section.contains(document.activeElement));
  const at = focused < 0 ? lastAbove(sections) : focused;
  // Before the first, the way back leads to the last.
  const next = at < 0 && step < 0 ? length - 1 : (at + step + length) % length;
  goTo(sections[next]);
}

/** The last that begins at or above the upper edge; -1 before the first. */
function lastAbove(sections: HTMLElement[]): number {
  // Below the bar that stays.
  const edge = Number.parseFloat(document.documentElement.style.scrollPaddingTop) || 0;
  return sections.findLastIndex((section) => section.getBoundingClientRect().top <= edge + 1);
}

/** Focus goes with the eye: to the section's heading, which says what it is and folds it. */
function goTo(section: HTMLElement | null | undefined): void {
  if (!section) return;
  section.scrollIntoView({ block: 'start' });
  section.querySelector<HTMLElement>('button[aria-expanded]')?.focus({ preventScroll: true });
}
