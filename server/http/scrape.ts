import { createHash, timingSafeEqual } from 'node:crypto';
import { type Request, Router } from 'express';
import type { MetricsBackend } from '../metrics/backend.ts';
import { ForbiddenError, NotFoundError, UnauthorizedError } from '../protocol/errors.ts';

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
  const given = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
  if (timingSafeEqual(digest(given), digest(token))) return;
  throw new UnauthorizedError('Metrics are shown to whoever sends metrics.token as a bearer token.');
}

function isLocal({ socket, headers }: Request): boolean {
  const isForwarded = ['forwarded', 'x-forwarded-for', 'via'].some((name) => headers[name] !== undefined);
  return !isForwarded && /^(?:::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '');
}

/** Of one length, as the comparison needs them. */
const digest = (text: string) => createHash('sha256').update(text).digest();
