import { createHash, timingSafeEqual } from 'node:crypto';
import { type Request, Router } from 'express';
import type { MetricsBackend } from '../metrics/backend.ts';
import { ForbiddenError, NotFoundError, UnauthorizedError } from '../protocol/errors.ts';
import { localFault } from './local-only.ts';
import { bearerOf, originFault } from './same-origin.ts';

export type ScrapeDeps = {
  /** None where the backend is not one that is read. */
  scrape: MetricsBackend['scrape'] | undefined;
  /** Empty: programs on this machine alone may read. */
  token: string;
};

/** `GET /metrics`, for Prometheus. */
export function scrapeRoutes({ scrape, token }: ScrapeDeps): Router {
  const router = Router();
  router.get('/metrics', async (req, res) => {
    checkReader(req, token);
    if (!scrape) throw new NotFoundError('Metrics are not kept for reading: set metrics.backend to prometheus.');
    const { contentType, text } = await scrape();
    res.setHeader('Cache-Control', 'no-store');
    res.setHeader('Content-Type', contentType);
    res.end(text);
  });
  return router;
}

/** With a token set, it is asked of all: behind a proxy on this machine everybody comes from loopback. */
function checkReader(req: Request, token: string): void {
  if (token === '') {
    if (isLocal(req)) return;
    throw new ForbiddenError(
      'Metrics are shown to programs on this machine. Set metrics.token to read them from elsewhere.',
    );
  }
  if (timingSafeEqual(digest(bearerOf(req) ?? ''), digest(token))) return;
  throw new UnauthorizedError('Metrics are shown to whoever sends metrics.token as a bearer token.');
}

/** The peer itself, whichever proxies are trusted to speak for others; and no page that was led here by another name. */
function isLocal(req: Request): boolean {
  const isPeerLocal = /^(?:::ffff:)?127\.|^::1$/.test(req.socket.remoteAddress ?? '');
  return isPeerLocal && !localFault(req) && !originFault(req, '', false);
}

/** Of one length, as the comparison needs them. */
const digest = (text: string) => createHash('sha256').update(text).digest();
