/**
 * How many 20 KB events a second are accepted, each on disk before its 200, against a bare Node server that reads, unpacks
 * and JSON-parses the same bodies in memory. Both run all the time and are loaded in turns, in changing order, so that what
 * else the machine does hits both. Arguments: rounds (6), seconds each (4). Exits with 1 below the goal.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import type { BodyKind } from './ingest-bodies.ts';
import { createLoad, type LoadResult, startServer } from './load.ts';

const GOAL = 0.7;
const [rounds = 6, seconds = 4] = process.argv.slice(2).map(Number);
const QUERY =
  '?sentry_version=7&sentry_key=0123456789abcdef0123456789abcdef&sentry_client=sentry.javascript.node%2F11.12.0';

type Name = 'bare' | 'stackmend';
const folder = mkdtempSync(join(tmpdir(), 'stackmend-bench-'));
const load = createLoad(folder);
const servers = {
  bare: await startServer('bare-server.ts', []),
  stackmend: await startServer('ingest-server.ts', [folder]),
};
await new Promise((resolve) => setTimeout(resolve, 1_000));
const rest = servers.stackmend.memory().now;
const results: { name: Name; kind: BodyKind; round: number; result: LoadResult }[] = [];

try {
  console.log(`Load: ${load.name}. ${rounds} rounds of ${seconds} s each. Disk sync: ${diskSync()}.`);
  for (const kind of ['plain', 'gzip'] as const) {
    for (const name of ['bare', 'stackmend'] as const) await measure(name, kind, 1); // warm up
    for (let round = 0; round < rounds; round += 1) {
      const order: Name[] = round % 2 === 0 ? ['bare', 'stackmend'] : ['stackmend', 'bare'];
      for (const name of order) results.push({ name, kind, round, result: await measure(name, kind, seconds) });
    }
  }
  const ratios = (['plain', 'gzip'] as const).map(report);
  const { peak } = servers.stackmend.memory();
  console.log(`Memory: ${mebibytes(rest)} at rest, ${mebibytes(peak)} at most.`);
  const { stored, missing } = await countStored();
  console.log(`On disk: ${stored} events, ${missing} of the answered ones missing.`);
  if (ratios.some((ratio) => ratio < GOAL) || missing > 0) process.exitCode = 1;
} finally {
  await Promise.all([servers.bare.stop(), servers.stackmend.stop()]);
  rmSync(folder, { recursive: true });
}

function measure(name: Name, kind: BodyKind, duration: number): Promise<LoadResult> {
  return load.run(`http://127.0.0.1:${servers[name].port}/api/2/envelope/${QUERY}`, kind, duration);
}

/** @returns the median of the rounds' ratios */
function report(kind: BodyKind): number {
  const of = (name: Name): LoadResult[] =>
    results.filter((each) => each.kind === kind && each.name === name).map(({ result }) => result);
  const [bare, ours] = [of('bare').map(rate), of('stackmend').map(rate)];
  const byRound = ours.map((each, round) => each / (bare[round] ?? Number.NaN));
  const ratio = median(byRound);
  const failed = of('stackmend').reduce((sum, result) => sum + result.failed, 0);
  console.log(
    `${kind}: accepted ${Math.round(median(ours))}/s (${range(ours)}), bare ${Math.round(median(bare))}/s (${range(bare)}); ` +
      `ratio ${ratio.toFixed(2)} (${byRound.map((each) => each.toFixed(2)).join(' ')}), goal ${GOAL}; ` +
      `p99 ${median(of('stackmend').map(({ p99 }) => p99)).toFixed(0)} ms, bare ${median(of('bare').map(({ p99 }) => p99)).toFixed(0)} ms; ${failed} failed`,
  );
  return ratio;
}

/** Of answers with 200 alone. */
function rate({ answers, failed, seconds: took }: LoadResult): number {
  return (answers - failed) / took;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function range(values: number[]): string {
  return `${Math.round(Math.min(...values))}-${Math.round(Math.max(...values))}`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** What answered is on disk; the requests that were cut at the end of a round may be there as well. */
async function countStored(): Promise<{ stored: number; missing: number }> {
  const sqlite = new SQLite(join(folder, 'spool.db'), { readonly: true });
  const stored = Number(sqlite.prepare('SELECT count(*) FROM spool').pluck().get());
  sqlite.close();
  const accepted = results
    .filter(({ name }) => name === 'stackmend')
    .reduce((sum, { result }) => sum + result.answers - result.failed, 0);
  return { stored, missing: Math.max(0, accepted - stored) };
}

/** `synchronous` is of a connection; the spool's own is set when it is opened. */
function diskSync(): string {
  const sqlite = new SQLite(join(folder, 'spool.db'), { readonly: true });
  const mode = sqlite.pragma('journal_mode', { simple: true });
  sqlite.close();
  return `on (${mode}, synchronous=FULL)`;
}
