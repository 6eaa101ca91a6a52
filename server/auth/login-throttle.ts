import { isIPv6, SocketAddress } from 'node:net';
import { createRateLimit, type RateLimit } from '../limits/rate-limit.ts';
import { RateLimitedError } from '../protocol/errors.ts';
import { hashSecret } from './secret.ts';

const WINDOW_MS = 15 * 60_000;
const PER_ACCOUNT = 10;
const PER_ADDRESS = 50;
/** Pairs of a name and an address that are remembered; past it, the oldest are forgotten. */
const MAX_KNOWN = 10_000;

/** One try. `succeeded` gives it back: only what fails counts. */
export type LoginTry = { succeeded(names: (string | null)[]): void };

/**
 * At most 10 failed tries in 15 minutes an account, and 50 an address.
 *
 * The account's ten are shared by all addresses, or who has many could guess without end; alone, they would let anybody
 * lock a user out for ever with 40 requests an hour. So an address from which the user has signed in before has ten of its
 * own, which strangers cannot use up (OWASP calls this device cookies; here the address is the device). What remains:
 * whoever is attacked just then cannot sign in from a new address, or, after a restart, which forgets the addresses, from
 * any; those signed in stay so. Kept in memory: which address somebody came from is nobody's to read in a database.
 *
 * An account is the name as typed, known or not, so that the answer does not tell which names exist.
 *
 * @param deps.now Unix milliseconds
 * @see https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 */
export function createLoginThrottle({ now }: { now: () => number }) {
  const limits = { windowMs: WINDOW_MS, now };
  const addresses = createRateLimit({ ...limits, limit: PER_ADDRESS });
  const accounts = createRateLimit({ ...limits, limit: PER_ACCOUNT });
  const ownAccounts = createRateLimit({ ...limits, limit: PER_ACCOUNT });
  const known = new Set<string>();

  function remember(pair: string): void {
    known.delete(pair);
    known.add(pair);
    const [oldest] = known;
    if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
  }

  return {
    /** @throws {RateLimitedError} with the seconds to wait */
    take: (name: string, address: string): LoginTry => {
      const network = networkOf(address);
      const account = accountOf(name);
      const pair = `${account} ${network}`;
      takeOrThrow(addresses, network, 'from this address');
      const [limit, key] = known.has(pair) ? [ownAccounts, pair] : [accounts, account];
      takeOrThrow(limit, key, 'with this user name');
      return {
        succeeded: (names) => {
          addresses.giveBack(network);
          limit.giveBack(key);
          for (const own of names) if (own !== null) remember(`${accountOf(own)} ${network}`);
        },
      };
    },
  };
}

/** @throws {RateLimitedError} with the seconds to wait */
export function takeOrThrow(limit: RateLimit, key: string, what: string): void {
  const { ok, retryAfter } = limit.take(key);
  if (ok) return;
  const minutes = Math.ceil(retryAfter / 60);
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  throw new RateLimitedError(`Too many failed tries ${what}. Try again in ${wait}.`, retryAfter);
}

/** Of one length: strangers choose the names, and 10,000 are held. */
const accountOf = (name: string): string => hashSecret(name.trim().toLowerCase());

/** An IPv4 address, or the first half of an IPv6 one: a home has 2^64 of these. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const canonical = new SocketAddress({ address: address.replace(/%.*$/s, ''), family: 'ipv6' }).address;
  if (/^::ffff:[\d.]+$/.test(canonical)) return canonical.slice('::ffff:'.length);
  const [head = [], tail] = canonical.split('::').map((part) => part.split(':').filter(Boolean));
  const groups = tail ? [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail] : head;
  return `${groups.slice(0, 4).join(':')}::/64`;
}
