import { type Sale, weeks } from './report.ts';

const sales: Sale[] = [
  { partner: 'Nord', date: '2026-03-02', cents: 12900 },
  { partner: 'Süd', date: '4.3.2026', cents: 4900 },
  { partner: 'West', date: '03/28/2026', cents: 7800 },
];

console.log(weeks(sales));
