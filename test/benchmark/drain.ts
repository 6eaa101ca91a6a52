/** How many events a second a server digests that finds a full spool at its start, until the spool is empty. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import * as z from 'zod/mini';
import { openSpool } from '../../server/storage/spool.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { eventIdOf, stamp, templates } from './bodies.ts';
import { type Figure, known } from './figures.ts';
import { memoryOf, processorSeconds } from './memory.ts';

const GOAL = 1000;
const DEFAULT_PROJECT = 2;
const CHUNK = 500;
const MAX_MS = 120_000;

export type Drained = { figures: Figure[]; perSecond: number; server: RunningServer };

/**
 * @param name of the mixture, for the report
 * @param issues that the events belong to
 * @returns the server as well, still running, with the events in it
 */
export async function benchmarkDrain(name: string, events: number, issues: number): Promise<Drained> {
  const directory = mkdtempSync(join(tmpdir(), 'stackmend-bench-'));
  fillSpool(join(directory, 'spool.db'), events, issues);
  const server = await startServer({}, directory);
  const sqlite = new SQLite(join(directory, 'stackmend.db'), { readonly: true });
  const ask = (sql: string): number => z.number().parse(sqlite.prepare(sql).pluck().get());
  const mark = () => ask('SELECT spoolMark FROM digestState');
  const { pid } = server.process;
  const first = mark();
  const processorAtFirst = processorSeconds(pid);
  const start = performance.now();
  await waitFor(() => mark() >= events, MAX_MS);
  const perSecond = (events - first) / ((performance.now() - start) / 1000);
  const processorMs = ((processorSeconds(pid) - processorAtFirst) * 1000) / (events - first);
  const found = ask('SELECT count(*) FROM event');
  sqlite.close();
  const figures = [
    {
      name: `digested a second, ${name}`,
      value: `${Math.round(perSecond)}`,
      goal: `at least ${GOAL} on 4 cores`,
      isMet: perSecond >= GOAL,
    },
    known(`processor's time for each, ${name}`, `${processorMs.toFixed(2)} ms of all threads`),
    known(`memory at most, ${name}`, memoryOf(pid).peak),
    {
      name: `spooled, not stored, ${name}`,
      value: `${events - found} of ${events}`,
      goal: 'none',
      isMet: found === events,
    },
  ];
  return { figures, perSecond, server };
}

/** Before the server starts, so that digest finds all of them. */
function fillSpool(file: string, events: number, issues: number): void {
  const spool = openSpool(file);
  for (let from = 0; from < events; from += CHUNK) {
    const bodies = templates('plain', from, Math.min(from + CHUNK, events), issues);
    spool.append(
      bodies.map((body, index) => ({
        projectId: DEFAULT_PROJECT,
        eventId: eventIdOf(body, from + index),
        receivedAt: Date.now(),
        remoteAddress: '127.0.0.1',
        client: 'sentry.python/2.40.0',
        body: stamp(body, from + index),
      })),
    );
  }
  spool.close();
}
