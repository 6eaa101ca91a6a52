import * as z from 'zod/mini';
import type { Event } from '../../../server/protocol/contract.ts';
import { metaAt } from '../../components/annotated-text-meta.ts';

/** For items that are read field by field. */
export const anything: z.ZodMiniType<unknown> = z.unknown();

type Found = { data: unknown; meta: unknown };
/** A part of an event that could be read, or as it was sent. */
export type Read<T> =
  | { data: T; unreadable?: never; meta: unknown }
  | { data?: never; unreadable: Found; meta: unknown };

function findEntry(event: Event, type: string): Found | null {
  const index = event.entries.findIndex((entry) => entry.type === type);
  return index < 0 ? null : { data: event.entries[index]?.data, meta: metaAt(event._meta, 'entries', index, 'data') };
}

function readOne<T>(found: Found, schema: z.ZodMiniType<T>): Read<T> {
  const parsed = schema.safeParse(found.data);
  return parsed.success ? { data: parsed.data, meta: found.meta } : { unreadable: found, meta: found.meta };
}

/** One entry of an event with its `_meta`; null when the event has none of the type. */
export function readEntry<T>(event: Event, type: string, schema: z.ZodMiniType<T>): Read<T> | null {
  const found = findEntry(event, type);
  return found && readOne(found, schema);
}

/** As `readEntry`, for who has no use for an entry that cannot be read. */
export function entryOf<T>(event: Event, type: string, schema: z.ZodMiniType<T>): { data: T; meta: unknown } | null {
  const read = readEntry(event, type, schema);
  return read && !read.unreadable ? read : null;
}

/**
 * The items of an entry that is a list, each read by itself: one that is not of its shape does not hide the others.
 *
 * @param list the entry's key that holds them: `values`, `images`
 */
export function readItems<T>(event: Event, type: string, list: string, schema: z.ZodMiniType<T>): Read<T>[] {
  const found = findEntry(event, type);
  if (!found) return [];
  const items = metaAt(found.data, list);
  if (items === null || items === undefined) return [];
  if (!Array.isArray(items)) return [{ unreadable: found, meta: found.meta }];
  return items.map((data: unknown, index) => readOne({ data, meta: metaAt(found.meta, list, index) }, schema));
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

/** An SDK may send an object of nothing but nulls. */
export function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === null || value === undefined || value === '';
}

/** An object by its keys, not a list. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
