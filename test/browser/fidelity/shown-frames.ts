/** What runs in the page: opens all that a person could open, and reads what is then there. */
import type { ShownFrame } from './judge.ts';

/**
 * Opens every frame, value, list, long text and tooltip below `section`, until there is nothing left to open.
 *
 * @throws what is still drawn or still folded after 30 seconds
 */
export async function expandAll(section: Element): Promise<void> {
  const STILL_COMING = '[aria-busy="true"], [role="status"][aria-label^="Loading"]';
  const giveUpAt = performance.now() + 30_000;
  const pause = () =>
    new Promise<void>((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve();
      channel.port2.postMessage(null);
    });
  const folded = () =>
    [...section.querySelectorAll<HTMLElement>('button, details:not([open]) > summary')].filter(
      (element) =>
        element.tagName === 'SUMMARY' ||
        (element.getAttribute('aria-expanded') === 'false' && !element.matches('[aria-haspopup], [popovertarget]')) ||
        element.title === 'Show the whole line' ||
        (!element.hasAttribute('aria-expanded') && /^Show (?:all|\d)/.test(element.textContent)),
    );
  for (let quiet = 0; quiet < 3; ) {
    if (performance.now() > giveUpAt) throw new Error(`Cannot be opened: ${folded()[0]?.outerHTML ?? 'still drawing'}`);
    const buttons = folded();
    for (const button of buttons) button.click();
    await pause();
    const coming = section.querySelector(STILL_COMING);
    // What the server knows of a frame is asked for when it is near.
    coming?.scrollIntoView({ block: 'center' });
    quiet = buttons.length > 0 || coming ? 0 : quiet + 1;
    // Rows that are drawn while the browser has nothing to do come in now, and parts whose code is fetched.
    if (quiet === 0 && buttons.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // Focus shows a tooltip at once, where hovering would wait.
  const heads = section.querySelectorAll('[aria-label="Frames"] > li > :first-child *');
  for (const element of heads) {
    if (element.childElementCount === 0) element.dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
  }
  await pause();
}

/** The stack traces below `section`, each as its rows, oldest first. */
export function readTraces(section: Element, isNewestFirst: boolean): ShownFrame[][] {
  const named = ['Source', 'Variables', 'Registers'];
  /** What is seen, and with `withNames` also titles and the names of what has no text. Blocks are lines of their own. */
  const textOf = (roots: Iterable<Element>, { except = [] as string[], withNames = false } = {}) => {
    let text = '';
    const edges: number[] = [];
    const add = (piece: string) => {
      edges.push(text.length);
      text += piece;
      edges.push(text.length);
    };
    const walk = (node: Node): void => {
      if (node instanceof Text) add(node.data);
      if (!(node instanceof HTMLElement) || except.includes(node.getAttribute('aria-label') ?? '')) return;
      const { display, visibility } = getComputedStyle(node);
      if (display === 'none' || visibility === 'hidden') return;
      const isBlock = !display.startsWith('inline') && display !== 'contents';
      if (isBlock) add('\n');
      for (const child of node.childNodes) walk(child);
      if (withNames) for (const name of [node.title, node.ariaLabel]) if (name) add(`\n${name}\n`);
      if (isBlock) add('\n');
    };
    for (const root of roots) for (const child of root.childNodes) walk(child);
    return { text, edges };
  };
  const part = (row: Element, name: string) =>
    [...row.querySelectorAll(`[aria-label="${name}"]`)].filter((element) => element.checkVisibility());
  const readRow = (row: Element): ShownFrame => ({
    repeats: Number(
      /^Frame repeated (\d+) time/.exec(
        row.querySelector<HTMLElement>('[title^="Frame repeated"]')?.title ?? '',
      )?.[1] ?? 0,
    ),
    source: part(row, 'Source').flatMap((list) => [...list.querySelectorAll('code')].map((line) => textOf([line]))),
    variables: textOf(part(row, 'Variables')),
    registers: textOf(part(row, 'Registers')),
    other: textOf([row], { except: named, withNames: true }),
  });
  return [...section.querySelectorAll('[aria-label="Frames"]')].map((list) => {
    const rows = [...list.children].filter((row) => !/^Frames \d+ until \d+ were omitted/.test(row.textContent));
    return (isNewestFirst ? rows.reverse() : rows).map(readRow);
  });
}
