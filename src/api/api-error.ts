import { errorBodySchema } from '../../server/protocol/contract.ts';

/**
 * A request that did not give what was asked for. `message` is a sentence for the page.
 * `status` is the HTTP status; 0 when no answer came (offline, or the server is down).
 */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  /** The server's own words, or ours when it had none. The same as `message`. */
  readonly detail: string;
  /** The whole JSON body of the answer; null when it was no JSON. */
  readonly body: unknown;
  /** Seconds until another try makes sense; null when the server did not say. */
  readonly retryAfter: number | null;

  constructor(
    status: number,
    detail: string,
    options: { body?: unknown; retryAfter?: number | null; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.status = status;
    this.detail = detail;
    this.body = options.body ?? null;
    this.retryAfter = options.retryAfter ?? null;
  }
}

/** No answer came at all. Says whether the browser is offline or the server is down, because the remedies differ. */
export function toUnreachableError(cause: unknown): ApiError {
  const detail = navigator.onLine
    ? 'The Stackmend server does not answer. Is it running?'
    : 'You are offline. Stackmend goes on when the connection is back.';
  return new ApiError(0, detail, { cause });
}

/** Reads an answer that is not 2xx. Never throws: a body that is no JSON (a proxy's page) leaves our own words. */
export async function toApiError(response: Response): Promise<ApiError> {
  const body = await readJson(response);
  const parsed = errorBodySchema.safeParse(body);
  const detail = (parsed.success && parsed.data.detail) || `The server answered ${response.status} without a reason.`;
  return new ApiError(response.status, detail, { body, retryAfter: secondsOf(response.headers.get('Retry-After')) });
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function secondsOf(header: string | null): number | null {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
