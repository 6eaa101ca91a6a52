import type { Request } from 'express';
import { RefusedError } from './refused-error.ts';
import { isLoopbackName, isNavigation, shown } from './same-origin.ts';

/** What proxies add, those of the large networks among them. */
const PROXY_HEADER =
  /^(?:forwarded|via|x-forwarded(?:-.*)?|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-connecting-ip|cdn-loop)$/;

/**
 * Why a server that signs in whoever reaches it must not answer this: the request is not from this machine, or nobody
 * can tell. Null: it is. Nothing that is set (a prefix, trusted proxies) changes it; only a user does.
 */
export function localFault(req: Request): RefusedError | null {
  const proxy = proxyMark(req);
  if (proxy) {
    return new RefusedError(
      'Stackmend needs a user before it works behind a proxy',
      `This request came through a proxy (${proxy}). Stackmend has no users yet and signs in whoever reaches it, so that it answers this machine alone. Make the first user where it runs, with \`stackmend users create\`; then set http.trusted-proxies to the address of the proxy, and system.url-prefix to the address that people open.`,
    );
  }
  const foreign = foreignName(req);
  if (!foreign) return null;
  return new RefusedError(
    'Stackmend answers this machine alone',
    `Stackmend does not answer to "${shown(foreign)}" while it has no users: whoever reaches it would be its user. Open it as localhost or 127.0.0.1 (through an SSH tunnel from elsewhere); or make the first user where it runs, with \`stackmend users create\`, and then set system.url-prefix to the address that people open, and http.trusted-proxies to the address of a proxy in front.`,
  );
}

/** How a proxy shows; null: it does not. */
function proxyMark(req: Request): string | null {
  const header = Object.keys(req.headers).find((name) => PROXY_HEADER.test(name));
  if (header) return `it has the header ${header}`;
  // nginx, as it comes, tells of itself by this alone. Browsers and programs have spoken 1.1 for two decades.
  if (req.httpVersion === '1.0') return 'it speaks HTTP/1.0';
  return null;
}

/** The first name in the request that is not this machine's. */
function foreignName(req: Request): string | null {
  const { host = '', origin, referer } = req.headers;
  if (!isLoopbackName(host)) return host || 'no name';
  if (origin !== undefined && !isLoopbackOrigin(origin)) return origin;
  // A newer nginx shows by nothing but that the page which asks was opened under another name.
  if (referer && req.path.startsWith('/api/') && !isNavigation(req) && !isLoopbackOrigin(referer)) return referer;
  return null;
}

const isLoopbackOrigin = (address: string) => isLoopbackName(URL.parse(address)?.host ?? '');
