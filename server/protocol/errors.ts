/**
 * The errors that have an HTTP status. Every room throws these; `server/http/errors.ts` and the ingest routes turn them
 * into `{"detail": message}`. The message is shown to the caller: a sentence that says what to do. What a provider or a
 * library said goes into `cause`, for the log alone.
 */
export class StatusError extends Error {
  readonly status: number;
  /** Seconds; sent as `Retry-After`. */
  readonly retryAfter: number | undefined;
  /** Further fields of the JSON body, beside `detail`. */
  readonly body: Record<string, unknown>;

  constructor(
    status: number,
    message: string,
    options: { cause?: unknown; retryAfter?: number; body?: Record<string, unknown> } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.status = status;
    this.retryAfter = options.retryAfter;
    this.body = options.body ?? {};
  }
}

export class BadRequestError extends StatusError {
  constructor(message: string, options?: { cause?: unknown }) {
    super(400, message, options);
  }
}

export class UnauthorizedError extends StatusError {
  constructor(message: string) {
    super(401, message);
  }
}

export class ForbiddenError extends StatusError {
  constructor(message: string, body?: Record<string, unknown>) {
    super(403, message, { body });
  }
}

export class NotFoundError extends StatusError {
  constructor(message: string) {
    super(404, message);
  }
}

export class ConflictError extends StatusError {
  constructor(message: string) {
    super(409, message);
  }
}

export class TooLargeError extends StatusError {
  constructor(message: string) {
    super(413, message);
  }
}

export class RateLimitedError extends StatusError {
  constructor(message: string, retryAfter: number) {
    super(429, message, { retryAfter });
  }
}

export class UnavailableError extends StatusError {
  constructor(message: string, retryAfter: number, options: { cause?: unknown } = {}) {
    super(503, message, { ...options, retryAfter });
  }
}

/** A setting is missing or wrong. The message names the setting and what to change; commands print it and exit with 2. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}
