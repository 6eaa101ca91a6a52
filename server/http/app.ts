import compression from 'compression';
import express, { type Express, type Router } from 'express';
import helmet from 'helmet';
import type { Metrics } from '../metrics/metrics.ts';
import { NotFoundError } from '../protocol/errors.ts';
import { countRequests } from './count-requests.ts';
import { errorHandler, type LogError } from './errors.ts';
import { type CheckHealth, healthRoutes } from './health.ts';
import { type OriginSettings, sameOrigin } from './same-origin.ts';
import { type ScrapeDeps, scrapeRoutes } from './scrape.ts';
import { staticFiles } from './static-files.ts';

export type AppDeps = {
  /** Mounted at `/api/0`. */
  api: Router;
  /** The built page. */
  distDir: string;
  settings: OriginSettings;
  log: LogError;
  /** For those who watch over the server; left out, there is nothing for them. */
  watching?: { metrics: Pick<Metrics, 'incr' | 'timing'>; checkHealth: CheckHealth; reading: ScrapeDeps };
};

/** The Express app: everything but ingest, which plain `node:http` answers in front of it. Listens to nothing. */
export function createApp({ api, distDir, settings, log, watching }: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  if (watching) app.use(countRequests(watching.metrics));
  app.use(securityHeaders());
  // In front of the check of names: a container's health check may know the server by any.
  if (watching) app.use(healthRoutes(watching.checkHealth));
  app.use(sameOrigin(settings));
  app.use(
    compression({ filter: (req, res) => !isStream(res.getHeader('Content-Type')) && compression.filter(req, res) }),
  );
  if (watching) app.use(scrapeRoutes(watching.reading));
  app.use('/api/0', api);
  app.use('/api', (req) => {
    throw new NotFoundError(`There is no ${req.method} ${req.baseUrl}${req.path}. The API is at /api/0/.`);
  });
  app.use(staticFiles(distDir));
  app.use(errorHandler(log));
  return app;
}

/** Pieces of a stream must arrive as they come, not when a compressor's buffer is full. */
function isStream(contentType: unknown): boolean {
  return typeof contentType === 'string' && contentType.startsWith('text/event-stream');
}

/**
 * An event is written by a stranger: should any of it ever become markup, it still runs nothing and reaches nobody.
 * `data:` and `blob:` images are for attachments.
 */
function securityHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    // Plain http on loopback is the common case; whoever terminates TLS sets this there.
    strictTransportSecurity: false,
  });
}
