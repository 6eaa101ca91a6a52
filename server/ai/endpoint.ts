import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { ConfigurationError } from '../protocol/errors.ts';

export type Endpoint = {
  /** Without credentials, query or trailing slash: what answers are kept under. */
  baseUrl: string;
  /** Host, and port where it is not the scheme's: what people are shown. */
  host: string;
  /** On this machine or in a private network, as far as the name tells; nothing is looked up. */
  isLocal: boolean;
  /** OpenAI's own host answers nothing without a key; others decide for themselves. */
  needsKey: boolean;
};

/** @throws {ConfigurationError} not http or https, or with credentials, query or fragment in it */
export function parseEndpoint(baseUrl: string): Endpoint {
  const url = URL.parse(baseUrl);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError(
      `openai.base-url (OPENAI_BASE_URL) is no http or https address: ${url?.protocol ?? baseUrl}`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new ConfigurationError(
      'openai.base-url (OPENAI_BASE_URL) must have no user name, password, query or fragment; a key goes into openai.api-key.',
    );
  }
  return {
    baseUrl: url.href.replace(/\/{1,10}$/, ''),
    host: url.host,
    isLocal: isPrivateHost(url.hostname),
    needsKey: url.hostname === 'api.openai.com' || url.hostname.endsWith('.api.openai.com'),
  };
}

const privateRanges = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const) {
  privateRanges.addSubnet(network, prefix, 'ipv4');
}
privateRanges.addAddress('::1', 'ipv6');
privateRanges.addSubnet('fc00::', 7, 'ipv6');
privateRanges.addSubnet('fe80::', 10, 'ipv6');

/**
 * @param hostname as `URL` writes it: lower case, numbers already turned into an address, IPv6 in brackets
 */
function isPrivateHost(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIPv4(address)) return privateRanges.check(address, 'ipv4');
  if (isIPv6(address)) return privateRanges.check(address, 'ipv6');
  const name = hostname.replace(/\.$/, '');
  // A name without a dot is that of a neighbour (a container, a machine of the network); .internal and .local are
  // reserved for private use.
  return !name.includes('.') || /\.(localhost|local|internal|home\.arpa)$/.test(name);
}
