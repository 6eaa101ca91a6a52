import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * By what others can reach a server that listens on every address of this machine, the likeliest first. In a container
 * they are the container's, and true from its host alone: system.url-prefix is what says better.
 *
 * @returns at least one; without any network, loopback
 */
export function machineAddresses(): [string, ...string[]] {
  const found = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address),
  );
  const [first = '127.0.0.1', ...rest] = found.sort((a, b) => Number(isIPv6(a)) - Number(isIPv6(b)));
  return [first, ...rest];
}
