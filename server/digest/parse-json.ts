import type { Json } from '../protocol/event.ts';

/** A number of 16 digits or more, in value position; the same inside a string costs time and changes nothing. */
const LONG_NUMBER = /[:[,]\s*-?\d{16,}/;
const INTEGER = /^-?\d+$/;

/**
 * Parses JSON, exactly: an integer that a double cannot hold (a 64-bit address, a snowflake id) becomes a string of its
 * digits. Only a text that has such a number pays for it.
 *
 * @throws {SyntaxError} the text is not JSON
 */
export function parseJson(text: string): Json {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  try {
    return JSON.parse(text, keepDigits);
  } catch (error) {
    // A reviver walks recursively: nested deeper than the stack, the text is parsed without it.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && INTEGER.test(source) ? source : value;
}
