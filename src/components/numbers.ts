import { lazily } from './lazily.ts';

const compact = lazily(() => new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }));
const exact = lazily(() => new Intl.NumberFormat('en'));

/** Both formats leave it as it is: most counts, which then wait for no formatter. */
const isShort = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 1000;

/** "1.2k"-like for a column, so that its width holds. */
export function formatCount(count: number | string): string {
  const value = Number(count);
  if (!Number.isFinite(value)) return String(count);
  return isShort(value) ? String(value) : compact().format(value).toLowerCase();
}

export function formatExact(count: number | string): string {
  const value = Number(count);
  if (!Number.isFinite(value)) return String(count);
  return isShort(value) ? String(value) : exact().format(value);
}

/** Bytes as people say them: `12.3 kB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`;
}
