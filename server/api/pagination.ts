import type { Request, Response } from 'express';

type PageLinks = {
  next: { cursor: string; results: boolean };
  previous: { cursor: string; results: boolean };
  hits: number | null;
};

/** Names the neighbouring pages as Sentry does: both always, `results` telling whether something is there. */
export function setPageLinks(req: Request, res: Response, page: PageLinks): void {
  res.setHeader('Link', `${link(req, 'previous', page.previous)}, ${link(req, 'next', page.next)}`);
  if (page.hits !== null) res.setHeader('X-Hits', String(page.hits));
}

function link(req: Request, rel: string, { cursor, results }: PageLinks['next']): string {
  const url = new URL(req.originalUrl, `${req.protocol}://${req.host}`);
  url.searchParams.set('cursor', cursor);
  return `<${url.href}>; rel="${rel}"; results="${results}"; cursor="${cursor}"`;
}
