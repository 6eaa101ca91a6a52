import type * as z from 'zod/mini';
import type { IssueTag, tagValueSchema } from '../../../server/protocol/contract.ts';
import { shareOf } from './tag-share.ts';

type Value = z.infer<typeof tagValueSchema>;

/** A tag's values for a spreadsheet (RFC 4180). */
export function toCsv(tag: IssueTag, values: Value[]): string {
  const rows = values.map(({ value, count, firstSeen, lastSeen }) => [
    value,
    String(count),
    shareOf(count, tag.totalValues).toFixed(4),
    firstSeen ?? '',
    lastSeen ?? '',
  ]);
  return [[tag.key, 'events', 'share', 'first seen', 'last seen'], ...rows]
    .map((cells) => cells.map(toCell).join(','))
    .join('\r\n');
}

/** A stranger's text that begins like a formula would be worked out by the spreadsheet that it is pasted into. */
function toCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
