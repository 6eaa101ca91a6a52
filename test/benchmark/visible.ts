/** How long after its 200 an event can be read, with events coming steadily. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningServer } from '../server.ts';
import { eventIdOf, stamp, templates } from './bodies.ts';
import { type Figure, known, median, quantile } from './figures.ts';

const GOAL_MS = 2000;
const TEMPLATES = 256;
/** Ids that no other part of the benchmark sends. */
const FIRST = 0xf0000000;
const SAMPLES_PER_SECOND = 10;
const ASK_AGAIN_MS = 10;

/** @param perSecond events sent a second, evenly */
export async function benchmarkVisible(server: RunningServer, perSecond: number, seconds: number): Promise<Figure[]> {
  const agent = new Agent({ keepAlive: true });
  const bodies = templates('plain', 0, TEMPLATES, TEMPLATES);
  const samples: Promise<number>[] = [];
  const sending: Promise<void>[] = [];
  const every = Math.max(1, Math.round(perSecond / SAMPLES_PER_SECOND));
  let refused = 0;

  async function send(number: number): Promise<void> {
    const body = bodies[number % TEMPLATES];
    if (!body) return;
    const status = await post(server, agent, stamp(body, FIRST + number));
    if (status !== 200) refused += 1;
    else if (number % every === 0) samples.push(untilVisible(server, eventIdOf(body, FIRST + number)));
  }

  const start = performance.now();
  for (let sent = 0; sent < perSecond * seconds; ) {
    const due = Math.min(perSecond * seconds, ((performance.now() - start) / 1000) * perSecond);
    for (; sent < due; sent += 1) sending.push(send(sent));
    await sleep(2);
  }
  const sentPerSecond = Math.round(sending.length / ((performance.now() - start) / 1000));
  await Promise.all(sending);
  const latencies = await Promise.all(samples);
  agent.destroy();
  const p99 = quantile(latencies, 0.99);
  return [
    known('visible: sent a second, half of what is digested', `${sentPerSecond}`),
    {
      name: 'visible: p99 from the 200 to a readable event',
      value: `${Math.round(p99)} ms (median ${Math.round(median(latencies))}, of ${latencies.length})`,
      goal: `under ${GOAL_MS} ms`,
      isMet: p99 < GOAL_MS,
    },
    { name: 'visible: refused', value: `${refused}`, goal: 'none', isMet: refused === 0 },
  ];
}

/** @returns milliseconds; infinite when it never is */
async function untilVisible({ url }: RunningServer, eventId: string): Promise<number> {
  const start = performance.now();
  while (performance.now() - start < 10 * GOAL_MS) {
    const answer = await fetch(`${url}/api/0/projects/stackmend/default/events/${eventId}/`);
    await answer.arrayBuffer();
    if (answer.ok) return performance.now() - start;
    await sleep(ASK_AGAIN_MS);
  }
  return Number.POSITIVE_INFINITY;
}

/** @returns the status; 0 when there was no answer */
function post({ url, dsn }: RunningServer, agent: Agent, body: Buffer): Promise<number> {
  const { username, pathname } = new URL(dsn);
  return new Promise((resolve) => {
    request(
      `${url}/api${pathname}/envelope/?sentry_version=7&sentry_key=${username}`,
      { method: 'POST', agent, headers: { 'Content-Length': body.byteLength } },
      (res) => res.resume().on('end', () => resolve(res.statusCode ?? 0)),
    )
      .on('error', () => resolve(0))
      .end(body);
  });
}
