import { PERMISSIONS, type Permission, type User } from '../../../../server/protocol/contract.ts';
import type { Answers } from '../app/render-app.tsx';

export const ada: User = {
  id: '1',
  username: 'ada',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  isActive: true,
  dateJoined: '2026-01-02T10:00:00Z',
  lastLogin: '2026-11-20T10:00:00Z',
  permissions: [...PERMISSIONS],
};
export const grace: User = {
  id: '2',
  username: 'grace',
  name: null,
  email: null,
  isActive: true,
  dateJoined: '2026-11-01T10:00:00Z',
  lastLogin: null,
  permissions: ['event:write', 'project:read'],
};

export const nothing = () => new Response(null, { status: 204 });

/** What the server answers to `ada`, signed in with `scopes`. */
export const asAda = (scopes: readonly Permission[] = PERMISSIONS): Answers => ({
  'GET /': () => ({ version: '0', state: 'users', auth: { scopes }, user: ada }),
  'GET /users/me/': () => ada,
  'GET /organizations/stackmend/members/': () => [ada, grace],
  'GET /api-tokens/': () => [],
});

/** A server on loopback without users. */
export const local: Answers = {
  'GET /': () => ({ version: '0', state: 'local', auth: { scopes: PERMISSIONS }, user: null }),
  'GET /organizations/stackmend/members/': () => [],
};
