import type { ExtraProps } from 'react-markdown';
import { hasCommand } from './answer-commands.ts';
import { type Placeholders, putBack } from './answer-placeholders.ts';

type Element = NonNullable<ExtraProps['node']>;
type Child = Element['children'][number];
/** HTML, which is text here. */
type Raw = { type: 'raw'; value: string };
type Root = { type: 'root'; children: (Child | Raw)[] };

/** What holds words of its own, beside which a note has a place. */
const blocks = new Set(['p', 'li', 'td', 'th', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'dd']);
const inner = new Set([...blocks, 'ul', 'ol', 'pre', 'table', 'thead', 'tbody', 'tr', 'section', 'div', 'hr']);

/**
 * Marks an answer's tree, after Markdown is read: `mark` around what was put back for a placeholder, `small` after a command. Markdown makes neither element, so both are ours alone.
 */
export const markAnswer =
  ({ placeholders }: { placeholders: Placeholders }) =>
  (root: Root): void => {
    visit(root, placeholders);
  };

const isRaw = (child: Child | Raw): child is Raw => child.type === 'raw';

/** Also hold blocks alone. */
const holders = new Set(['li', 'blockquote', 'section', 'div']);

/** HTML becomes the words that it is shown as, so that they are marked as all others are; by itself it is a paragraph. */
function withoutHtml(parent: Root | Element): Child[] {
  const all: (Child | Raw)[] = parent.children;
  const isBlock =
    (parent.type === 'root' || holders.has(parent.tagName)) &&
    all.every((child) => child.type !== 'text' || child.value.trim() === '');
  return all.map((child): Child => {
    if (!isRaw(child)) return child;
    const text: Child = { type: 'text', value: child.value };
    return isBlock ? { type: 'element', tagName: 'p', properties: {}, children: [text] } : text;
  });
}

function visit(parent: Root | Element, placeholders: Placeholders): void {
  const children: Child[] = [];
  parent.children = withoutHtml(parent);
  for (const child of parent.children) {
    if (isRaw(child)) continue;
    if (child.type === 'text') children.push(...marked(child.value, placeholders));
    else children.push(child);
    if (child.type !== 'element') continue;
    // Blocks of code are drawn by themselves; an address, and the words that stand for it, stay as they were written.
    if (child.tagName === 'pre' || child.tagName === 'a' || child.tagName === 'img') continue;
    const isCommand = child.tagName === 'code' && hasCommand(textOf(child, false));
    visit(child, placeholders);
    if (isCommand) children.push(note());
  }
  // Before its own lists: the note belongs to the words.
  if (parent.type === 'element' && blocks.has(parent.tagName) && hasCommand(textOf(parent, true))) {
    const place = children.findIndex((child) => child.type === 'element' && inner.has(child.tagName));
    children.splice(place < 0 ? children.length : place, 0, note());
  }
  parent.children = children;
}

/** Words of an element; those of its blocks are theirs, and code that is a command has its own note. */
function textOf(element: Element, isBlock: boolean): string {
  return element.children
    .map((child): string => {
      if (child.type === 'text') return child.value;
      if (child.type !== 'element' || (isBlock && inner.has(child.tagName))) return '\n';
      if (child.tagName === 'br') return '\n';
      const text = textOf(child, isBlock) + shownOf(child);
      return isBlock && child.tagName === 'code' && hasCommand(text) ? ' ' : text;
    })
    .join('');
}

/** What is written beside a link's words, and in place of an image: a stranger's as well. */
function shownOf({ tagName, properties: { href, alt, src } }: Element): string {
  if (tagName !== 'a' && tagName !== 'img') return '';
  const shown = tagName === 'a' ? [href] : [alt, src];
  // An address may be written with `%20`.
  return shown.map((value) => (typeof value === 'string' ? ` ${value} ${readable(value)}` : '')).join('');
}

function readable(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return '';
  }
}

function marked(text: string, placeholders: Placeholders): Child[] {
  const segments = putBack(text, placeholders);
  if (segments.every(({ isPutBack }) => !isPutBack)) return [{ type: 'text', value: text }];
  return segments.map((segment): Child => {
    const child: Child = { type: 'text', value: segment.text };
    return segment.isPutBack ? { type: 'element', tagName: 'mark', properties: {}, children: [child] } : child;
  });
}

const note = (): Element => ({ type: 'element', tagName: 'small', properties: {}, children: [] });
