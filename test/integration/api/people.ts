import type { Permission } from '../../../server/protocol/contract.ts';
import { cookieOf, type TestApp, withCookie, withToken } from './harness.ts';

export const PASSWORD = 'correct horse battery';

/** A user with exactly these permissions, and without a session. The first one has all. */
export async function addUser(app: TestApp, username: string, permissions?: readonly Permission[]): Promise<number> {
  const { user } = await app.auth.createUser({ username, password: PASSWORD, ...(permissions && { permissions }) });
  return user.id;
}

/** Signs in over HTTP. `as` are the headers of one who is signed in. */
export async function signIn(app: TestApp, username: string, { password = PASSWORD, as = {} } = {}) {
  const answer = await app.ask('POST', '/auth/login/', { username, password }, as);
  const cookie = cookieOf(answer) ?? '';
  return { ...answer, cookie, as: withCookie(cookie) };
}

/** Headers of one who has this token. */
export async function tokenOf(app: TestApp, userId: number, scopes: readonly Permission[]) {
  return withToken((await app.auth.createToken(userId, { name: 'test', scopes })).token);
}
