import { annotationOf, metaAt } from './annotated-text-meta.ts';

/** One item of a list or key of an object, with its `_meta`. */
export type Part = { key: string; value: unknown; meta: unknown };

/** The parts that are there, then those that only `_meta` still knows: something stood there and was taken out. */
export function partsOf(value: unknown, meta: unknown): Part[] {
  if (typeof value !== 'object' || value === null) return [];
  const present = Object.entries(value).map(([key, part]) => ({ key, value: part, meta: metaAt(meta, key) }));
  return [...present, ...removedParts(value, meta)];
}

function removedParts(value: object, meta: unknown): Part[] {
  return Object.keys(typeof meta === 'object' && meta !== null ? meta : {}).flatMap((key) => {
    const child = metaAt(meta, key);
    return key === '' || Object.hasOwn(value, key) || !annotationOf(child) ? [] : [{ key, value: null, meta: child }];
  });
}

/** `order.items[2].sku`: how code would name the part; a key that is no name is written `order["ship to"]`. */
export function pathTo(parent: string, key: string, isItem: boolean): string {
  if (isItem) return `${parent}[${key}]`;
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}

/** A value as it is copied: a text as it is, all else as JSON. */
export const copyTextOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');

/** What a search found, by its path. */
export type Found = { path: string; value: unknown; meta: unknown };

const mostLooked = 50_000;

/**
 * The values within `root` whose path or text has the words searched for, no matter how they are written; of a list or object
 * whose own key has them the whole. Stops at `most` finds, and after 50,000 values, which one event can have.
 */
export function findParts(root: Record<string, unknown>, meta: unknown, search: string, most: number): Found[] {
  const wanted = search.trim().toLowerCase();
  const found: Found[] = [];
  const rooted = ({ key, ...part }: Part): Waiting => ({ path: key, key, ...part });
  // A stack of its own: nesting is as deep as whoever sent the event liked.
  const waiting = partsOf(root, meta).map(rooted).reverse();
  for (let looked = 0; looked < mostLooked && found.length < most; looked++) {
    const part = waiting.pop();
    if (!part) break;
    const { path, key, value } = part;
    const isNamed = key.toLowerCase().includes(wanted) || (wanted.length > 1 && path.toLowerCase().endsWith(wanted));
    const parts = isNamed ? [] : partsOf(value, part.meta);
    if (isNamed || (parts.length === 0 && leafText(value).includes(wanted)))
      found.push({ path, value, meta: part.meta });
    const isList = Array.isArray(value);
    for (const child of parts.reverse()) waiting.push({ ...child, path: pathTo(path, child.key, isList) });
  }
  return found;
}

type Waiting = Found & { key: string };
const leafText = (value: unknown) => (typeof value === 'object' ? '' : String(value).toLowerCase());
