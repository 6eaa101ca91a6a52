import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { EndpointSettings } from '../../../server/ai/endpoint.ts';
import type { Endpoints } from '../../../server/ai/endpoints.ts';
import type { ModelPiece } from '../../../server/ai/model.ts';
import { createMetrics } from '../../../server/metrics/metrics.ts';
import { endpointsAt } from '../../fake-endpoints.ts';

export type Received = {
  path: string;
  headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  rawHeaders: string[];
  /** The body, as it came. */
  text: string;
  body: Record<string, unknown>;
};
type Answer = (response: ServerResponse, received: Received) => void;

const servers: Server[] = [];

/** An endpoint that answers its first request with the first of these, and so on; the last one again and again. */
export async function serve(...answers: Answer[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const { url: path = '', headers, rawHeaders } = request;
      const seen = { path, headers, rawHeaders, text, body: JSON.parse(text) };
      received.push(seen);
      answers[Math.min(received.length, answers.length) - 1]?.(response, seen);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : '';
  return { host: `127.0.0.1:${port}`, baseUrl: `http://127.0.0.1:${port}/v1`, received };
}

export async function closeServers(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

export const status =
  (code: number, body: unknown = { error: { message: 'no' } }, headers: Record<string, string> = {}): Answer =>
  (response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(text);
  };

/** A stream of these lines; an object is a chunk. It ends, unless the last is `open`. */
export const stream =
  (...lines: (object | string)[]): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const line of lines) {
      if (line === 'open') return;
      response.write(typeof line === 'string' ? line : `data: ${JSON.stringify(line)}\n\n`);
    }
    response.end();
  };
export const says = (content: string) => ({ choices: [{ delta: { content } }] });
export const ends = (reason: string) => ({ choices: [{ delta: {}, finish_reason: reason }] });
export const DONE = 'data: [DONE]\n\n';
export const ready = stream(says('ready'), ends('stop'), DONE);

const messages = [{ role: 'user' as const, content: 'What happened?' }];

/** Asks, and gathers all that came, the error included. */
export async function ask(settings: Partial<EndpointSettings>, signal = new AbortController().signal) {
  const metrics = createMetrics();
  const endpoints = endpointsAt(settings, { metrics, random: () => 0.5 });
  const answer = await gather(endpoints, signal);
  return { ...answer, endpoints, tries: metrics.counts().filter(({ key }) => key === 'ai.try') };
}

/** Asks the default one of these. */
export async function gather(endpoints: Endpoints, signal = new AbortController().signal) {
  const pieces: ModelPiece[] = [];
  let error: unknown = null;
  try {
    for await (const piece of endpoints.modelOf(endpoints.default).stream(messages, signal)) pieces.push(piece);
  } catch (thrown) {
    error = thrown;
  }
  return {
    pieces,
    error,
    text: pieces.map((piece) => (piece.type === 'text' ? piece.text : '')).join(''),
    waits: pieces.flatMap((piece) => (piece.type === 'waiting' ? [piece] : [])),
    usage: pieces.find((piece) => piece.type === 'usage'),
  };
}
