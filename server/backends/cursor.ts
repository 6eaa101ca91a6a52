import { BadRequestError } from '../protocol/errors.ts';

/**
 * A place in a list sorted by a number and, where that is equal, by an id: `value:id:isPrevious`, in the three parts of
 * Sentry's cursors. It names the row, not an offset, so that pages do not shift when rows are inserted.
 */
export type Cursor = { value: number; id: string; isPrevious: boolean };
type PageLink = { cursor: string; results: boolean };
/** `hits`: all that match, up to the bound that the list states; null where nobody counted. */
export type Page<T> = { items: T[]; next: PageLink; previous: PageLink; hits: number | null };

/** @throws {BadRequestError} the text is no cursor of ours */
export function parseCursor(text: string | null | undefined): Cursor | null {
  if (!text) return null;
  const match = /^(-?\d{1,16}):([\w-]{0,4000}):([01])$/.exec(text);
  if (!match)
    throw new BadRequestError(`"${text.slice(0, 100)}" is no cursor. Take it from the Link header of the page before.`);
  return { value: Number(match[1]), id: match[2] ?? '', isPrevious: match[3] === '1' };
}

/**
 * Makes a page of rows that were read in the cursor's direction, one more than `limit` to know whether more follow.
 * @param place the sort value and id of an item, as the query compares them
 */
export function toPage<T>(
  rows: T[],
  limit: number,
  cursor: Cursor | null,
  place: (item: T) => { value: number; id: string | number },
  hits: number | null = null,
): Page<T> {
  const hasMore = rows.length > limit;
  const items = rows.slice(0, limit);
  const backwards = cursor?.isPrevious ?? false;
  if (backwards) items.reverse();
  const first = items[0];
  const last = items.at(-1);
  const at = (item: T | undefined, flag: 0 | 1) => {
    const { value, id } = item ? place(item) : (cursor ?? { value: 0, id: '0' });
    return `${value}:${id}:${flag}`;
  };
  return {
    items,
    hits,
    next: { cursor: at(last, 0), results: backwards ? cursor !== null : hasMore },
    previous: { cursor: at(first, 1), results: backwards ? hasMore : cursor !== null },
  };
}
