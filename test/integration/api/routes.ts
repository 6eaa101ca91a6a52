import type { RequestHandler, Router } from 'express';
import { type Gate, gateOf } from '../../../server/api/permit.ts';

/** `name` is method and path: `GET /issues/:issueId/`. Gate null: its first handler is none. */
export type ListedRoute = { name: string; method: string; path: string; gate: Gate | null };

/** Handlers that all requests pass, and that answer nothing but that there is nothing. */
const PASSED_BY_ALL = ['neverStored', 'notFound'];

/**
 * Every route of a router and of those in it, as Express has them, one for each method and path. What answers without
 * being a route is listed too, without a gate: a handler given to `use`, and `all`.
 */
export function routesOf(router: Router): ListedRoute[] {
  return router.stack.flatMap(({ route, handle, name, ...layer }): ListedRoute[] => {
    if (route) {
      return [...Map.groupBy(route.stack, ({ method }) => method)].flatMap(([method, [first]]) =>
        [route.path].flat().map((path) => ({
          ...named(method?.toUpperCase() ?? 'ALL', path),
          gate: (first && gateOf(first.handle as RequestHandler)) ?? null,
        })),
      );
    }
    // Below a path of its own, the names of what is in it would not be whole.
    const isAtRoot = 'slash' in layer && layer.slash === true;
    if (isAtRoot && isRouter(handle)) return routesOf(handle);
    return isAtRoot && PASSED_BY_ALL.includes(name) ? [] : [{ ...named('USE', name), gate: null }];
  });
}

const named = (method: string, path: string) => ({ name: `${method} ${path}`, method, path });
const isRouter = (handle: unknown): handle is Router => typeof handle === 'function' && 'stack' in handle;
