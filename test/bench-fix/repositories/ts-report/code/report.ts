import { parseDay, toDate } from './dates.ts';

export type Sale = { partner: string; date: string; cents: number };
export type Week = { week: string; cents: number; sales: number };

const DAY_MS = 24 * 3600 * 1000;

/** The Monday of the week that a day is in. */
function mondayOf(date: Date): Date {
  const weekday = (date.getUTCDay() + 6) % 7;
  return new Date(date.getTime() - weekday * DAY_MS);
}

function weekOf(sale: Sale): string {
  const monday = mondayOf(toDate(parseDay(sale.date)));
  return monday.toISOString().slice(0, 10);
}

/** Sales by week, oldest first. */
export function weeks(sales: Sale[]): Week[] {
  const found = new Map<string, Week>();
  for (const sale of sales) {
    const name = weekOf(sale);
    const week = found.get(name) ?? { week: name, cents: 0, sales: 0 };
    week.cents += sale.cents;
    week.sales += 1;
    found.set(name, week);
  }
  return [...found.values()].sort((a, b) => a.week.localeCompare(b.week));
}
