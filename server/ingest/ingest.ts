import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../metrics/metrics.ts';
import { type Auth, readAuth } from '../protocol/auth.ts';
import { type Dsn, parseDsn } from '../protocol/dsn.ts';
import { type Envelope, parseEnvelope } from '../protocol/envelope.ts';
import {
  BadRequestError,
  ForbiddenError,
  StatusError,
  UnauthorizedError,
  UnavailableError,
} from '../protocol/errors.ts';
import type { NewEnvelope } from '../storage/spool.ts';
import { answerAccepted, answerCrash, answerError, answerPreflight, toStatusError } from './answer.ts';
import { createBudget, type Lease } from './budget.ts';
import { type ClientAddress, createClientAddress } from './client-address.ts';
import { type Inspected, inspectEnvelope, isStoredType, knownType } from './inspect-envelope.ts';
import { createKeyCache, type FindKey } from './key-cache.ts';
import type { IngestLimits } from './limits.ts';
import { minidumpEnvelope } from './minidump-body.ts';
import { ClientGoneError, readBody } from './read-body.ts';
import { createRefusedRequests, type RefusedRequest } from './refused-requests.ts';
import { matchRoute, projectIdOf, type Route } from './route.ts';
import { eventEnvelope } from './store-body.ts';
import { createUnpack } from './unpack.ts';

export type IngestDeps = {
  /** Resolves when the envelope is on disk; throws a StatusError when it is not. Takes `body` over. */
  append: (envelope: NewEnvelope) => Promise<void>;
  findKey: FindKey;
  limits: IngestLimits;
  /** The peer's by default: whatever a header says, no proxy is trusted. */
  clientAddress?: ClientAddress;
  metrics: Metrics;
  /** Unix ms. */
  now: () => number;
  /** For the log: a fault of ours, answered with 500, or with 503 when keys cannot be looked up. */
  onError?: (error: unknown) => void;
};
export type Ingest = {
  /** Answers the requests of SDKs. False, with nothing touched: the path is not one of ingest's. */
  handle(req: IncomingMessage, res: ServerResponse): boolean;
  /** The last 100 that were refused, newest first. */
  refused(): RefusedRequest[];
};

/**
 * The intake: `POST [prefix]/api/<project id>/envelope/`, `/store/` and `/minidump/`, in front of Express, which alone would cost the
 * whole margin. A 200 is answered once `append` has the envelope on disk; nothing but headers is parsed before it.
 */
export function createIngest(deps: IngestDeps): Ingest {
  const { append, findKey, limits, metrics, now, onError, clientAddress = createClientAddress([]) } = deps;
  const budget = createBudget(limits.maxInFlightBytes);
  const lookUp = createKeyCache(findKey, now);
  const refusedRequests = createRefusedRequests();
  const unpack = createUnpack(limits);

  async function accept(req: IncomingMessage, route: Route, lease: Lease): Promise<string | null> {
    const receivedAt = now();
    if (req.method !== 'POST') throw new StatusError(405, 'SDKs send to this address with POST.');
    const projectId = projectIdOf(route);
    const auth = authOf(req, route);
    // Before the body is read: a stranger without a key costs no memory.
    const key = auth ? await checkKey(auth.publicKey, projectId) : null;
    const endpoint = route.endpoint === 'store' && isEnvelope(req) ? 'envelope' : route.endpoint;
    if (!auth && endpoint !== 'envelope') throw missingAuth();

    const packed = await readBody(req, lease, limits);
    const unpacked = await unpack(packed, req.headers['content-encoding'], lease);
    const body = await toEnvelope(endpoint, unpacked, req, lease);
    const envelope = parseEnvelope(body);
    const dsn = dsnOf(envelope);
    if (dsn) checkAgreement(dsn, auth, projectId);
    const named = auth ?? dsn;
    if (!named) throw missingAuth();
    const sender = key ?? (await checkKey(named.publicKey, projectId ?? dsn?.projectId ?? null));
    const inspected = inspectEnvelope(envelope, limits);
    if (inspected.isStored) {
      await append({
        projectId: sender.projectId,
        eventId: inspected.eventId,
        receivedAt,
        remoteAddress: clientAddress(req),
        client: auth?.client ?? clientOf(envelope.headers, req),
        body,
        gzip: body === unpacked && isGzip(packed) ? packed : undefined,
      });
    }
    count(envelope);
    return answeredId(inspected);
  }

  function toEnvelope(endpoint: Route['endpoint'], body: Buffer, req: IncomingMessage, lease: Lease) {
    if (endpoint === 'store') return eventEnvelope(body, limits.maxEventBytes);
    if (endpoint === 'minidump') {
      return minidumpEnvelope({ body, contentType: req.headers['content-type'], lease, unpack });
    }
    return body;
  }

  async function checkKey(publicKey: string, projectId: number | null): Promise<{ projectId: number }> {
    const known = lookUp(publicKey);
    const key = known instanceof Promise ? await known.catch(lookUpFailed) : known;
    if (!key) throw new ForbiddenError('No project has this DSN. Copy it anew from the setup page.');
    if (projectId !== null && key.projectId !== projectId) {
      throw new ForbiddenError('This DSN belongs to another project than the path names.');
    }
    if (!key.isActive) throw new ForbiddenError('This DSN is switched off.');
    return key;
  }

  function lookUpFailed(cause: unknown): never {
    onError?.(cause);
    throw new UnavailableError('The DSN cannot be looked up at the moment; send it again.', 5, { cause });
  }

  function count({ items }: Envelope): void {
    metrics.incr('ingest.envelopes', 1, { outcome: items.length === 0 ? 'empty' : 'accepted' });
    for (const item of items) {
      const outcome = isStoredType(item.headers.type) ? 'accepted' : 'dropped';
      metrics.incr('ingest.items', 1, { itemType: knownType(item), outcome });
    }
  }

  function refuse(req: IncomingMessage, res: ServerResponse, route: Route, cause: unknown): void {
    if (cause instanceof ClientGoneError) {
      metrics.incr('ingest.envelopes', 1, { outcome: 'aborted' });
      return;
    }
    const error = toStatusError(cause);
    if (error.status === 500) onError?.(cause);
    metrics.incr('ingest.envelopes', 1, { outcome: 'refused', status: String(error.status), reason: error.name });
    refusedRequests.add({
      dateReceived: new Date(now()).toISOString(),
      method: req.method ?? '',
      path: route.path,
      status: error.status,
      detail: error.message,
      client: claimedClient(req, route),
      projectId: /^\d{1,15}$/.test(route.project ?? '') ? Number(route.project) : null,
    });
    answerError(req, res, error, limits);
  }

  async function answer(req: IncomingMessage, res: ServerResponse, route: Route): Promise<void> {
    const lease = budget.lease();
    try {
      const eventId = await accept(req, route, lease);
      if (route.endpoint === 'minidump' && eventId !== null) answerCrash(res, eventId);
      else answerAccepted(res, eventId);
    } catch (error) {
      refuse(req, res, route, error);
    } finally {
      lease.release();
    }
  }

  return {
    handle(req, res) {
      const route = matchRoute(req.url ?? '');
      if (!route) return false;
      if (req.method === 'OPTIONS') answerPreflight(res);
      else void answer(req, res, route);
      return true;
    },
    refused: refusedRequests.list,
  };
}

function authOf(req: IncomingMessage, { query }: Route): Auth | null {
  const xSentryAuth = req.headers['x-sentry-auth'];
  return readAuth({
    xSentryAuth: typeof xSentryAuth === 'string' ? xSentryAuth : undefined,
    authorization: req.headers.authorization,
    query,
  });
}

/** SDKs behind a tunnel name the key in the envelope alone; an empty text is none. */
function dsnOf({ headers }: Envelope): Dsn | null {
  const text = headers['dsn'];
  return typeof text === 'string' && text !== '' ? parseDsn(text) : null;
}

/** The host is not compared: a proxy may have another name than the DSN. */
function checkAgreement(dsn: Dsn, auth: Auth | null, projectId: number | null): void {
  if ((auth && dsn.publicKey !== auth.publicKey) || (projectId !== null && dsn.projectId !== projectId)) {
    throw new BadRequestError('The "dsn" of the envelope names another key or project than the request does.');
  }
}

/** On `/store/`; on `/envelope/` any type means one, since SDKs send text/plain to avoid a preflight. */
function isEnvelope(req: IncomingMessage): boolean {
  return req.headers['content-type']?.includes('application/x-sentry-envelope') ?? false;
}

/** As it came, so that the spool need not pack it again; an envelope that came plain starts with a brace. */
function isGzip(packed: Buffer): boolean {
  return packed[0] === 0x1f && packed[1] === 0x8b && packed.byteLength <= 64 * 1024;
}

function missingAuth(): UnauthorizedError {
  return new UnauthorizedError('Missing authorization information: send the public key of the DSN as sentry_key.');
}

function answeredId({ eventId, isAnswered }: Inspected): string | null {
  return isAnswered ? eventId : null;
}

/** SDK name and version: from the envelope, else the program that sent it. */
function clientOf(headers: Envelope['headers'], req: IncomingMessage): string | null {
  const sdk = headers['sdk'];
  if (typeof sdk === 'object' && sdk !== null && !Array.isArray(sdk) && typeof sdk['name'] === 'string') {
    return typeof sdk['version'] === 'string' ? `${sdk['name']}/${sdk['version']}` : sdk['name'];
  }
  return req.headers['user-agent'] ?? null;
}

/** Of a request that was refused, so that its authorization may be wrong. */
function claimedClient(req: IncomingMessage, route: Route): string | null {
  try {
    const client = authOf(req, route)?.client;
    if (client) return client;
  } catch {
    // The refusal says it.
  }
  return req.headers['user-agent'] ?? null;
}
