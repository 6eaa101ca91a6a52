/** Cursors of the neighbouring pages; null where there is none. */
export type PageCursors = { next: string | null; previous: string | null };

/**
 * Reads Sentry's `Link` header. Both directions are always named; `results="true"` tells that something is there.
 *
 * @param header `<url>; rel="next"; results="true"; cursor="0:25:0", <url>; rel="previous"; ...`
 * @see https://docs.sentry.io/api/pagination/
 */
export function parseLinkHeader(header: string | null): PageCursors {
  const cursors: PageCursors = { next: null, previous: null };
  for (const part of (header ?? '').split(/,\s*(?=<)/)) {
    const rel = attribute(part, 'rel');
    if ((rel === 'next' || rel === 'previous') && attribute(part, 'results') === 'true') {
      cursors[rel] = attribute(part, 'cursor');
    }
  }
  return cursors;
}

function attribute(part: string, name: string): string | null {
  return new RegExp(`;\\s*${name}="([^"]*)"`).exec(part)?.[1] ?? null;
}
