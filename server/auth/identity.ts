import type { IncomingMessage } from 'node:http';
import type { Permission } from '../protocol/contract.ts';

/** Times are Unix milliseconds. */
export type User = {
  id: number;
  username: string;
  email: string | null;
  name: string | null;
  isActive: boolean;
  dateCreated: number;
  lastLogin: number | null;
};

/**
 * Who asks, and what is allowed to them. `local`: the one user of a server on loopback that has no users; `operator`: who
 * runs a command, and can read the files anyway. Neither has a `user`.
 */
export type Identity = {
  kind: 'session' | 'token' | 'local' | 'operator';
  user: User | null;
  /** What is allowed in effect: of a token, what both it and its user have; with all that each includes. */
  permissions: ReadonlySet<Permission>;
  /** Of a session: the id in its table, never what the cookie holds. */
  sessionId: string | null;
};

const identities = new WeakMap<IncomingMessage, Identity>();

/** Says who sent a request, once that was checked. Nothing of the request itself can say so. */
export function setIdentity(request: IncomingMessage, identity: Identity): void {
  identities.set(request, identity);
}

/** @returns null for nobody */
export function identityOf(request: IncomingMessage): Identity | null {
  return identities.get(request) ?? null;
}

/** What the consent and the ledger of AI calls are kept under. */
export const userKey = ({ user }: Identity): string => (user ? String(user.id) : 'local');
