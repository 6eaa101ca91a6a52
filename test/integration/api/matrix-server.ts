import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { nodeId } from '../../../server/backends/nodestore.ts';
import { createApp } from '../../../server/http/app.ts';
import { createSessionCookie } from '../../../server/http/session-cookie.ts';
import { createMetrics } from '../../../server/metrics/metrics.ts';
import { createApiOf } from '../../../server/runner/api.ts';
import { openServerServices } from '../../../server/runner/services.ts';
import { readSettings } from '../../../server/settings/settings.ts';
import { formatShortId } from '../../../server/storage/issues.ts';
import { startFakeModel } from '../../fake-model.ts';
import { makeRepository } from '../../unit/server/source/checkout.ts';
import { storedEvent, withCookie } from './harness.ts';
import type { World } from './matrix.ts';
import { routesOf } from './routes.ts';
import { seedAttachment, seedEvent, seedIssue } from './seed.ts';

const DAY = 24 * 3_600_000;

/** A server's own services, API and app in this process, on files of its own; only the model is pretend. */
export async function startMatrixServer() {
  const model = await startFakeModel();
  const directory = mkdtempSync(join(tmpdir(), 'matrix-'));
  const options = ['system.secret-key: x', 'ai.policy: allowed', `source.roots: [${JSON.stringify(directory)}]`];
  writeFileSync(join(directory, 'config.yml'), `${options.join('\n')}\n`);
  const { folder: repositoryPath } = makeRepository(join(directory, 'shop'), { 'src/billing.py': 'pass\n' });
  const settings = await readSettings(directory, { OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'words' });
  const logged: unknown[] = [];
  const metrics = createMetrics();
  const url = 'http://127.0.0.1:8765';
  const services = await openServerServices(settings, url, metrics, (error) => void logged.push(error));
  const { auth, db } = services;
  const sessionCookie = createSessionCookie({ isHttps: false, lifeMs: DAY });
  const log = (_: string, error: unknown) => void logged.push(error);
  const api = createApiOf(services, settings, () => [], metrics, log, { sessionCookie, setupLink: null });
  const access = { auth, sessionCookie, isLoopback: true, url, isSetupOpen: () => false, trustedProxies: [] };
  const server = createServer(createApp({ api, distDir: directory, access, log }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const base = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}/api/0`;
  let asked = 0;
  // Digest numbers issues of its own, from 1.
  let number = 1_000_000;
  const nextNumber = () => ++number;

  return {
    auth,
    routes: routesOf(api),
    logged,
    /** Requests so far. */
    asked: () => asked,

    async ask(method: string, address: string, body: unknown, as: Record<string, string>) {
      asked += 1;
      const isText = typeof body === 'string';
      const response = await fetch(base + address, {
        method,
        ...(body !== undefined && { body: isText || body instanceof FormData ? body : JSON.stringify(body) }),
        headers: {
          // A form's own names its boundary.
          ...(!(body instanceof FormData) && { 'content-type': isText ? 'text/plain' : 'application/json' }),
          ...as,
        },
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      const answer: unknown = isJson && text ? JSON.parse(text) : text;
      return { status: response.status, body: answer, headers: response.headers };
    },

    /** A new session of this user, as headers. */
    sessionOf: async (userId: number) => withCookie((await auth.startSession(userId)).cookie),

    /** All anew, since a request may delete it. @param asker whose token is `tokenId`; null: nobody's */
    async createWorld(asker: number | null): Promise<World> {
      const tags: [string, string][] = [['browser', 'Firefox']];
      const [number, foreign] = [nextNumber(), nextNumber()];
      const issueId = await seedIssue(db, { number, tags: { browser: ['Firefox'] } });
      const foreignIssueId = await seedIssue(db, { projectId: 1, number: foreign });
      const [eventId, otherEventId] = [newId(), newId()];
      for (const id of [eventId, otherEventId]) {
        await services.nodestore.set([{ id: nodeId(2, id), event: storedEvent(2, { eventId: id }) }]);
        await seedEvent(db, issueId, { eventId: id, tags });
      }
      const report = { projectId: 2, release: '1.0', commitSha: null, format: 'lcov', name: 'report', dateCreated: 0 };
      const { id: reportId } = await db
        .insertInto('coverageReport')
        .values(report)
        .returning('id')
        .executeTakeFirstOrThrow();
      const mapping = { projectId: 2, stackRoot: newId(), sourceRoot: 'src', repositoryPath, dateCreated: 0 };
      const { id: mappingId } = await db
        .insertInto('codeMapping')
        .values(mapping)
        .returning('id')
        .executeTakeFirstOrThrow();
      const [version, bundleId, url] = [newId(), crypto.randomUUID(), '~/a.js'];
      const release = { projectId: 2, version, commitSha: 'abcdef0', dateCreated: 0 };
      await db.insertInto('release').values(release).execute();
      const file = { url, type: 'source', debugId: null, sourceMapUrl: null, bytes: new Uint8Array([1]) };
      const upload = { projectId: 2, bundleId, checksum: newId(), release: version, dist: null, files: [file] };
      const bundle = await services.artifacts.store.addBundle(upload);
      const [userId, managerId] = [await addUserRow(), await addUserRow()];
      await auth.addPermission(managerId, 'member:admin');
      const tokenOf = async (id: number) => (await auth.createToken(id, { name: 'x', scopes: ['event:read'] })).row.id;
      const foreignTokenId = await tokenOf(userId);
      const keyOf = async (projectId: number) => (await services.projects.keys(projectId))[0]?.publicKey ?? '';
      const note = { issueId, userId: asker, userName: 'asker', type: 'note', data: '{"text":"x"}', dateCreated: 0 };
      const { id: noteId } = await db.insertInto('activity').values(note).returning('id').executeTakeFirstOrThrow();
      const callId = await services.aiCalls.begin({ ...CALL, projectId: 2, issueId, eventId });
      await services.aiCalls.end(callId, ENDED);
      const [keyId, foreignKeyId] = [await keyOf(2), await keyOf(1)];
      return {
        issueId,
        foreignIssueId,
        keyId,
        foreignKeyId,
        shortId: formatShortId('default', number),
        eventId,
        otherEventId,
        attachmentId: await seedAttachment(db, 2, eventId),
        noteId,
        reportId,
        version,
        bundleId,
        fileId: `${bundle}.${Buffer.from(url).toString('base64url')}`,
        mappingId,
        repositoryPath,
        callId,
        userId,
        managerId,
        foreignTokenId,
        tokenId: asker === null ? foreignTokenId : await tokenOf(asker),
      };
    },

    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await services.close();
      await model.close();
      rmSync(directory, { recursive: true });
      expect(logged).toEqual([]);
    },
  };

  /** Without the 30 ms that a password costs. */
  async function addUserRow(): Promise<number> {
    const row = { username: newId(), passwordHash: 'none', dateCreated: 0 };
    return (await db.insertInto('user').values(row).returning('id').executeTakeFirstOrThrow()).id;
  }
}
export type MatrixServer = Awaited<ReturnType<typeof startMatrixServer>>;

const CALL = {
  ...{ userId: null, userName: null, endpointName: 'default', endpoint: 'http://localhost/v1', model: 'words' },
  ...{ promptVersion: '1', request: [], redacted: [], leftOut: [], tokensFrom: 'estimate' as const, dateCreated: 0 },
};
const ENDED = {
  ...{ status: 'success' as const, answer: 'a', errorKind: null, inputTokens: 1, outputTokens: 1, cost: null },
  ...{ tokensFrom: 'estimate' as const, duration: 1, firstPieceAfter: 1 },
};
const newId = () => crypto.randomUUID().replaceAll('-', '');
