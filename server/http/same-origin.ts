import type { RequestHandler } from 'express';
import { ForbiddenError } from '../protocol/errors.ts';

export type OriginSettings = {
  /** `name:port` of each name under which this server may be addressed, besides loopback names: lower case. */
  allowedHosts: readonly string[];
  /** Bound to loopback, any loopback name is ours, at any port (a tunnel or a proxy may have another). */
  isLoopback: boolean;
};

/**
 * Refuses requests that another web page makes: by a name that somebody pointed at this machine (DNS rebinding), or from
 * a foreign origin. Nobody signs in yet, so whoever may ask may read. Programs (curl, sentry-cli) send neither header.
 */
export function sameOrigin(settings: OriginSettings): RequestHandler {
  const isOurs = (host: string | undefined) => host !== undefined && isAllowedHost(host, settings);
  return (req, _res, next) => {
    const { host, origin } = req.headers;
    const site = req.headers['sec-fetch-site'];
    if (!isOurs(host)) {
      throw new ForbiddenError(
        `Stackmend does not answer to the name "${shown(host)}". Open it as localhost or 127.0.0.1, or set system.url-prefix to the address that you use.`,
      );
    }
    if (origin !== undefined && !isSameOrigin(origin, host ?? '')) {
      throw new ForbiddenError(
        `Stackmend does not answer pages of another origin ("${shown(origin)}"). Only sending events is open to all. Open Stackmend itself.`,
      );
    }
    // A link from elsewhere to a page of ours is a navigation, and fine; a foreign page reading the API is not.
    const isNavigation = req.headers['sec-fetch-mode'] === 'navigate' && req.method === 'GET';
    if ((site === 'cross-site' || site === 'same-site') && !isNavigation) {
      throw new ForbiddenError('Stackmend does not answer requests that another site makes. Open Stackmend itself.');
    }
    next();
  };
}

function isAllowedHost(host: string, { allowedHosts, isLoopback }: OriginSettings): boolean {
  if (allowedHosts.includes(host.toLowerCase())) return true;
  return isLoopback && /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(host);
}

function isSameOrigin(origin: string, host: string): boolean {
  try {
    // "null" (a sandboxed frame, a file) is no URL. TLS may end in front of us, so that the scheme is not compared.
    return new URL(origin).host === new URL(`${new URL(origin).protocol}//${host}`).host;
  } catch {
    return false;
  }
}

const shown = (text: string | undefined) => (text ?? '').slice(0, 100);
