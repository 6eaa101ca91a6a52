import type * as z from 'zod/mini';
import { ApiError, toApiError, toUnreachableError } from './api-error.ts';
import { type PageCursors, parseLinkHeader } from './link-header.ts';

const baseUrl = '/api/0';

export type Schema<T> = z.ZodMiniType<T>;
/** `undefined` leaves a parameter out. */
export type Query = Record<string, string | number | undefined>;
export type GetOptions = { query?: Query; signal?: AbortSignal };
/** One page of a list. `hits` is the number of all matches where the server tells it. */
export type Page<T> = PageCursors & { items: T[]; hits: number | null };

/** Joins a path under `/api/0` with its query: for a link (download, raw JSON) that the browser itself opens. */
export function apiUrl(path: string, query: Query = {}): string {
  const parameters = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return baseUrl + path + (parameters.length > 0 ? `?${new URLSearchParams(parameters)}` : '');
}

/**
 * Sends one request and answers the raw response, for streams and downloads; all else goes through `apiClient`.
 *
 * @param path under `/api/0`, with its slashes: `/organizations/stackmend/issues/`
 * @throws {ApiError} the answer is not 2xx, or none came
 */
export async function sendRequest(path: string, init: RequestInit & { query?: Query } = {}): Promise<Response> {
  const { query, ...rest } = init;
  let response: Response;
  try {
    response = await fetch(apiUrl(path, query), { credentials: 'same-origin', ...rest });
  } catch (error) {
    if (rest.signal?.aborted) throw error;
    throw toUnreachableError(error);
  }
  if (!response.ok) throw await toApiError(response);
  return response;
}

async function parseBody<T>(response: Response, schema: Schema<T>): Promise<T> {
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ApiError(response.status, `The server's answer was not understood${place && ` (at ${place})`}.`, {
    cause: parsed.error,
  });
}

/** Text, bytes and files go as they are, because an imported event must reach the server unchanged; all else as JSON. */
function bodyOf(body: unknown): RequestInit {
  if (body === undefined) return {};
  if (typeof body === 'string' || body instanceof Blob) {
    return { body, headers: { 'Content-Type': 'application/octet-stream' } };
  }
  return { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
}

async function send(method: string, path: string, body: unknown): Promise<void>;
async function send<T>(method: string, path: string, body: unknown, schema: Schema<T>): Promise<T>;
async function send<T>(method: string, path: string, body: unknown, schema?: Schema<T>): Promise<T | undefined>;
async function send<T>(method: string, path: string, body: unknown, schema?: Schema<T>): Promise<T | undefined> {
  const response = await sendRequest(path, { method, ...bodyOf(body) });
  return schema ? parseBody(response, schema) : undefined;
}

function post(path: string, body?: unknown): Promise<void>;
function post<T>(path: string, body: unknown, schema: Schema<T>): Promise<T>;
function post<T>(path: string, body?: unknown, schema?: Schema<T>): Promise<T | undefined> {
  return send('POST', path, body, schema);
}

function put(path: string, body: unknown): Promise<void>;
function put<T>(path: string, body: unknown, schema: Schema<T>): Promise<T>;
function put<T>(path: string, body: unknown, schema?: Schema<T>): Promise<T | undefined> {
  return send('PUT', path, body, schema);
}

/**
 * The browser's way to the server. Paths are under `/api/0`; every answer is parsed here, once, so that nothing
 * downstream casts. Each method throws ApiError when the answer is not 2xx, is not understood, or does not come.
 */
export const apiClient = {
  async get<T>(path: string, schema: Schema<T>, options: GetOptions = {}): Promise<T> {
    return parseBody(await sendRequest(path, options), schema);
  },
  /** One page of a list, with the cursors of its neighbours from the `Link` header. */
  async getPage<T>(path: string, schema: Schema<T[]>, options: GetOptions = {}): Promise<Page<T>> {
    const response = await sendRequest(path, options);
    const hits = response.headers.get('X-Hits');
    const cursors = parseLinkHeader(response.headers.get('Link'));
    return { items: await parseBody(response, schema), ...cursors, hits: hits === null ? null : Number(hits) };
  },
  put,
  post,
  delete: (path: string): Promise<void> => send('DELETE', path, undefined),
};
