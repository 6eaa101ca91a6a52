import { lazily } from './lazily.ts';

const compact = lazily(() => new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }));
const exact = lazily(() => new Intl.NumberFormat('en'));

/** "1.2k"-like for a column, so that its width holds. */
export function formatCount(count: number | string): string {
  const value = Number(count);
  if (!Number.isFinite(value)) return String(count);
  return Number.isInteger(value) && Math.abs(value) < 1000 ? String(value) : compact().format(value).toLowerCase();
}

/** "1,234". Whole numbers by hand: the first formatter of a page takes 10 ms, and each issue has some numbers. */
export function formatExact(count: number | string): string {
  const value = Number(count);
  if (!Number.isFinite(value)) return String(count);
  return Number.isSafeInteger(value) ? String(value).replace(/\B(?=(?:\d{3})+$)/g, ',') : exact().format(value);
}

/** Bytes as people say them: `12.3 kB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`;
}
