import { type ApiIndex, PERMISSIONS, type Permission } from '../../../../server/protocol/contract.ts';

/** What `GET /api/0/` answers to whom. */
export const nobody: ApiIndex = { version: '0', auth: null, user: null, state: 'users' };
export const firstUserMissing: ApiIndex = { ...nobody, state: 'setup' };
export const localUser: ApiIndex = {
  version: '0',
  auth: { scopes: [...PERMISSIONS] },
  user: { id: 'local', username: 'local', isActive: true },
  state: 'local',
};
export const signedIn = (username: string, scopes: readonly Permission[] = PERMISSIONS): ApiIndex => ({
  version: '0',
  auth: { scopes: [...scopes] },
  user: { id: username, username, name: username === 'ada' ? 'Ada Lovelace' : null, isActive: true },
  state: 'users',
});
/** May look, and nothing else. */
export const reader = signedIn('bob', ['event:read', 'project:read', 'org:read']);
