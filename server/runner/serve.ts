import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createSetupLink, type SetupLink } from '../auth/setup-link.ts';
import { createApp } from '../http/app.ts';
import { withoutPrefix } from '../http/prefix.ts';
import { createSessionCookie } from '../http/session-cookie.ts';
import { createClientAddress } from '../ingest/client-address.ts';
import { createIngest } from '../ingest/ingest.ts';
import { DEFAULT_LIMITS } from '../ingest/limits.ts';
import { formatDsn } from '../protocol/dsn.ts';
import { ConfigurationError } from '../protocol/errors.ts';
import { NO_SDK, type Sdk } from '../sdk/configure-sdk.ts';
import { addressOf, isLoopback, type Settings } from '../settings/settings.ts';
import { createApiOf } from './api.ts';
import { configure } from './configure.ts';
import { describeStart } from './greeting.ts';
import type { SetupServices } from './initialize-app.ts';
import { machineAddresses } from './machine-addresses.ts';
import { type OpenMetrics, openMetrics } from './open-metrics.ts';
import { connectRelay, createLogError, createOnError, openSdk } from './open-sdk.ts';
import { openServerServices, type ServerServices, type Services } from './services.ts';

const DIST = join(import.meta.dirname, '..', '..', 'dist');
/** The project whose DSN is printed: the first migration makes it. */
const DEFAULT_PROJECT = 2;
/** Answers under way are waited for, but not one that streams for minutes. */
const MAX_DRAIN_MS = 3000;
const MAX_REPORTING_MS = 2000;
const MAX_CLOSING_MS = 8000;
const DAY_MS = 24 * 60 * 60_000;

const LISTEN_FAULTS: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (_, port) => `Port ${port} is taken: another Stackmend may be running. Set PORT to another one.`,
  EACCES: (_, port) => `Port ${port} may not be opened by this user. Set PORT to one above 1023.`,
  EADDRNOTAVAIL: (host) => `This machine has no address ${host}. Set HOST to 127.0.0.1.`,
  ENOTFOUND: describeUnknownName,
  EAI_AGAIN: describeUnknownName,
};

function describeUnknownName(host: string): string {
  return `There is no address of the name ${host}. Set HOST to 127.0.0.1, or 0.0.0.0 for every address.`;
}

const CLIENT_FAULTS: Record<string, [status: string, detail: string]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are larger than 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request comes too slowly.'],
};

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Listens, prints address, DSN and what to do next, and ends in order on SIGTERM and SIGINT. */
export async function serve(): Promise<void> {
  let sdk: Sdk = NO_SDK;
  const measured = Promise.withResolvers<OpenMetrics>();
  const server = createServer();
  server.on('clientError', answerNoHttp);
  const open = holdRequests(server);
  const setupLink = createSetupLink({ now: Date.now });
  let port = 0;
  const setupServices: SetupServices = async ({ settings, log }) => {
    const measuring = await measured.promise;
    port = await listen(server, settings);
    const url = addressOf(settings, { port, machine: machineAddresses()[0] });
    const opening = openServerServices(settings, url, measuring.metrics, createOnError(log, sdk));
    const opened = await opening.catch((error: unknown) => {
      server.close();
      server.closeAllConnections();
      throw error;
    });
    open(createHandler(opened, setupLink, measuring, log, sdk));
    return opened;
  };
  const services = await configure(setupServices, async ({ settings, log }) => {
    // The SDK counts what it sends.
    measured.resolve(await openMetrics(settings, log));
    sdk = openSdk(settings, (await measured.promise).metrics, log);
    return sdk;
  });
  // Nobody waits for the SDK to be loaded.
  void connectRelay(sdk, services);
  process.stdout.write(`${await greet(services, port, setupLink)}\n`);
  endOnSignal(async () => {
    await drain(server);
    // While the spool still takes what the relay sends.
    await sdk.close(MAX_REPORTING_MS);
    await services.close();
    await (await measured.promise).close();
  });
}

/** Plain `node:http` for ingest, in front of Express, which alone would cost half of what ingest accepts. */
function createHandler(
  services: ServerServices,
  setupLink: SetupLink,
  measuring: OpenMetrics,
  log: Logger,
  sdk: Sdk,
): Handler {
  const { settings, url, auth } = services;
  const { metrics, scrape } = measuring;
  const trustedProxies = settings['http.trusted-proxies'];
  const sessionCookie = createSessionCookie({
    isHttps: url.startsWith('https:'),
    lifeMs: settings['auth.session-life'] * DAY_MS,
  });
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
    clientAddress: createClientAddress(trustedProxies),
    metrics,
    now: Date.now,
    onError: createOnError(log, sdk),
  });
  const logError = createLogError(log, sdk);
  const app = createApp({
    api: createApiOf(services, settings, ingest.refused, metrics, logError, {
      sessionCookie,
      setupLink: isLoopback(settings['http.host']) ? null : setupLink,
    }),
    distDir: DIST,
    access: {
      auth,
      sessionCookie,
      isLoopback: isLoopback(settings['http.host']),
      url,
      isSetupOpen: () => setupLink.isValid(setupLink.token),
      trustedProxies,
    },
    log: logError,
    watching: {
      metrics,
      checkHealth: services.checkHealth,
      reading: { scrape, token: settings['metrics.token'] },
    },
  });
  const base = new URL(url).pathname.replace(/\/$/, '');
  return (request, response) => {
    if (ingest.handle(request, response)) return;
    request.url = withoutPrefix(request.url ?? '/', base);
    app(request, response);
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

/** @returns the port that was bound */
function listen(server: Server, settings: Settings): Promise<number> {
  const host = settings['http.host'];
  const port = settings['http.port'];
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = LISTEN_FAULTS[cause.code ?? '']?.(host, port);
      reject(message ? new ConfigurationError(message, { cause }) : cause);
    });
    server.listen(port, host.replace(/^\[|\]$/g, ''), () => {
      const bound = server.address();
      resolve(typeof bound === 'object' ? (bound?.port ?? port) : port);
    });
  });
}

async function greet({ auth, projects, settings, url }: Services, port: number, setupLink: SetupLink): Promise<string> {
  const [key] = await projects.keys(DEFAULT_PROJECT);
  const host = settings['http.host'].replace(/^\[|\]$/g, '');
  const withoutUsers = isLoopback(host) ? 'local' : 'setup';
  const isNamed = settings['system.url-prefix'] !== '';
  // Whoever listens on all addresses sees each under which it can be opened.
  const others = machineAddresses().map((machine) => addressOf(settings, { port, machine }));
  return describeStart({
    url,
    dsn: key ? formatDsn({ url, publicKey: key.publicKey, projectId: DEFAULT_PROJECT }) : null,
    bound: `${isIPv6(host) ? `[${host}]` : host}:${port}`,
    state: (await auth.hasUsers()) ? 'users' : withoutUsers,
    setupToken: setupLink.token,
    otherUrls: isNamed ? [] : [...new Set(others)].filter((other) => other !== url),
  });
}

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
