import { json, type Request } from 'express';
import * as z from 'zod';
import { BadRequestError } from '../protocol/errors.ts';

/**
 * A request's parameters, query or body, parsed at the door.
 * @throws {BadRequestError} naming each field at fault; a bare ZodError would be taken for a fault of our own
 */
export function parseRequest<T extends z.core.$ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new BadRequestError(`${faults.slice(0, 5).join('. ')}.`, { cause: parsed.error });
}

/** Bytes of a JSON body; what is larger by nature (imports, reports) has a limit of its own. */
const MAX_JSON_BYTES = 256 * 1024;
/** Reads the body. Comes after a route's gate, so that nobody is read from who may not ask. */
export const jsonBody = json({ limit: MAX_JSON_BYTES });

/**
 * The JSON body, which `jsonBody` has read; none at all counts as `{}`.
 * @throws {BadRequestError} also for a body of another content type, which the parser left alone
 */
export function parseBody<T extends z.core.$ZodType>(schema: T, req: Request): z.output<T> {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (req.body === undefined && hasBody) {
    throw new BadRequestError('Send the body as JSON, with the header "Content-Type: application/json".');
  }
  return parseRequest(schema, req.body ?? {});
}

const text = z.string().max(4_000);
/** A query parameter that may be repeated. */
const list = z
  .union([text, z.array(text).max(100)])
  .optional()
  .transform((value) => (value === undefined ? [] : [value].flat()));

/** What every list takes. */
export const pageQuery = {
  cursor: text.optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
  per_page: z.coerce.number().int().min(1).max(100).optional(),
};
export const repeated = list;
export const optionalText = text.optional();

/** Which events of an issue; see `EventFilter`. */
const filterQuery = z.object({
  query: optionalText,
  environment: repeated,
  statsPeriod: optionalText,
  start: optionalText,
  end: optionalText,
});

/** @throws {BadRequestError} a parameter is too long; what it says is read where it is used */
export function parseFilter({ query }: Request) {
  const { environment, ...filter } = parseRequest(filterQuery, query);
  return { ...filter, environments: environment.filter((name) => name !== '') };
}
