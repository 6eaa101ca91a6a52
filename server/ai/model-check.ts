import type { AiMessage } from '../storage/ai.ts';
import { type Endpoint, isPrivateHost } from './endpoint.ts';
import { readError } from './endpoint-fault.ts';
import { loadLibrary } from './endpoint-request.ts';
import { createModel, type ModelDeps } from './model.ts';
import { createRequestFields, type RequestFields } from './model-fields.ts';
import { ModelError, type ModelFault } from './suggest-error.ts';

/** What was found out by asking. Null: it did not come to that. */
export type EndpointCheck = {
  name: string;
  host: string;
  model: string;
  isOk: boolean;
  isReachable: boolean | null;
  isKeyAccepted: boolean | null;
  isModelKnown: boolean | null;
  /** Milliseconds, to the first piece of text and to the end. */
  firstPieceMs: number | null;
  totalMs: number | null;
  /** Did the answer come in pieces? */
  streams: boolean | null;
  /** An answer by a JSON schema: given, refused, or answered as if nothing had been asked. Nothing depends on it. */
  structured: 'given' | 'refused' | 'ignored' | null;
  /** Does it say how many tokens a call took? */
  tellsUsage: boolean | null;
  fault: { kind: ModelFault | 'not_configured'; detail: string; said: string | null } | null;
  /** Sentences on what works and might still be wrong. */
  notes: string[];
};

/** Long enough to come in several pieces. No event is in it. */
const COUNT: AiMessage[] = [
  { role: 'user', content: 'Count from 1 to 20, with commas in between. Write nothing else.' },
];
const IS_READY: AiMessage[] = [{ role: 'user', content: 'Answer with this JSON alone: {"ready": true}' }];
const SCHEMA = {
  type: 'object',
  properties: { ready: { type: 'boolean' } },
  required: ['ready'],
  additionalProperties: false,
};
const RESPONSE_FORMAT = { type: 'json_schema' as const, json_schema: { name: 'check', strict: true, schema: SCHEMA } };

/** Above it, one piece that is the whole answer was held back by something. */
const HELD_BACK_MS = 1000;

type Parts = Omit<ModelDeps, 'model'>;

/** Asks twice, with a line each, once and without a retry; never throws but for an abort. */
export async function checkEndpoint(parts: Parts, signal: AbortSignal): Promise<EndpointCheck> {
  const endpoint = { ...parts.endpoint, retries: 0 };
  const { name, host, model, missing } = endpoint;
  const check: EndpointCheck = {
    ...{ name, host, model, isOk: false, isReachable: null, isKeyAccepted: null, isModelKnown: null },
    ...{ firstPieceMs: null, totalMs: null, streams: null, structured: null, tellsUsage: null, fault: null },
    notes: notesOn(endpoint),
  };
  if (missing) return { ...check, fault: { kind: 'not_configured', detail: missing, said: null } };
  try {
    const fields = createRequestFields(endpoint);
    await loadLibrary();
    const measured = await measure({ ...parts, endpoint, fields }, signal);
    const structured = await tryStructured({ ...parts, endpoint, fields }, signal);
    const isHeldBack = !measured.streams && measured.totalMs > HELD_BACK_MS;
    const held = 'The answer came as a whole: readers wait for all of it. Does a proxy before it hold it back?';
    const notes = isHeldBack ? [...check.notes, held] : check.notes;
    return { ...check, ...KNOWN, ...measured, structured, isOk: true, notes };
  } catch (error) {
    if (signal.aborted || !(error instanceof ModelError)) throw error;
    const fault = { kind: error.fault, detail: error.message, said: wordsOf(error) };
    return { ...check, ...reachedBy(error.fault), fault };
  }
}

/**
 * What the endpoint itself said, for the operator: no event was sent that it could repeat. Nothing of a refused key, whose
 * letters some show in part.
 */
function wordsOf({ fault, cause }: ModelError): string | null {
  const text = cause instanceof Error ? /^[45]\d\d (.+)$/s.exec(cause.message)?.[1] : undefined;
  if (fault === 'key' || !text) return null;
  return (readError(text).words || text).replace(/[\p{C}\s]+/gu, ' ').slice(0, 300);
}

const KNOWN = { isReachable: true, isKeyAccepted: true, isModelKnown: true };

/** How far a call came that ended with this. */
function reachedBy(fault: ModelFault): Partial<EndpointCheck> {
  if (fault === 'connection' || fault === 'dns' || fault === 'tls' || fault === 'proxy') return { isReachable: false };
  if (fault === 'timeout') return {};
  if (fault === 'key') return { isReachable: true, isKeyAccepted: false };
  if (fault === 'model') return { ...KNOWN, isModelKnown: false };
  if (fault === 'rate' || fault === 'credit') return { isReachable: true, isKeyAccepted: true };
  const hasAnswered = fault === 'length' || fault === 'empty' || fault === 'refusal' || fault === 'content_filter';
  return hasAnswered ? KNOWN : { isReachable: true };
}

function notesOn({ baseUrl, hasKey }: Endpoint): string[] {
  const url = new URL(baseUrl);
  if (url.protocol === 'https:' || isPrivateHost(url.hostname)) return [];
  const what = hasKey ? 'The key and what is asked go' : 'What is asked goes';
  return [`${what} there without encryption: the address begins with http.`];
}

async function measure(deps: Parts, signal: AbortSignal) {
  const startedAt = performance.now();
  let firstPieceMs: number | null = null;
  let pieces = 0;
  let tellsUsage = false;
  for await (const piece of createModel({ ...deps, model: deps.endpoint.model }).stream(COUNT, signal)) {
    if (piece.type === 'usage') tellsUsage = true;
    if (piece.type !== 'text') continue;
    firstPieceMs ??= Math.round(performance.now() - startedAt);
    pieces++;
  }
  const totalMs = Math.round(performance.now() - startedAt);
  return { firstPieceMs, totalMs, streams: pieces > 1, tellsUsage };
}

async function tryStructured(deps: Parts, signal: AbortSignal): Promise<EndpointCheck['structured']> {
  let isRefused = false;
  const refuse = () => {
    isRefused = true;
  };
  const current = () => ({ ...deps.fields.plain(), response_format: RESPONSE_FORMAT });
  const fields: RequestFields = { ...deps.fields, current, refuse };
  let text = '';
  try {
    for await (const piece of createModel({ ...deps, model: deps.endpoint.model, fields }).stream(IS_READY, signal)) {
      if (piece.type === 'text') text += piece.text;
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof ModelError)) throw error;
    return null;
  }
  if (isRefused) return 'refused';
  return isReadyAnswer(text) ? 'given' : 'ignored';
}

function isReadyAnswer(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'ready' in value && typeof value.ready === 'boolean';
  } catch {
    return false;
  }
}
