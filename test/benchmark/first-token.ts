/**
 * What we add to an endpoint's own time to its first piece: the button's request to our server with the payload that was
 * shown, until the first piece is at its reader. The endpoint is of this process, so that one clock tells both sides.
 */
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { detailedEvent } from './details-events.ts';
import { type Figure, known, median, quantile, range } from './figures.ts';
import { figuresOfWaiting, LARGE } from './waiting.ts';

const GOAL_MS = 150;
/** The endpoint's own; a real one takes longer. */
const THINKING_MS = 100;
/** Five a second are taken. */
const BETWEEN_MS = 250;
const PROJECT = '/api/0/projects/stackmend/default';
const EVENT = { frames: 50, variables: 10, breadcrumbs: 100 };

export async function benchmarkFirstToken(rounds: number): Promise<Figure[]> {
  const endpoint = await startEndpoint();
  const server = await startServer({
    OPENAI_BASE_URL: endpoint.baseUrl,
    // Its tokenizer is loaded too.
    OPENAI_MODEL: 'gpt-5-mini',
    STACKMEND_AI_POLICY: 'allowed',
  });
  try {
    const event = detailedEvent('FirstTokenError', 1, EVENT);
    const path = `${eventPath(server, await store(server, event))}ai-fix-suggest/`;
    const cold = await ask(path, endpoint, { force: true });
    const shown = await fetch(`${path}payload/`);
    const { payloadId, tokens } = (await shown.json()) as { payloadId: string; tokens: number };
    const times: Record<'shown' | 'made', number[]> = { shown: [], made: [] };
    for (let round = 0; round < rounds; round++) {
      times.shown.push(await ask(path, endpoint, { payloadId, force: true }));
      times.made.push(await ask(path, endpoint, { force: true }));
    }
    return [...figures(times, cold, tokens), ...(await waiting(server, rounds))];
  } finally {
    endpoint.close();
    await server.stop();
  }
}

function figures({ shown, made }: Record<'shown' | 'made', number[]>, cold: number, tokens: number): Figure[] {
  const words = (times: number[]) =>
    `${Math.round(quantile(times, 0.95))} ms (median ${Math.round(median(times))}, ${range(times)})`;
  return [
    {
      name: `first token: ours over the endpoint's, p95`,
      value: words(shown),
      goal: `at most ${GOAL_MS} ms`,
      isMet: quantile(shown, 0.95) <= GOAL_MS,
    },
    known(`first token: with a payload of ${Math.round(tokens)} tokens made`, words(made)),
    known('first token: the first one of a server', `${Math.round(cold)} ms`),
  ];
}

/** @returns milliseconds until the first piece, less those of the endpoint */
async function ask(path: string, endpoint: { tookMs: () => number }, body: object): Promise<number> {
  await sleep(BETWEEN_MS);
  const startedAt = performance.now();
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok || !response.body) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  let text = '';
  let firstAt = 0;
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (firstAt === 0 && text.includes('event: delta')) firstAt = performance.now();
  }
  if (!text.includes('event: done')) throw new Error(`There was no whole answer: ${text.slice(0, 500)}`);
  return firstAt - startedAt - endpoint.tookMs();
}

/** @returns an endpoint that says how long it took, from the whole of the request to its first piece */
async function startEndpoint() {
  let tookMs = 0;
  const say = (response: ServerResponse, choice: object) =>
    response.write(`data: ${JSON.stringify({ choices: [choice] })}\n\n`);
  const server = createServer((request, response) => {
    request.resume().once('end', async () => {
      const askedAt = performance.now();
      await sleep(THINKING_MS);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      tookMs = performance.now() - askedAt;
      say(response, { delta: { content: '## Problem\n\n' } });
      await sleep(20);
      say(response, { delta: { content: 'It is negative.' } });
      say(response, { delta: {}, finish_reason: 'stop' });
      response.end('data: [DONE]\n\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : '';
  return { baseUrl: `http://127.0.0.1:${port}/v1`, tookMs: () => tookMs, close: () => server.close() };
}

/** What a small request waits for at most, while a large event is prepared. */
async function waiting(server: RunningServer, rounds: number): Promise<Figure[]> {
  const event = detailedEvent('LargeError', 1, LARGE);
  const path = eventPath(server, await store(server, event));
  const get = (address: string) => async () => {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address} answered ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  };
  return figuresOfWaiting(rounds, {
    probe: get(`${server.url}/_health/`),
    prepare: get(`${path}ai-fix-suggest/payload/`),
    read: get(path),
    bytes: JSON.stringify(event).length,
  });
}

const eventPath = ({ url }: RunningServer, id: string) => `${url}${PROJECT}/events/${id}/`;

/** @returns the id of an event that is stored */
async function store({ url, dsn }: RunningServer, event: object): Promise<string> {
  const key = new URL(dsn).username;
  const body = JSON.stringify(event);
  const sent = await fetch(`${url}/api/${new URL(dsn).pathname.slice(1)}/store/?sentry_key=${key}`, {
    method: 'POST',
    body,
  });
  const { id } = (await sent.json()) as { id: string };
  await waitFor(async () => (await fetch(`${url}${PROJECT}/events/${id}/`)).ok);
  return id;
}
