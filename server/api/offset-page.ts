import type { Request, Response } from 'express';
import * as z from 'zod';
import { setPageLinks } from './pagination.ts';
import { pageQuery, parseRequest } from './parse-request.ts';

const schema = z.object({
  ...pageQuery,
  cursor: z
    .string()
    // sentry-cli asks for the first page with an empty one.
    .regex(/^(?:0:\d{1,9}:[01])?$/, 'is none; take it from the Link header of the page before')
    .optional(),
});

/** Which part of a list a request asks for; Sentry's cursors, whose middle is where the page begins. */
export function offsetOf(req: Request): { limit: number; offset: number } {
  const { cursor = '', limit, per_page } = parseRequest(schema, req.query);
  return { limit: limit ?? per_page ?? 100, offset: Number(cursor.split(':')[1] ?? 0) };
}

/**
 * Names the neighbouring pages.
 *
 * @param rows one more than `limit`, when there are more
 * @returns those of the page
 */
export function offsetPage<T>(req: Request, res: Response, rows: readonly T[]): T[] {
  const { limit, offset } = offsetOf(req);
  setPageLinks(req, res, {
    next: { cursor: `0:${offset + limit}:0`, results: rows.length > limit },
    previous: { cursor: `0:${Math.max(0, offset - limit)}:1`, results: offset > 0 },
    hits: null,
  });
  return rows.slice(0, limit);
}
