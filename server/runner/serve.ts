import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createApp } from '../http/app.ts';
import { createIngest } from '../ingest/ingest.ts';
import { DEFAULT_LIMITS } from '../ingest/limits.ts';
import { formatDsn } from '../protocol/dsn.ts';
import { ConfigurationError } from '../protocol/errors.ts';
import { addressOf, isLoopback, type Settings } from '../settings/settings.ts';
import { createApiOf } from './api.ts';
import { configure } from './configure.ts';
import { type OpenMetrics, openMetrics } from './open-metrics.ts';
import { openServerServices, type ServerServices } from './services.ts';

const DIST = join(import.meta.dirname, '..', '..', 'dist');
/** The project whose DSN is printed: the first migration makes it. */
const DEFAULT_PROJECT = 2;
/** Answers under way are waited for, but not one that streams for minutes. */
const MAX_DRAIN_MS = 3000;
const MAX_CLOSING_MS = 8000;

const LISTEN_FAULTS: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (_, port) => `Port ${port} is taken: another Stackmend may be running. Set PORT to another one.`,
  EACCES: (_, port) => `Port ${port} may not be opened by this user. Set PORT to one above 1023.`,
  EADDRNOTAVAIL: (host) => `This machine has no address ${host}. Set HOST to 127.0.0.1.`,
};

const CLIENT_FAULTS: Record<string, [status: string, detail: string]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are larger than 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request comes too slowly.'],
};

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Listens, prints address, DSN and what to do next, and ends in order on SIGTERM and SIGINT. */
export async function serve(): Promise<void> {
  let closeMetrics = async () => {};
  const server = createServer();
  server.on('clientError', answerNoHttp);
  const open = holdRequests(server);
  const services = await configure(async ({ settings, log }) => {
    const measuring = await openMetrics(settings, log);
    closeMetrics = measuring.close;
    const address = await listen(server, settings);
    const opening = openServerServices(settings, address, measuring.metrics, (error) => log.error(error));
    const opened = await opening.catch((error: unknown) => {
      server.close();
      server.closeAllConnections();
      throw error;
    });
    open(createHandler(opened, settings, measuring, log));
    return opened;
  });
  const { url } = services;

  const [key] = await services.projects.keys(DEFAULT_PROJECT);
  process.stdout.write(
    `${greeting(url, key ? formatDsn({ url, publicKey: key.publicKey, projectId: DEFAULT_PROJECT }) : null)}\n`,
  );
  endOnSignal(async () => {
    await drain(server);
    await services.close();
    await closeMetrics();
  });
}

/** Plain `node:http` for ingest, in front of Express, which alone would cost half of what ingest accepts. */
function createHandler(services: ServerServices, settings: Settings, measuring: OpenMetrics, log: Logger): Handler {
  const { metrics, scrape } = measuring;
  const ingest = createIngest({
    append: services.append,
    findKey: services.projects.findKey,
    limits: {
      ...DEFAULT_LIMITS,
      maxPackedBytes: settings['ingest.max-packed-bytes'],
      maxUnpackedBytes: settings['ingest.max-unpacked-bytes'],
      maxEventBytes: settings['ingest.max-event-bytes'],
      maxInFlightBytes: settings['ingest.max-in-flight-bytes'],
    },
    metrics,
    now: Date.now,
    onError: (error) => log.error(error),
  });
  const logError = (message: string, error: unknown) => log.error(error, message);
  const app = createApp({
    api: createApiOf(services, settings, ingest.refused, metrics, logError),
    distDir: DIST,
    settings: { allowedHosts: [new URL(services.url).host], isLoopback: isLoopback(settings['http.host']) },
    log: logError,
    watching: {
      metrics,
      checkHealth: services.checkHealth,
      reading: { scrape, token: settings['metrics.token'] },
    },
  });
  return (request, response) => {
    if (!ingest.handle(request, response)) app(request, response);
  };
}

/** What Node's parser refuses never becomes a request; by itself Node answers without a word. */
function answerNoHttp({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || code === 'ECONNRESET') return void socket.destroy();
  const [status, detail] = CLIENT_FAULTS[code ?? ''] ?? ['400 Bad Request', 'This is no HTTP request.'];
  const body = JSON.stringify({ detail });
  const headers = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close`;
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`);
}

/** The port is taken before the services are there, since their links name it: what comes meanwhile waits. */
function holdRequests(server: Server): (handler: Handler) => void {
  const early: [IncomingMessage, ServerResponse][] = [];
  const hold: Handler = (request, response) => void early.push([request, response]);
  server.on('request', hold);
  return (handler) => {
    server.off('request', hold);
    server.on('request', handler);
    for (const [request, response] of early) handler(request, response);
  };
}

/** @returns where clients reach the server, without a slash at the end */
function listen(server: Server, settings: Settings): Promise<string> {
  const host = settings['http.host'];
  const port = settings['http.port'];
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = LISTEN_FAULTS[cause.code ?? '']?.(host, port);
      reject(message ? new ConfigurationError(message, { cause }) : cause);
    });
    server.listen(port, host.replace(/^\[|\]$/g, ''), () => {
      const bound = server.address();
      resolve(addressOf(settings, typeof bound === 'object' ? bound?.port : port));
    });
  });
}

const greeting = (url: string, dsn: string | null) =>
  [
    '',
    `  Stackmend   ${url}/`,
    ...(dsn ? [`  DSN         ${dsn}`] : []),
    '',
    '  Point a Sentry SDK at the DSN, or open the page: it has a snippet for each SDK, and sample events.',
    '  Stop with Ctrl-C.',
    '',
  ].join('\n');

/** Takes no more connections, and waits for the answers under way; clients that stay connected are told to go. */
async function drain(server: Server): Promise<void> {
  server.prependListener('request', (_, response) => response.setHeader('Connection', 'close'));
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  await Promise.race([closed, sleep(MAX_DRAIN_MS)]);
  clearInterval(sweep);
  server.closeAllConnections();
}

function endOnSignal(close: () => Promise<void>): void {
  let isEnding = false;
  const end = (signal: NodeJS.Signals) => {
    // A second Ctrl-C is somebody who will not wait; a SIGTERM after it is npm, which ends as well.
    if (isEnding && signal === 'SIGINT') process.exit(1);
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(1), MAX_CLOSING_MS).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
