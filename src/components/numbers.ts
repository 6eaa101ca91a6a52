const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat('en');

/** "1.2k"-like for a column, so that its width holds. */
export function formatCount(count: number | string): string {
  const value = Number(count);
  return Number.isFinite(value) ? compact.format(value).toLowerCase() : String(count);
}

export function formatExact(count: number | string): string {
  const value = Number(count);
  return Number.isFinite(value) ? exact.format(value) : String(count);
}

/** Bytes as people say them: `12.3 kB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`;
}
