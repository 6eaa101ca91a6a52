import type { Request, RequestHandler } from 'express';
import type { Metrics } from '../metrics/metrics.ts';

/**
 * Counts and times each request by its route's pattern, never by its path, which a stranger chooses: `unmatched` is what
 * no route of ours took, the page's own files among them.
 */
export function countRequests(metrics: Pick<Metrics, 'incr' | 'timing'>): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    res.once('close', () => {
      const route = routeOf(req);
      const status = res.writableFinished ? `${Math.floor(res.statusCode / 100)}xx` : 'aborted';
      metrics.incr('http.requests', 1, { method: req.method, route, status });
      metrics.timing('http.duration', performance.now() - startedAt, { route });
    });
    next();
  };
}

/** All our routers hang at fixed places, so that a route's own pattern names it. */
function routeOf(req: Request): string {
  const path: unknown = req.route?.path;
  const pattern: unknown = Array.isArray(path) ? path[0] : path;
  if (typeof pattern !== 'string' || pattern === '*') return 'unmatched';
  return req.originalUrl.startsWith('/api/0/') ? `/api/0${pattern}` : pattern;
}
