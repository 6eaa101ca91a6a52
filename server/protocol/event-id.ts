import { randomUUID } from 'node:crypto';

/** 32 lower-case hex digits, which is how we keep an event id. */
export function newEventId(): string {
  return randomUUID().replaceAll('-', '');
}

/**
 * Reads an id as clients write it: 32 hex digits, or a UUID with its dashes, in either case; null for anything else.
 * @see https://develop.sentry.dev/sdk/data-model/event-payloads/#required-attributes
 */
export function toEventId(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  // Nearly every id comes like this, and each envelope has one.
  if (/^[0-9a-f]{32}$/.test(value)) return value;
  const isDashed = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value);
  return isDashed || /^[0-9a-f]{32}$/i.test(value) ? value.replaceAll('-', '').toLowerCase() : null;
}
