import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { type Endpoint, optionOf } from './endpoint.ts';
import type { Credentials } from './endpoint-request.ts';
import { isPassingStatus, retryAfterOf } from './retry.ts';
import { ModelError } from './suggest-error.ts';

/** OpenAI's form of an error; others put a text where the object is, or FastAPI's `detail`. */
const bodySchema = z.object({
  error: z
    .union([
      z.string(),
      z.object({
        message: z.string().nullish(),
        code: z.union([z.string(), z.number()]).nullish(),
        type: z.string().nullish(),
        param: z.string().nullish(),
      }),
    ])
    .nullish(),
});

/** Of an answer that is no 200, what to tell. The endpoint's words are in `cause` alone, and without the key. */
export async function faultOfAnswer(response: IncomingMessage, { endpoint, apiKey }: Credentials): Promise<ModelError> {
  const status = response.statusCode ?? 0;
  const text = isCompressed(response) ? '' : await beginningOf(response);
  const cause = new Error(`${status} ${withoutKey(text, apiKey).slice(0, 2000)}`);
  const retryAfter = retryAfterOf(response.headers, Date.now());
  const told = (fault: ConstructorParameters<typeof ModelError>[0], message: string, isPassing = false) =>
    new ModelError(fault, message, { cause, isPassing, ...(retryAfter !== undefined && { retryAfter }) });
  if (status === 200) {
    const { host } = endpoint;
    return told(
      'not_a_completion',
      `${host} compresses its answers, unasked. Switch that off there, or in a proxy before it.`,
    );
  }
  return faultOfStatus(status, { text, isHtml: isHtml(response.headers['content-type']) }, endpoint, told);
}

/** The beginning of what an endpoint says of a failure; the rest is not read. */
async function beginningOf(response: IncomingMessage, maxBytes = 65_536): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) break;
      chunks.push(chunk);
      length += chunk.length;
      if (length >= maxBytes) break;
    }
  } catch {
    // What came is all there is; the status says enough.
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString();
}

type Told = (fault: ConstructorParameters<typeof ModelError>[0], message: string, isPassing?: boolean) => ModelError;

function faultOfStatus(
  status: number,
  { text, isHtml }: { text: string; isHtml: boolean },
  endpoint: Endpoint,
  told: Told,
) {
  const { host, model, hasKey } = endpoint;
  const option = (name: string) => optionOf(endpoint, name);
  const { code, words, param } = readError(text);
  if (status === 407) return told('proxy', `A proxy before ${host} wants its own sign-in (status 407).`);
  if (status >= 300 && status < 400) {
    return told(
      'redirect',
      `${host} answers with a redirect, which is not followed. Set ${option('base-url')} to the address that answers.`,
    );
  }
  if (status === 401 && !hasKey) return told('key', `${host} wants a key, and none is set. Set ${option('api-key')}.`);
  if (status === 401) return told('key', `${host} did not accept the key. Check ${option('api-key')}.`);
  if (status === 403) {
    return told(
      'key',
      `${host} refuses this key the model ${model}, or refuses this address. Check ${option('api-key')} and what the key may do.`,
    );
  }
  if (status === 402 || code === 'insufficient_quota' || code === 'billing_hard_limit_reached') {
    return told('credit', `The account at ${host} has no credit left, or came to the limit that is set for it.`);
  }
  if (status === 429) {
    return told('rate', `${host} takes no more requests now. Try again later.`, true);
  }
  if (code === 'content_filter') return told('content_filter', `A filter of ${host} does not let this event pass.`);
  if (code === 'model_not_found' || code === 'DeploymentNotFound' || (status === 404 && !isHtml)) {
    return told(
      'model',
      `${host} knows no model named ${model}, or no chat completions. Check ${option('model')} and ${option('base-url')}.`,
    );
  }
  if (status === 404 || status === 405) return told('not_a_completion', notACompletion(endpoint));
  if (status === 413 || isTooLong(code, words)) {
    return told('too_long', `The event is too long for ${model} at ${host}. Set ${option('window')} to what it takes.`);
  }
  if (status === 400 && param === 'stream') {
    return told('stream', `${host} does not stream the answers of ${model} to this account.`);
  }
  if (status === 400 || status === 422) {
    return told(
      'request',
      `${host} did not take the request (status ${status}). The event may be too long for ${model}: set ${option('window')}.`,
    );
  }
  const proxy = isHtml && status >= 500 ? ' What answered is a web page: a proxy before it, perhaps.' : '';
  return told(
    'server',
    `${host} failed with status ${status}.${proxy} Try again, or see its log.`,
    isPassingStatus(status),
  );
}

/** @returns code, words and the field at fault of an error body, each of which may lack */
export function readError(text: string): { code: string; words: string; param: string } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { code: '', words: text, param: '' };
  }
  const { data } = bodySchema.safeParse(body);
  if (!data?.error) return { code: '', words: text, param: '' };
  if (typeof data.error === 'string') return { code: '', words: data.error, param: '' };
  const { code, type, message, param } = data.error;
  return { code: String(code ?? type ?? ''), words: message ?? '', param: param ?? '' };
}

const isTooLong = (code: string, words: string): boolean =>
  code === 'context_length_exceeded' ||
  code === 'exceed_context_size_error' ||
  /context (?:length|size|window)|maximum context|prompt is too long|too many tokens|input tokens exceed/i.test(words);

export const isCompressed = ({ headers }: IncomingMessage): boolean =>
  !['', 'identity'].includes(headers['content-encoding']?.toLowerCase() ?? '');

export const isHtml = (contentType = ''): boolean => /^text\/html\b/i.test(contentType);

export const notACompletion = (endpoint: Endpoint): string =>
  `${endpoint.host} answers, but not with a chat completion. Check ${optionOf(endpoint, 'base-url')}: it often ends in /v1.`;

const REFUSED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);
const UNKNOWN = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);

/** Of a connection that never came to an answer, what to tell. @returns the error itself when it is none of a socket */
export function faultOfConnection(cause: unknown, endpoint: Endpoint): unknown {
  const { host } = endpoint;
  const address = optionOf(endpoint, 'base-url');
  if (!(cause instanceof Error)) return cause;
  const code = codeOf(cause);
  if (code === null) return cause;
  if (code === 'ERR_INVALID_CHAR') {
    const message = `The key for ${host} has signs in it that cannot be sent. Check ${optionOf(endpoint, 'api-key')}.`;
    return new ModelError('key', message);
  }
  if (UNKNOWN.has(code)) {
    const message = `The name of ${host} is not known (${code}). Is it spelt right in ${address}, and is there a network?`;
    return new ModelError('dns', message, { cause, isPassing: code === 'EAI_AGAIN' });
  }
  if (isTls(code)) {
    const message = `The connection to ${host} cannot be trusted (${code}). A certificate of your own is made known with NODE_EXTRA_CA_CERTS; a server without one has http:// in ${address}.`;
    return new ModelError('tls', message, { cause });
  }
  const why = REFUSED.has(code) ? 'Nobody answers there' : 'The connection broke';
  const message = `The model's endpoint ${host} could not be reached. ${why} (${code}). Is it running, and is ${address} right?`;
  return new ModelError('connection', message, { cause, isPassing: true });
}

/** A name with several addresses fails with an error for each. */
function codeOf(error: Error): string | null {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first ? first.code : null;
  return typeof code === 'string' ? code : null;
}

const isTls = (code: string): boolean =>
  /^(?:ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY))|_CERT|^EPROTO$|HOSTNAME_MISMATCH/.test(
    code,
  );

/** A provider that repeats the key must not bring it into the log. */
export const withoutKey = (text: string, apiKey: string): string =>
  apiKey.length < 4 ? text : text.replaceAll(apiKey, '[key]');
