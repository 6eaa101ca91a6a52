/** Dates as the partners write them: `2026-03-01`, `1.3.2026`, `03/01/2026`. */

export type Day = { year: number; month: number; day: number };

const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
const GERMAN = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

export function parseDay(text: string): Day {
  const trimmed = text.trim();
  const iso = ISO.exec(trimmed);
  if (iso) return { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) };
  const german = GERMAN.exec(trimmed);
  if (german) return { year: Number(german[3]), month: Number(german[2]), day: Number(german[1]) };
  const american = AMERICAN.exec(trimmed);
  if (american) return { year: Number(american[3]), month: Number(american[2]), day: Number(american[1]) };
  throw new SyntaxError(`No date: ${text}`);
}

export const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

/** At midnight UTC. */
export function toDate({ year, month, day }: Day): Date {
  return new Date(`${pad(year, 4)}-${pad(month)}-${pad(day)}T00:00:00Z`);
}
