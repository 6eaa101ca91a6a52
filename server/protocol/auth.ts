import { parsePublicKey } from './dsn.ts';
import { BadRequestError, UnauthorizedError } from './errors.ts';

/** What a request says about its sender, by header or query (sentry-behaviour 10.2). */
export type Auth = {
  publicKey: string;
  /** SDK name and version, as `sentry.javascript.node/11.12.0`. */
  client: string | null;
};
export type AuthSources = {
  xSentryAuth: string | undefined;
  authorization: string | undefined;
  /** Without its `?`. */
  query: string;
};

const PROTOCOL_VERSION = 7;

/**
 * Reads the one place that names the key. Null where none does: then an envelope may still name it in its `dsn`.
 *
 * @throws {UnauthorizedError} several places, or one that names no key
 * @throws {BadRequestError} the key is not one, or the protocol version is too new
 */
export function readAuth({ xSentryAuth, authorization, query }: AuthSources): Auth | null {
  const found: (() => Auth)[] = [];
  if (xSentryAuth !== undefined) found.push(() => fromSentryHeader(xSentryAuth));
  if (authorization !== undefined && /^sentry /i.test(authorization)) found.push(() => fromSentryHeader(authorization));
  if (authorization !== undefined && /^basic /i.test(authorization)) found.push(() => fromBasic(authorization));
  if (query.includes('sentry_')) found.push(() => fromParams(new URLSearchParams(query)));
  if (found.length > 1) {
    throw new UnauthorizedError(
      'Multiple authorization payloads detected: name the key in one header or in the query.',
    );
  }
  return found[0]?.() ?? null;
}

/** `Sentry sentry_key=..., sentry_version=7, sentry_client=name/version`; the prefix in any case. */
function fromSentryHeader(header: string): Auth {
  if (!/^sentry /i.test(header)) throw new UnauthorizedError('The authorization header must start with "Sentry ".');
  const params = new URLSearchParams();
  for (const pair of header.slice('sentry '.length).split(',')) {
    const equals = pair.indexOf('=');
    if (equals !== -1) params.append(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
  }
  return fromParams(params);
}

/** The user part is the key, as curl and old proxies send a DSN's own. */
function fromBasic(header: string): Auth {
  const [user = ''] = Buffer.from(header.slice('basic '.length), 'base64').toString('latin1').split(':', 1);
  return { publicKey: parsePublicKey(user), client: null };
}

function fromParams(params: URLSearchParams): Auth {
  const [key, ...further] = params.getAll('sentry_key');
  if (!key || further.length > 0) throw new UnauthorizedError('The authorization must name one sentry_key.');
  // Digits, or digits and a fraction from the oldest clients ("2.0").
  if (Number.parseInt(params.get('sentry_version') ?? '7', 10) > PROTOCOL_VERSION) {
    throw new BadRequestError(
      `The protocol version is newer than ${PROTOCOL_VERSION}, the newest that this server knows.`,
    );
  }
  return { publicKey: parsePublicKey(key), client: params.get('sentry_client') };
}
