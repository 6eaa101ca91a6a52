import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { createClientAddress } from '../../../../server/ingest/client-address.ts';

const from = (remoteAddress: string | undefined, forwardedFor?: string) =>
  ({ socket: { remoteAddress }, headers: forwardedFor ? { 'x-forwarded-for': forwardedFor } : {} }) as IncomingMessage;

test.each<[string, string[], string | undefined, string | undefined, string | null]>([
  ['the peer', [], '192.0.2.1', undefined, '192.0.2.1'],
  ['the peer, whatever it says', [], '192.0.2.1', '203.0.113.9', '192.0.2.1'],
  ['the peer of a socket for both families', [], '::ffff:192.0.2.1', undefined, '192.0.2.1'],
  ['nobody, when the peer has gone', [], undefined, undefined, null],
  ['the peer, which is none of the proxies', ['10.0.0.0/8'], '192.0.2.1', '203.0.113.9', '192.0.2.1'],
  ['whom the proxy names', ['loopback'], '127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['the same over a socket for both families', ['loopback'], '::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['the last that no proxy wrote', ['loopback'], '127.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['whom the first of two proxies names', ['loopback', '10.0.0.0/8'], '::1', '203.0.113.9, 10.1.2.3', '203.0.113.9'],
  ['an address with a port', ['loopback'], '127.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
  ['an IPv6 address', ['loopback'], '127.0.0.1', '2001:db8::7', '2001:db8::7'],
  ['the proxy, which names nobody', ['loopback'], '127.0.0.1', undefined, '127.0.0.1'],
  ['nobody: the proxy names what is no address', ['loopback'], '127.0.0.1', 'unknown', null],
  ['nobody: the proxy names a script', ['uniquelocal'], '10.0.0.1', '<script>', null],
])('is %s', (_, proxies, peer, forwardedFor, address) => {
  expect(createClientAddress(proxies)(from(peer, forwardedFor))).toBe(address);
});
