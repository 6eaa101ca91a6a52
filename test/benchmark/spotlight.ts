/**
 * Spotlight, Sentry's own viewer for development, beside ours: a 50-frame event in each, in turns, cold. It is installed for
 * this alone, into a temporary directory; where no registry can be reached, it is left out and that is said.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { waitFor } from '../server.ts';
import { type Figure, known, median, range } from './figures.ts';
import { type Goal, type Visit, visitCold } from './page-visit.ts';

const GOAL = 1 / 3;
const VERSION = '4.11.8';
/** With what it would take today, 4.13.19, it answers 500 to everything. */
const HONO = '4.12.25';
const INSTALL_MS = 120_000;
/** A frame of its stack trace. */
const FRAME = 'li[role="button"]';

type Ours = { url: string; goal: Goal; event: Record<string, unknown> };

/** @param ours where the same event is on our page */
export async function benchmarkSpotlight(browser: Browser, ours: Ours, rounds: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stackmend-spotlight-'));
  let child: ChildProcess | undefined;
  try {
    const missing = await install(folder);
    if (missing) return [known('details: Spotlight', `left out: ${missing}`)];
    const started = await start(folder);
    child = started.child;
    const theirs = { url: await give(started.url, ours.event), goal: { ...ours.goal, selector: FRAME } };
    const visits: Record<'ours' | 'theirs', Visit[]> = { ours: [], theirs: [] };
    // The first round is the start of both.
    for (let round = 0; round <= rounds; round += 1) {
      const [mine, other] = [
        await visitCold(browser, ours.url, ours.goal),
        await visitCold(browser, theirs.url, theirs.goal),
      ];
      if (round > 0) {
        visits.ours.push(mine);
        visits.theirs.push(other);
      }
    }
    return figuresOf(visits);
  } finally {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function figuresOf({ ours, theirs }: Record<'ours' | 'theirs', Visit[]>): Figure[] {
  const [mine, other] = [ours, theirs].map((visits) => visits.map(({ interactive }) => interactive)) as [
    number[],
    number[],
  ];
  const share = median(mine) / median(other);
  const words = (times: number[]) => `${Math.round(median(times))} ms (${range(times)})`;
  return [
    known(`details: 50 frames, cold, in Spotlight ${VERSION}`, words(other)),
    {
      name: 'details: 50 frames, cold, in ours',
      value: `${words(mine)}, ${(share * 100).toFixed(0)}% of it`,
      goal: 'at most a third',
      isMet: share <= GOAL,
    },
  ];
}

/** @returns why it could not be, or nothing */
async function install(folder: string): Promise<string | null> {
  const wanted = { dependencies: { '@spotlightjs/spotlight': VERSION }, overrides: { hono: HONO } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'spotlight-beside', private: true, ...wanted }));
  const npm = spawn('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: INSTALL_MS,
  });
  let said = '';
  npm.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise<number | string | null>((resolve) => {
    npm.once('error', (error) => resolve(error.message));
    npm.once('close', (exit, signal) => resolve(exit ?? signal));
  });
  return code === 0 ? null : `npm could not install it (${said.match(/E[A-Z_]{4,}/)?.[0] ?? code})`;
}

async function start(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const program = join(folder, 'node_modules', '@spotlightjs', 'spotlight', 'dist', 'run.js');
  const guard = pathToFileURL(join(import.meta.dirname, 'loopback-only.mjs')).href;
  const child = spawn(process.execPath, ['--import', guard, program, 'server', '-p', '0'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const port = await waitFor(() => /listening on (\d+)/.exec(said)?.[1]);
  // Its page asks at this name alone.
  const url = `http://localhost:${port}`;
  await waitFor(async () => (await fetch(url)).ok);
  return { child, url };
}

/** @returns the page of the event */
async function give(url: string, event: Record<string, unknown>): Promise<string> {
  const id = randomUUID().replaceAll('-', '');
  const header = { event_id: id, sent_at: new Date().toISOString(), sdk: { name: 'sentry.python', version: '2.40.0' } };
  const lines = [header, { type: 'event' }, { event_id: id, ...event }].map((part) => JSON.stringify(part));
  const response = await fetch(`${url}/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-sentry-envelope' },
    body: lines.join('\n'),
  });
  if (!response.ok) throw new Error(`Spotlight refused the event: ${response.status}`);
  return `${url}/telemetry/errors/${id}/details`;
}
