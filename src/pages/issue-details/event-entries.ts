import type * as z from 'zod/mini';
import type { Event } from '../../../server/protocol/contract.ts';
import { metaAt } from '../../components/annotated-text-meta.ts';

/** One entry of an event with its `_meta`; null when the event has none of the type, or one that cannot be read. */
export function entryOf<T>(event: Event, type: string, schema: z.ZodMiniType<T>): { data: T; meta: unknown } | null {
  const index = event.entries.findIndex((entry) => entry.type === type);
  const parsed = schema.safeParse(event.entries[index]?.data);
  return index >= 0 && parsed.success
    ? { data: parsed.data, meta: metaAt(event._meta, 'entries', index, 'data') }
    : null;
}

/** The keys of an object as rows; those that only `_meta` still knows say that something was taken out. */
export function rowsOf(value: Record<string, unknown> | null | undefined, meta: unknown) {
  const present = Object.entries(value ?? {});
  const removed = Object.keys(typeof meta === 'object' && meta !== null ? meta : {})
    .filter((key) => key !== '' && !Object.hasOwn(value ?? {}, key))
    .map((key): [string, unknown] => [key, null]);
  return [...present, ...removed].map(([key, each]) => ({ key, value: each, meta: metaAt(meta, key) }));
}

/** Names and values in the order of the wire, with the `_meta` of each value. */
export function rowsOfPairs(pairs: [string, string | null][] | null | undefined, meta: unknown) {
  return (pairs ?? []).map(([key, value], index) => ({ key, value, meta: metaAt(meta, index, 1) }));
}
