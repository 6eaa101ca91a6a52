import type { Json } from '../../protocol/event.ts';
import { adopt, invalid } from './place.ts';
import type { Reader } from './read.ts';

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)([.,]\d{1,12})?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/i;
const NUMBER = /^\d{1,17}(\.\d{1,12})?$/;
/** Seconds up to here are years before 5138; what is larger was meant as milliseconds. */
const MAX_SECONDS = 1e11;
const MAX_MILLISECONDS = 1e14;

/**
 * Seconds since the epoch of an RFC 3339 text (without a zone it is UTC), of epoch seconds as number or text, or of
 * epoch milliseconds.
 *
 * @returns null for anything else
 */
export function parseTimestamp(value: Json | undefined): number | null {
  if (typeof value === 'number') return toSeconds(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (NUMBER.test(text)) return toSeconds(Number(text));
  const match = ISO.exec(text);
  if (!match) return null;
  const [, date, time, fraction, zone] = match;
  const offset = zone
    ? zone.toUpperCase().replace(/^([+-]\d\d):?(\d\d)?$/, (_, hours, minutes) => `${hours}:${minutes ?? '00'}`)
    : 'Z';
  const seconds = Date.parse(`${date}T${time}${offset}`) / 1000;
  if (!Number.isFinite(seconds) || seconds < 0) return null;
  return fraction ? toMicroseconds(seconds + Number(`0.${fraction.slice(1)}`)) : seconds;
}

function toSeconds(value: number): number | null {
  if (!(value >= 0 && value < MAX_MILLISECONDS)) return null;
  return toMicroseconds(value > MAX_SECONDS ? value / 1000 : value);
}

function toMicroseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

export const timestamp: Reader<number> = (value, place, key) => {
  adopt(place, key);
  return parseTimestamp(value) ?? invalid(place, [key], value, 'expected a time: RFC 3339, or seconds since the epoch');
};
