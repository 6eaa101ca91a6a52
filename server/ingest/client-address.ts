import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

/** Who sent a request; null: that cannot be known. */
export type ClientAddress = (req: IncomingMessage) => string | null;

/**
 * Whom a trusted proxy names in X-Forwarded-For, else the peer itself: what anybody else writes there changes nothing.
 *
 * @param trustedProxies addresses, ranges, or names of ranges as `proxy-addr` has them
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  if (trustedProxies.length === 0) return ({ socket }) => withoutFamily(socket.remoteAddress ?? '') || null;
  const trust = proxyAddr.compile([...trustedProxies]);
  return (req) => {
    // Some proxies add the client's port.
    const address = withoutFamily(proxyAddr(req, trust) ?? '').replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
    return isIP(address) ? address : null;
  };
}

/** A socket for both families writes ::ffff:192.0.2.1 */
const withoutFamily = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');
