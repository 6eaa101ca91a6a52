/**
 * Fifty frames through a map of 10 MB, the first time and the next times, and what that takes of memory; and how many
 * such events a second a server accepts while it maps them, against one that has no maps for them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import * as z from 'zod/mini';
import type { SymbolicateRequest } from '../../server/artifacts/symbolicate/answer.ts';
import { createSymbolicator } from '../../server/runner/symbolicator.ts';
import { createArtifactStore } from '../../server/storage/artifacts.ts';
import { migrate, openDatabase } from '../../server/storage/database.ts';
import { type RunningServer, startServer } from '../server.ts';
import { inTurns, rateOf } from './accept.ts';
import type { EventOf } from './bodies.ts';
import { type Figure, known, median, quantile } from './figures.ts';
import { buildLargeMap, FRAMES, type LargeMap } from './large-map.ts';
import { createLoad } from './load.ts';

const GOAL = 0.9;
const PROJECT = 2;
const DEBUG_ID = 'd0f3f72c-bf28-5e17-849e-e8e22d6f1fe6';
const CACHE_BYTES = 128 * 1024 * 1024;
const WARM_EVENTS = 200;
const WARM_UP_SECONDS = 2;

/** @param seconds of each turn */
export async function benchmarkSymbolicate(rounds: number, seconds: number): Promise<Figure[]> {
  const large = await buildLargeMap();
  return [...(await benchmarkThread(large)), ...(await benchmarkAccepting(large, rounds, seconds))];
}

async function benchmarkThread(large: LargeMap): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stackmend-bench-'));
  const file = join(folder, 'stackmend.db');
  const db = openDatabase(file);
  await migrate(db);
  await db.destroy();
  await store(file, large);
  const symbolicator = createSymbolicator({ file, cacheBytes: CACHE_BYTES });
  try {
    const nothing = { ...requestOf(large), stacks: [] };
    await symbolicator.symbolicate(nothing);
    const before = process.memoryUsage().rss;
    const times: number[] = [];
    let mapped = 0;
    for (let event = 0; event <= WARM_EVENTS; event += 1) {
      const start = performance.now();
      const { stacks } = await symbolicator.symbolicate(requestOf(large));
      times.push(performance.now() - start);
      mapped = stacks.flat().filter((frame) => frame?.status === 'mapped').length;
    }
    const [cold = Number.NaN, ...warm] = times;
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
    return [
      known('map, and its file', `${megabytes(Buffer.byteLength(large.map))}, ${megabytes(large.code.length)}`),
      {
        name: 'frames mapped',
        value: `${mapped} of ${FRAMES}`,
        goal: 'all',
        isMet: mapped === FRAMES,
      },
      known(`${FRAMES} frames, cold`, `${cold.toFixed(0)} ms`),
      known(`${FRAMES} frames, warm`, `${median(warm).toFixed(2)} ms, p99 ${quantile(warm, 0.99).toFixed(1)} ms`),
      known('memory that it takes', `${Math.round((process.memoryUsage().rss - before) / 2 ** 20)} MiB`),
    ];
  } finally {
    await symbolicator.close();
    rmSync(folder, { recursive: true });
  }
}

async function store(file: string, { code, map, url }: LargeMap): Promise<void> {
  const db = openDatabase(file, { mustExist: true });
  const common = { debugId: DEBUG_ID, sourceMapUrl: null };
  await createArtifactStore(db).addBundle({
    projectId: PROJECT,
    bundleId: crypto.randomUUID(),
    checksum: crypto.randomUUID(),
    release: null,
    dist: null,
    files: [
      { ...common, url, type: 'minified_source', bytes: Buffer.from(code) },
      { ...common, url: `${url}.map`, type: 'source_map', bytes: Buffer.from(map) },
    ],
  });
  await db.destroy();
}

/** Frames of the whole file. */
function requestOf({ url, frames: all }: LargeMap): SymbolicateRequest {
  const frames = Array.from({ length: FRAMES }, (_, at) => all[Math.floor((at * all.length) / FRAMES)]).flatMap(
    (frame) => frame ?? [],
  );
  return { projectId: PROJECT, release: null, dist: null, debugIds: [[url, DEBUG_ID]], stacks: [frames] };
}

/** Two servers, the same events, the same load in turns. Each event has other frames of the file. */
async function benchmarkAccepting(large: LargeMap, rounds: number, seconds: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stackmend-bench-'));
  const load = createLoad(folder, eventsOf(large));
  const [mapping, plain] = [await startServer(), await startServer()];
  try {
    await store(join(mapping.directory, 'stackmend.db'), large);
    const targets = { plain: targetOf(plain), mapping: targetOf(mapping) };
    const results = await inTurns(targets, rounds, (target, turn) =>
      load.run(target.url, 'plain', turn < 0 ? WARM_UP_SECONDS : seconds),
    );
    const ratios = results.mapping.map((result, turn) => rateOf(result) / rateOf(results.plain[turn] ?? result));
    const ratio = median(ratios);
    const failed = results.mapping.reduce((sum, result) => sum + result.failed, 0);
    const rate = (name: keyof typeof results) => `${Math.round(median(results[name].map(rateOf)))}`;
    return [
      known('accepted a second, mapping and not', `${rate('mapping')}, ${rate('plain')}`),
      known('digested meanwhile, mapping and not', `${digestedBy(mapping)}, ${digestedBy(plain)}`),
      {
        name: 'accepted, mapping / not mapping',
        value: `${ratio.toFixed(2)} (${ratios.map((each) => each.toFixed(2)).join(' ')})`,
        goal: `at least ${GOAL}`,
        isMet: ratio >= GOAL,
      },
      { name: 'refused or failed while mapping', value: `${failed}`, goal: 'none', isMet: failed === 0 },
      mappedBy(mapping, rounds + 1),
    ];
  } finally {
    await Promise.all([mapping.stop(), plain.stop()]);
    rmSync(folder, { recursive: true });
  }
}

function targetOf(server: RunningServer) {
  const { username, pathname } = new URL(server.dsn);
  const path = `/api${pathname}/envelope/?sentry_version=7&sentry_key=${username}&sentry_client=sentry.javascript.browser%2F11.12.0`;
  return { url: server.url + path, process: server.process };
}

function eventsOf({ url, frames }: LargeMap): EventOf {
  const chosen = (random: () => number) => frames[Math.floor(random() * frames.length)] ?? [];
  return (random, index, issue) => ({
    timestamp: Date.now() / 1000,
    platform: 'javascript',
    debug_meta: { images: [{ type: 'sourcemap', code_file: url, debug_id: DEBUG_ID }] },
    request: {
      url: `https://shop.example/checkout/${index}/`,
      headers: { 'User-Agent': 'Mozilla/5.0 Chrome/140.0.0.0' },
    },
    exception: {
      values: [
        {
          type: `Error${issue}`,
          value: `amount ${index} must be positive`,
          mechanism: { type: 'generic', handled: false },
          stacktrace: {
            frames: Array.from({ length: FRAMES }, () => chosen(random))
              .flat()
              .map(({ line, column, function: name }) => ({
                filename: url,
                function: name,
                lineno: line,
                colno: column,
                in_app: true,
              })),
          },
        },
      ],
    },
  });
}

function digestedBy({ directory }: RunningServer): number {
  return one(directory, 'SELECT count(*) FROM event');
}

/**
 * Every event of the load is one of a function that a map named: the culprit of the others is in the bundle. Whoever is
 * being mapped when the server is stopped for a turn is out of time when it goes on.
 */
function mappedBy({ directory }: RunningServer, turns: number): Figure {
  const all = one(directory, 'SELECT count(*) FROM event');
  const mapped = all - one(directory, "SELECT count(*) FROM event WHERE culprit LIKE '%large.js%'");
  return {
    name: 'mapped of those digested',
    value: `${mapped} of ${all}`,
    goal: 'all, but for one a turn',
    isMet: all > 0 && all - mapped <= turns,
  };
}

function one(directory: string, statement: string): number {
  const sqlite = new SQLite(join(directory, 'stackmend.db'), { readonly: true });
  const value = z.number().parse(sqlite.prepare(statement).pluck().get());
  sqlite.close();
  return value;
}
