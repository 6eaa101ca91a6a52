/** Seconds that an endpoint may ask us to wait; for longer than that somebody should be told, and come back. */
const MAX_WAIT_S = 60;
const MAX_BACKOFF_MS = 20_000;

/** 409 and 425 are a collision and a replay; 408 and 429 say that it was the moment; 5xx is a failure of the server's. */
export const isPassingStatus = (status: number): boolean => [408, 409, 425, 429].includes(status) || status >= 500;

/**
 * @param attempt 0 for the wait after the first try
 * @param retryAfter what the endpoint asked for, seconds
 * @param baseMs before jitter, after the first try; it doubles
 * @param random from 0 up to 1
 * @returns milliseconds; null when the endpoint asks for more than anybody waits for
 */
export function waitBeforeRetry(
  attempt: number,
  retryAfter: number | undefined,
  baseMs: number,
  random: () => number,
): number | null {
  // A little more than asked for, and not the same for all: those who were refused together would come back together.
  if (retryAfter !== undefined) return retryAfter > MAX_WAIT_S ? null : retryAfter * 1000 + random() * baseMs;
  const backoff = Math.min(MAX_BACKOFF_MS, baseMs * 2 ** attempt);
  return backoff / 2 + (random() * backoff) / 2;
}

/**
 * `Retry-After`, or OpenAI's `retry-after-ms`, in whole seconds of 1 to 3600.
 *
 * @param now Unix milliseconds, for a date
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterOf(
  headers: { 'retry-after'?: string | undefined; [name: string]: unknown },
  now: number,
): number | undefined {
  const milliseconds = headers['retry-after-ms'];
  if (typeof milliseconds === 'string' && /^\d{1,9}(\.\d{1,9})?$/.test(milliseconds)) {
    return bounded(Number(milliseconds) / 1000);
  }
  const value = headers['retry-after'];
  if (!value) return undefined;
  if (/^\d{1,9}(\.\d{1,9})?$/.test(value)) return bounded(Number(value));
  // Engines take numbers below zero for a month.
  const date = value.includes(':') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : bounded((date - now) / 1000);
}

const bounded = (seconds: number) => Math.min(3600, Math.max(1, Math.ceil(seconds)));
