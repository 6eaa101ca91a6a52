import { adopt, annotate, invalid } from './place.ts';
import type { Reader } from './read.ts';

const CANONICAL = /^0x[0-9a-f]+$/;
const HEX = /^0x[0-9a-f]+$/i;
const DECIMAL = /^\d+$/;

/** A 64-bit address as `0x` and lower-case hex: from hex text (its leading zeros stay), decimal text or a number. */
export const address: Reader<string> = addressOf(16, 20);

/** As an address, but as wide as the widest vector register, 512 bits. */
export const registerValue: Reader<string> = addressOf(128, 155);

function addressOf(maxHexDigits: number, maxDecimalDigits: number): Reader<string> {
  return (value, place, key) => {
    adopt(place, key);
    if (typeof value === 'string') {
      const trimmed = value.trim();
      if (trimmed.length <= maxHexDigits + 2 && CANONICAL.test(trimmed)) return trimmed;
      if (trimmed.length <= maxHexDigits + 2 && HEX.test(trimmed)) return trimmed.toLowerCase();
      if (trimmed.length <= maxDecimalDigits && DECIMAL.test(trimmed)) {
        const hex = BigInt(trimmed).toString(16);
        if (hex.length <= maxHexDigits) return `0x${hex}`;
      }
    }
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 64) {
      if (!Number.isSafeInteger(value)) {
        annotate(place, [key], {
          err: [['invalid_data', { reason: 'a JSON number beyond 2^53 has lost its last bits' }]],
        });
      }
      return `0x${BigInt(value).toString(16)}`;
    }
    return invalid(place, [key], value, 'expected an address: 0x and hex digits, or decimal digits');
  };
}
