import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import { duplexPair } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Identity, setIdentity } from '../auth/identity.ts';

/** The API answered with anything but 2xx. The message is its `detail`, which says what to do. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  /** As `data` of a response. */
  readonly body: unknown;

  constructor(status: number, body: unknown, message: string) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

type Scalar = string | number | boolean;
type ApiOptions = {
  /** Goes through JSON, as over the wire; bytes go as they are, as `application/octet-stream`. */
  data?: unknown;
  /** Replace those of the same name in the path's query; undefined is left out. */
  params?: Record<string, Scalar | readonly Scalar[] | undefined>;
  headers?: Record<string, string>;
};
/** `data` is parsed JSON, null when there is no body, and bytes of any other content type. */
export type ApiResponse = { status: number; headers: Headers; data: unknown };
/** Names in lower case; `set-cookie` is a list. */
type Headers = Record<string, string | string[] | undefined>;
type Call = (path: string, options?: ApiOptions) => Promise<ApiResponse>;

/**
 * Sentry's methods. `path` is that of the API, with or without its prefix `/api/0`.
 *
 * Sentry counts 3xx as success and 1xx as failure (sentry-behaviour 5): a redirect is no answer to what was asked, so that
 * here 2xx alone is one, and 1xx is never the last answer.
 *
 * @throws {ApiError} not 2xx
 * @throws {TypeError} the path has no slash in front; `data` is no JSON; a header says who asks
 */
export type ApiClient = {
  request: (method: string, path: string, options?: ApiOptions) => Promise<ApiResponse>;
  get: Call;
  post: Call;
  put: Call;
  delete: Call;
};

/** One request as it is sent, and the whole answer. `target` is path and query. */
export type Send = (outgoing: {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: Uint8Array | undefined;
}) => Promise<Answer>;
type Answer = { status: number; headers: Headers; body: Buffer };

/**
 * Calls the API within this process, as `identity`: through its routes, so that whoever calls obeys its rules. No address
 * is listened on. Each answer is whole: what streams is for browsers.
 *
 * @param handler the app with the API at `/api/0`; it gets a request that has an identity already
 */
export const createApiClient = (handler: RequestListener, identity: Identity): ApiClient =>
  createClient(sendInProcess(handler, identity));

/**
 * The same client over another way to send: commands reach a server elsewhere.
 *
 * @param describe the message of an ApiError
 */
export function createClient(
  send: Send,
  describe = (status: number, detail: string | null) => detail ?? `The API answered ${status}, and gave no reason.`,
): ApiClient {
  const call = async (method: string, path: string, { data, params, headers = {} }: ApiOptions = {}) => {
    const answer = await send({
      method,
      target: targetOf(path, params),
      headers: { accept: 'application/json', ...contentTypeOf(data), ...withoutIdentity(headers) },
      body: bodyOf(data),
    });
    const response = { status: answer.status, headers: answer.headers, data: dataOf(answer) };
    if (answer.status >= 200 && answer.status < 300) return response;
    throw new ApiError(answer.status, response.data, describe(answer.status, detailOf(response.data)));
  };
  return {
    request: call,
    get: (path, options) => call('GET', path, options),
    post: (path, options) => call('POST', path, options),
    put: (path, options) => call('PUT', path, options),
    delete: (path, options) => call('DELETE', path, options),
  };
}

/**
 * Node's own client and server, each at one end of a pipe: what the handler gets is a request like any other, parsed, and
 * with its streams. light-my-request would do with less, were it not for Express, which gives each response a prototype of
 * its own: to keep its methods it changes Express's prototypes for the whole process, real requests included.
 */
function sendInProcess(handler: RequestListener, identity: Identity): Send {
  const server = createServer((req, res) => {
    setIdentity(req, identity);
    handler(req, res);
  });
  return async ({ method, target, headers, body }) => {
    const [near, far] = duplexPair();
    server.emit('connection', far);
    const outgoing = request({ method, path: target, headers, createConnection: () => near });
    // Before the answer `once` tells of it, and after that the answer itself.
    outgoing.on('error', () => {});
    outgoing.end(body);
    const [incoming]: IncomingMessage[] = await once(outgoing, 'response');
    if (!incoming) throw new Error('Node told of a response and gave none.');
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await buffer(incoming) };
  };
}

const PREFIX = '/api/0';
/** Only resolves a path; nobody is asked. */
const NOWHERE = 'http://localhost';

function targetOf(path: string, params: ApiOptions['params'] = {}): string {
  if (!path.startsWith('/')) throw new TypeError(`A path of the API begins with a slash: ${JSON.stringify(path)}.`);
  // By hand, as URL would take `..` for a way up: a project may be asked for by any name.
  const [pathname = '', query = ''] = path.split(/\?(.*)/s, 2);
  const merged = new URL(`?${query}`, NOWHERE).searchParams;
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    merged.delete(name);
    for (const each of [value].flat()) merged.append(name, String(each));
  }
  const prefix = pathname === PREFIX || pathname.startsWith(`${PREFIX}/`) ? '' : PREFIX;
  return prefix + pathname + (merged.size > 0 ? `?${merged}` : '');
}

/** The client has an identity; one beside it would be taken for another, or quietly for nothing. */
function withoutIdentity(headers: Record<string, string>): Record<string, string> {
  for (const name of Object.keys(headers)) {
    if (!/^(?:authorization|cookie)$/i.test(name)) continue;
    throw new TypeError(`The client says who asks: leave out the header ${name}.`);
  }
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function contentTypeOf(data: unknown): Record<string, string> {
  if (data === undefined) return {};
  return { 'content-type': data instanceof Uint8Array ? 'application/octet-stream' : 'application/json' };
}

function bodyOf(data: unknown): Uint8Array | undefined {
  if (data === undefined) return undefined;
  return data instanceof Uint8Array ? data : Buffer.from(stringify(data));
}

/**
 * JSON.stringify alone would make null of NaN, nothing of a function and an empty object of a Map.
 *
 * @throws {TypeError} naming the field
 */
function stringify(data: unknown): string {
  return JSON.stringify(data, (name, value: unknown) => {
    const kind = notJson(value);
    if (!kind) return value;
    throw new TypeError(`${name === '' ? 'Data' : `Field ${JSON.stringify(name)}`} is ${kind}, which is no JSON.`);
  });
}

function notJson(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : String(value);
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? null : `a ${value.constructor.name}`;
}

function dataOf({ headers, body }: Answer): unknown {
  if (body.length === 0) return null;
  if (!/^application\/json\b/i.test(String(headers['content-type']))) return body;
  try {
    return JSON.parse(body.toString());
  } catch {
    // What says that it is JSON and is not, a proxy made: it is for whoever parses it to refuse.
    return body;
  }
}

function detailOf(data: unknown): string | null {
  const detail = typeof data === 'object' && data !== null && 'detail' in data ? data.detail : null;
  return typeof detail === 'string' ? detail : null;
}
