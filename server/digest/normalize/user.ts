import { isIP } from 'node:net';
import type { JsonObject, StoredUser } from '../../protocol/event.ts';
import { at, invalid, isObject } from './place.ts';
import { type Fields, objectTree, type Reader, readObject, text } from './read.ts';

/** What an SDK writes where the server is to fill in the address that the event came from. */
const AUTO = '{{auto}}';

const ipAddress: Reader<string> = (value, place, key) => {
  const read = text(value, place, key)?.trim();
  if (!read) return null;
  return read === AUTO || isIP(read) ? read : invalid(place, [key], value, 'expected an IP address or {{auto}}');
};

const USER: Fields = new Map<string, Reader>([
  ['id', text],
  ['email', text],
  ['username', text],
  ['name', text],
  ['ip_address', ipAddress],
  ['geo', objectTree],
  ['data', objectTree],
]);

export const user: Reader = (value, place, key) => {
  const child = at(place, key);
  if (!isObject(value)) return invalid(child, [], value, 'expected a user');
  return readObject<StoredUser>(value, child, USER) as JsonObject;
};

type IpSources = {
  user?: StoredUser | null;
  request?: { env?: JsonObject | null } | null;
  sdk?: { settings?: JsonObject | null } | null;
};

/**
 * Fills in the user's address where the SDK asks for it (`{{auto}}`, or `settings.infer_ip: "auto"` and none given), from
 * the request that the program served, else from whoever sent the event. Never unasked: it is personal data.
 * Changes the event.
 */
export function fillIpAddress(event: IpSources, remoteAddress: string | null): void {
  const isAsked = event.user?.ip_address === AUTO;
  const isImplied = !event.user?.ip_address && event.sdk?.settings?.['infer_ip'] === 'auto';
  const served = event.request?.env?.['REMOTE_ADDR'];
  const servedAddress = typeof served === 'string' && isIP(served) ? served : null;
  if (!isAsked && !isImplied && (!servedAddress || event.user?.ip_address)) return;
  const address = servedAddress ?? (isAsked || isImplied ? plainAddress(remoteAddress) : null);
  if (address) event.user = { ...event.user, ip_address: address };
  else if (event.user) event.user.ip_address = null;
}

/** Node gives IPv4 on a socket for both families as `::ffff:1.2.3.4`. */
function plainAddress(address: string | null): string | null {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
  return isIP(plain) ? plain : null;
}
