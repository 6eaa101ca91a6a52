/**
 * A register's value in both ways of writing it. Strings are hexadecimal with or without `0x`, numbers are numbers.
 * 64 bits are exact: Sentry's page reads them as JavaScript numbers, where `0xffffffffffffffff` becomes 2^64.
 * What is no number is shown as it came, in both.
 */
export function readRegister(value: string | number): { hexadecimal: string; decimal: string } {
  const number = toBigInt(value);
  if (number === null) return { hexadecimal: String(value), decimal: String(value) };
  const digits = (number < 0n ? -number : number).toString(16).padStart(16, '0');
  return { hexadecimal: `${number < 0n ? '-' : ''}0x${digits}`, decimal: number.toString() };
}

/** Null: no number. */
export function toBigInt(value: string | number): bigint | null {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : null;
  const digits = /^\s*(?:0x)?([0-9a-f]{1,128})\s*$/i.exec(value)?.[1];
  return digits ? BigInt(`0x${digits}`) : null;
}
