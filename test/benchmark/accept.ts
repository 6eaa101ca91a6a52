/**
 * How many 20 KB events a second the whole server accepts, each on disk before its 200 and digest working all the while,
 * against a bare Node server that reads, unpacks and JSON-parses the same bodies in memory. They are loaded in turns, in
 * changing order; who has no turn is stopped, so that a backlog of ours takes nothing from the bare server.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import * as z from 'zod/mini';
import { startServer } from '../server.ts';
import type { BodyKind } from './bodies.ts';
import { type Figure, known, median, range } from './figures.ts';
import { createLoad, type LoadResult } from './load.ts';
import { memoryOf } from './memory.ts';

const GOAL = 0.7;
const WARM_UP_SECONDS = 2;
const IDLE_MS = 3000;

export type Target = { url: string; process: ChildProcess };
type Rounds<Name extends string> = Record<Name, LoadResult[]>;

/** @param seconds of each turn */
export async function benchmarkAccept(rounds: number, seconds: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stackmend-bench-'));
  const load = createLoad(folder);
  const bare = await startBare();
  const figures = [known('load', load.name), known('disk sync', 'on: WAL, synchronous=FULL')];
  try {
    for (const kind of ['plain', 'gzip'] as const) {
      const server = await startServer();
      try {
        await sleep(IDLE_MS);
        if (kind === 'plain') figures.push(known('memory at rest', memoryOf(server.process.pid).now));
        const { username, pathname } = new URL(server.dsn);
        const path = `/api${pathname}/envelope/?sentry_version=7&sentry_key=${username}&sentry_client=sentry.python%2F2.40.0`;
        const targets = {
          bare: { url: bare.url + path, process: bare.process },
          ours: { url: server.url + path, process: server.process },
        };
        const all: LoadResult[] = [];
        const results = await inTurns(
          targets,
          rounds,
          (target, turn) => load.run(target.url, kind, turn < 0 ? WARM_UP_SECONDS : seconds),
          (name, result) => name === 'ours' && all.push(result),
        );
        figures.push(...figuresOf(kind, results), await stored(server.directory, all));
        figures.push(known(`memory at most, ${kind}`, memoryOf(server.process.pid).peak));
      } finally {
        await server.stop();
      }
    }
  } finally {
    bare.process.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
  return figures;
}

/**
 * Loads one after the other, each time the other way round; who has no turn is stopped. Turn -1 warms up.
 *
 * @param told of every turn, the one that warms up as well
 */
export async function inTurns<Name extends string>(
  targets: Record<Name, Target>,
  rounds: number,
  run: (target: Target, turn: number) => Promise<LoadResult>,
  told: (name: Name, result: LoadResult) => void = () => {},
): Promise<Rounds<Name>> {
  const entries = Object.entries(targets) as [Name, Target][];
  const results = Object.fromEntries(entries.map(([name]) => [name, [] as LoadResult[]])) as Rounds<Name>;
  for (const [, { process }] of entries) process.kill('SIGSTOP');
  try {
    for (let turn = -1; turn < rounds; turn += 1) {
      for (const [name, target] of turn % 2 === 0 ? entries : entries.toReversed()) {
        target.process.kill('SIGCONT');
        const result = await run(target, turn);
        target.process.kill('SIGSTOP');
        if (turn >= 0) results[name].push(result);
        told(name, result);
      }
    }
  } finally {
    // A stopped process hears no other signal.
    for (const [, { process }] of entries) process.kill('SIGCONT');
  }
  return results;
}

function figuresOf(kind: BodyKind, { bare, ours }: Rounds<'bare' | 'ours'>): Figure[] {
  const ratios = ours.map((result, turn) => rateOf(result) / (bare[turn] ? rateOf(bare[turn]) : Number.NaN));
  const ratio = median(ratios);
  const rates = (results: LoadResult[]) => `${Math.round(median(results.map(rateOf)))} (${range(results.map(rateOf))})`;
  const p99 = (results: LoadResult[]) => `${Math.round(median(results.map((result) => result.p99)))} ms`;
  const failed = ours.reduce((sum, result) => sum + result.failed, 0);
  return [
    known(`accepted a second, ${kind}`, rates(ours)),
    known(`bare server, ${kind}`, rates(bare)),
    {
      name: `accepted / bare, ${kind}`,
      value: `${ratio.toFixed(2)} (${ratios.map((each) => each.toFixed(2)).join(' ')})`,
      goal: `at least ${GOAL}`,
      isMet: ratio >= GOAL,
    },
    known(`p99 of accepting, ${kind}`, `${p99(ours)}, bare ${p99(bare)}`),
    { name: `refused or failed, ${kind}`, value: `${failed}`, goal: 'none', isMet: failed === 0 },
  ];
}

/** Of answers with 200 alone. */
export function rateOf({ answers, failed, seconds }: LoadResult): number {
  return (answers - failed) / seconds;
}

/** What was answered is on disk, still spooled or digested; what was cut at the end of a turn may be there as well. */
async function stored(directory: string, results: LoadResult[]): Promise<Figure> {
  const sqlite = new SQLite(join(directory, 'spool.db'), { readonly: true });
  const spooled = z
    .number()
    .parse(sqlite.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'spool'").pluck().get());
  sqlite.close();
  const answered = results.reduce((sum, result) => sum + result.answers - result.failed, 0);
  const missing = Math.max(0, answered - spooled);
  return { name: 'answered, not on disk', value: `${missing} of ${answered}`, goal: 'none', isMet: missing === 0 };
}

async function startBare(): Promise<Target> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    const { port } = z.object({ port: z.number() }).parse(JSON.parse(line));
    return { url: `http://127.0.0.1:${port}`, process: child };
  }
  throw new Error('The bare server ended without listening.');
}
