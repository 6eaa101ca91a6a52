import type { Request } from 'express';
import { RefusedError } from './refused-error.ts';

const REFUSED = 'Stackmend does not answer other pages';

/** Bound to a loopback name, a socket hears this machine alone, at any port: a tunnel may have another. */
const LOOPBACK_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;
export const isLoopbackName = (host: string): boolean => LOOPBACK_NAME.test(host);

export const isRead = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD';

/** A link from elsewhere to a page of ours is fine; a foreign page that reads the API is not. */
export const isNavigation = (req: Request): boolean => isRead(req) && req.headers['sec-fetch-mode'] === 'navigate';

/**
 * What is wrong with the origin of a request, if anything. Who sends a token has it from a user, and no foreign page can
 * make a browser send one; a cookie a browser sends by itself, so that a change which comes with one must say whose page
 * wants it. The forms of login and setup are asked the same, lest another site sign somebody in as somebody else.
 *
 * @param own origin of the address that the operator set
 * @param hasCookie a session's
 */
export function originFault(req: Request, own: string, hasCookie: boolean): RefusedError | null {
  if (bearerOf(req) !== null) return null;
  const { origin } = req.headers;
  const site = req.headers['sec-fetch-site'];
  if (origin !== undefined && !isOwnOrigin(origin, req, own)) {
    return new RefusedError(
      REFUSED,
      `Stackmend does not answer pages of another origin ("${shown(origin)}"). Only sending events is open to all. Open Stackmend itself; behind a proxy, set system.url-prefix to the address that you open.`,
    );
  }
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation(req)) {
    return new RefusedError(
      REFUSED,
      'Stackmend does not answer requests that another site makes. Open Stackmend itself.',
    );
  }
  if (hasCookie && origin === undefined && !isRead(req)) {
    return new RefusedError(
      REFUSED,
      'A change that comes with a cookie must have an Origin header, as browsers send it. Programs send an API token instead.',
    );
  }
  return null;
}

/** "null" (a sandboxed frame, a file) is no URL. */
function isOwnOrigin(origin: string, req: Request, own: string): boolean {
  if (origin === own) return true;
  const url = URL.parse(origin);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
  // TLS may end at a proxy that tells nothing of it. The other way round it is somebody who changes what passes by.
  if (url.protocol === 'http:' && req.protocol === 'https') return false;
  return url.host === URL.parse(`${url.protocol}//${req.host}`)?.host;
}

/** The token of `Authorization: Bearer`, empty where it has none; null: who asks sends no token. */
export function bearerOf({ headers }: Pick<Request, 'headers'>): string | null {
  const [scheme = '', token = ''] = (headers.authorization ?? '').trim().split(/ +/, 2);
  return scheme.toLowerCase() === 'bearer' ? token : null;
}

/** A stranger's text in words of ours. */
export const shown = (text: string | undefined): string => (text ?? '').slice(0, 100);
