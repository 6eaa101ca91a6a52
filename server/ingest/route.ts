import { parseProjectId } from '../protocol/dsn.ts';

export type Route = {
  endpoint: 'envelope' | 'store' | 'minidump';
  /** As in the path; null on the oldest form, `/api/store/`. */
  project: string | null;
  /** Without the query, which may hold the key. */
  path: string;
  /** Without its `?`. */
  query: string;
};

/** `/api/<id>/envelope/` and the like under any prefix, since a DSN may have one; slashes at the end as it comes. */
const ROUTE = /\/api\/(?:([^/]+)\/)?(?:envelope|(store|minidump))\/*$/;

/** Null: not a path of ingest. What starts with `/api/0/` is the web API's. */
export function matchRoute(url: string): Route | null {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const match = ROUTE.exec(path);
  if (!match || path.startsWith('/api/0/')) return null;
  return {
    endpoint: match[2] === 'store' || match[2] === 'minidump' ? match[2] : 'envelope',
    project: match[1] ?? null,
    path,
    query: mark === -1 ? '' : url.slice(mark + 1),
  };
}

/** @throws {DsnError} the path names a project by something else than a number */
export function projectIdOf({ project }: Route): number | null {
  return project === null ? null : parseProjectId(project);
}
