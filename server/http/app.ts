import compression from 'compression';
import express, { type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import type { Metrics } from '../metrics/metrics.ts';
import { NotFoundError } from '../protocol/errors.ts';
import { countRequests } from './count-requests.ts';
import { errorHandler, type LogError } from './errors.ts';
import { type GuardDeps, guard } from './guard.ts';
import { type CheckHealth, healthRoutes } from './health.ts';
import { type IdentifyDeps, identify } from './identify.ts';
import { type ScrapeDeps, scrapeRoutes } from './scrape.ts';
import { staticFiles } from './static-files.ts';

const YEAR_SECONDS = 365 * 24 * 3600;

/** Who may ask, and who asks. */
export type Access = GuardDeps &
  IdentifyDeps & {
    /** Addresses, ranges, or names of ranges as `proxy-addr` has them: their X-Forwarded headers are believed. */
    trustedProxies: readonly string[];
  };

export type AppDeps = {
  /** Mounted at `/api/0`. */
  api: Router;
  /** The built page. */
  distDir: string;
  access: Access;
  log: LogError;
  /** For those who watch over the server; left out, there is nothing for them. */
  watching?: { metrics: Pick<Metrics, 'incr' | 'timing'>; checkHealth: CheckHealth; reading: ScrapeDeps };
};

/** The Express app: everything but ingest, which plain `node:http` answers in front of it. Listens to nothing. */
export function createApp({ api, distDir, access, log, watching }: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('trust proxy', [...access.trustedProxies]);
  // What a path is allowed to is told by how it begins.
  app.enable('case sensitive routing');
  if (watching) app.use(countRequests(watching.metrics));
  app.use(securityHeaders(access.isLoopback || access.url.startsWith('https:')));
  if (access.url.startsWith('https:')) app.use(keepToHttps);
  // In front of the guard: a container's health check may know the server by any name, and metrics have a rule of their own.
  if (watching) app.use(healthRoutes(watching.checkHealth));
  app.use(
    compression({ filter: (req, res) => !isStream(res.getHeader('Content-Type')) && compression.filter(req, res) }),
  );
  if (watching) app.use(scrapeRoutes(watching.reading));
  app.use(guard(access));
  app.use('/api/0', identify(access), api);
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

/** Only where the request came by TLS, as far as a trusted proxy can be believed; siblings of the name are not ours to bind. */
const keepToHttps: RequestHandler = (req, res, next) => {
  if (req.secure) res.setHeader('Strict-Transport-Security', `max-age=${YEAR_SECONDS}`);
  next();
};

/**
 * An event is written by a stranger: should any of it ever become markup, it still runs nothing and reaches nobody.
 * `data:` and `blob:` images are for attachments.
 *
 * @param isTrustworthy https or loopback: elsewhere browsers ignore two of the headers, and complain of it on every page
 */
function securityHeaders(isTrustworthy: boolean) {
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
    crossOriginOpenerPolicy: isTrustworthy,
    originAgentCluster: isTrustworthy,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: false, // See keepToHttps: plain http on loopback is the common case.
  });
}
