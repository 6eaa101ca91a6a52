import { afterEach, expect, it } from 'vitest';
import { parseDsn } from '../../../server/protocol/dsn.ts';
import { startApp, type TestApp, withCookie } from './harness.ts';

let app: TestApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

it('gives the key of the internal project, at the address under which the page was opened', async () => {
  app = await startApp();
  const { publicKey } = await app.db
    .selectFrom('projectKey')
    .select('publicKey')
    .where('projectId', '=', 1)
    .executeTakeFirstOrThrow();
  const answer = await app.get('/internal/sdk/');
  expect(answer.body).toEqual({
    dsn: expect.stringMatching(`^http://${publicKey}@127\\.0\\.0\\.1:\\d+/1$`),
    release: 'stackmend@1.2.3',
    environment: 'test',
  });
  const { dsn } = answer.body as { dsn: string };
  expect(parseDsn(dsn)).toMatchObject({ publicKey, projectId: 1 });
});

it('gives no key that was switched off', async () => {
  app = await startApp();
  await app.db.updateTable('projectKey').set({ isActive: 0 }).where('projectId', '=', 1).execute();
  expect((await app.get('/internal/sdk/')).body).toMatchObject({ dsn: null });
});

it('gives none where reporting is off', async () => {
  app = await startApp({ browserSdk: null });
  expect((await app.get('/internal/sdk/')).body).toEqual({ dsn: null });
});

it('asks for a user, whatever they may do', async () => {
  app = await startApp();
  const password = 'correct horse battery';
  await app.auth.createUser({ username: 'kim', password });
  const { user } = await app.auth.createUser({ username: 'lee', password, permissions: [] });
  expect(await app.get('/internal/sdk/')).toMatchObject({ status: 401 });
  const { cookie } = await app.auth.startSession(user.id);
  expect(await app.get('/internal/sdk/', withCookie(cookie))).toMatchObject({ status: 200 });
});
