import type { Gate } from '../../../server/api/permit.ts';
import { PASSWORD } from './people.ts';

/** What a request of the matrix is about; all of it is in the default project, but `foreignIssueId`. */
export type World = {
  issueId: number;
  shortId: string;
  foreignIssueId: number;
  eventId: string;
  /** Of the same issue. */
  otherEventId: string;
  attachmentId: number;
  /** Of whoever asks, about the issue. */
  noteId: number;
  reportId: number;
  /** A release with a commit, an upload of one file for it, and that file. */
  version: string;
  bundleId: string;
  fileId: string;
  keyId: string;
  /** Of another project. */
  foreignKeyId: string;
  mappingId: number;
  /** A checkout on the server's disk. */
  repositoryPath: string;
  /** A user without permissions, and one with member:admin. */
  userId: number;
  managerId: number;
  /** A call to a model, about the issue's event. */
  callId: number;
  /** A token of whoever asks, and one of somebody else. */
  tokenId: number;
  foreignTokenId: number;
};

export type Line = {
  gate: Gate;
  /** Answered to whoever may: 200 unless told. */
  status?: number;
  /** Answered to a token that may, where that is another. */
  tokenStatus?: number;
  /** JSON, or text that goes as it is; a function makes it. */
  body?: unknown;
  query?: (world: World) => string;
  /** In the place of what is taken from the world by the parameter's name. */
  params?: (world: World) => Record<string, string | number>;
  /** Further requests for what is there, but not there: each is a 404. */
  misplaced?: ((world: World) => Record<string, string | number>)[];
};

const EVENT = JSON.stringify({ message: 'pasted', platform: 'python' });
const LCOV = 'SF:src/billing.py\nDA:4,1\nend_of_record\n';
const ORGANIZATION = '/organizations/:organization/';
const PROJECT = '/projects/:organization/:project/';
const PROJECT_EVENT = `${PROJECT}events/:eventId/`;
const CODE_MAPPINGS = `${ORGANIZATION}code-mappings/`;
const AI_CALLS = `${ORGANIZATION}ai-calls/`;
const MEMBERS = `${ORGANIZATION}members/`;
const USER_PERMISSIONS = '/users/:userId/permissions/';

const ofCall = ({ callId }: World) => `?id=${callId}`;
const bulk = ({ issueId }: World) => `?id=${issueId}`;
const nobody = () => ({ userId: 999_999 });
/** The event is another issue's. */
const ofForeignIssue = ({ foreignIssueId }: World) => ({ issueId: foreignIssueId });
/** Who wrote a note may change it, and the note is about one issue. */
const ofAnotherIssue = [ofForeignIssue, () => ({ noteId: 999_999 }), () => ({ noteId: 'x' })];
const codeMapping = ({ repositoryPath }: World) => ({ stackRoot: unique(), sourceRoot: 'src', repositoryPath });
const noMapping = [() => ({ mappingId: 999_999 })];
/** No release of this name is there. */
const noRelease = [() => ({ version: 'none' })];
const CHUNK = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';
const ASSEMBLE = { checksum: CHUNK, chunks: [CHUNK], projects: ['default'] };
function form(fields: Record<string, string | File>): FormData {
  const filled = new FormData();
  for (const [name, value] of Object.entries(fields)) filled.append(name, value);
  return filled;
}

/** Releases and their files, in a project and in all. */
const releasePaths = (start: string): Record<string, Line> => ({
  [`GET ${start}releases/`]: { gate: 'project:read' },
  [`POST ${start}releases/`]: {
    gate: 'project:releases',
    status: 201,
    get body() {
      return { version: unique(), projects: ['default'] };
    },
  },
  [`GET ${start}releases/:version/`]: { gate: 'project:read', misplaced: noRelease },
  [`PUT ${start}releases/:version/`]: {
    gate: 'project:releases',
    body: { dateReleased: '2026-01-01T00:00:00Z' },
    misplaced: noRelease,
  },
  [`DELETE ${start}releases/:version/`]: { gate: 'project:releases', status: 204, misplaced: noRelease },
  [`GET ${start}releases/:version/commits/`]: { gate: 'project:read', misplaced: noRelease },
  [`GET ${start}releases/:version/files/`]: { gate: 'project:read' },
  [`POST ${start}releases/:version/files/`]: {
    gate: 'project:releases',
    status: 201,
    body: () => form({ name: `~/${unique()}.js`, file: new File(['1'], 'x.js') }),
  },
  [`GET ${start}releases/:version/files/:fileId/`]: { gate: 'project:read', misplaced: noRelease },
  [`DELETE ${start}releases/:version/files/:fileId/`]: { gate: 'project:releases', status: 204, misplaced: noRelease },
});
const unique = () => `user-${crypto.randomUUID()}`;

/** Sentry's short paths leave out the organization. */
const issuePaths = (method: string, suffix: string, line: Line): Record<string, Line> => ({
  [`${method} ${ORGANIZATION}issues/:issueId/${suffix}`]: line,
  [`${method} /issues/:issueId/${suffix}`]: line,
});
const lists = (method: string, line: Line): Record<string, Line> => ({
  [`${method} ${ORGANIZATION}issues/`]: line,
  [`${method} ${PROJECT}issues/`]: line,
});

/** What each route of the API asks for. A route that is not here is a fault, and so is a line without a route. */
export const MATRIX: Record<string, Line> = {
  'GET /': { gate: 'anyone' },
  'POST /auth/login/': { gate: 'anyone', body: { username: 'all', password: PASSWORD } },
  'DELETE /auth/': { gate: 'signed-in', status: 204, tokenStatus: 400 },
  // By its own rule: this server has users, and is on loopback.
  'POST /setup/': { gate: 'anyone', status: 403, body: { token: 'x', username: 'eve', password: PASSWORD } },
  'GET /users/me/': { gate: 'signed-in' },
  'PUT /users/me/': { gate: 'session', body: { name: 'Somebody' } },
  'PUT /users/me/password/': { gate: 'session', status: 204, body: { password: PASSWORD, passwordNew: PASSWORD } },

  'GET /internal/sdk/': { gate: 'signed-in' },

  'GET /api-tokens/': { gate: 'session' },
  'POST /api-tokens/': { gate: 'session', status: 201, body: { name: 'x', scopes: ['event:read'] } },
  'DELETE /api-tokens/:tokenId/': {
    gate: 'session',
    status: 204,
    misplaced: [({ foreignTokenId }) => ({ tokenId: foreignTokenId })],
  },

  [`GET ${MEMBERS}`]: { gate: 'member:admin' },
  [`POST ${MEMBERS}`]: {
    gate: 'member:admin',
    status: 201,
    get body() {
      return { username: unique(), password: PASSWORD, permissions: ['member:admin'] };
    },
  },
  [`PUT ${MEMBERS}:userId/`]: {
    gate: 'member:admin',
    body: { isActive: true, password: PASSWORD },
    misplaced: [nobody],
  },
  [`GET ${USER_PERMISSIONS}`]: { gate: 'member:admin', misplaced: [nobody] },
  [`POST ${USER_PERMISSIONS}:permission/`]: { gate: 'member:admin', status: 201, misplaced: [nobody] },
  [`DELETE ${USER_PERMISSIONS}:permission/`]: {
    gate: 'member:admin',
    status: 204,
    params: ({ managerId }) => ({ userId: managerId }),
    misplaced: [nobody, ({ userId }) => ({ userId })],
  },

  'GET /organizations/': { gate: 'org:read' },
  [`GET ${ORGANIZATION}`]: { gate: 'org:read' },
  [`GET ${ORGANIZATION}shortids/:shortId/`]: { gate: 'event:read' },
  [`GET ${ORGANIZATION}eventids/:eventId/`]: { gate: 'event:read' },
  'GET /projects/': { gate: 'project:read' },
  [`GET ${ORGANIZATION}projects/`]: { gate: 'project:read' },
  [`POST ${ORGANIZATION}projects/`]: {
    gate: 'project:admin',
    status: 201,
    get body() {
      return { name: unique() };
    },
  },
  [`GET ${PROJECT}`]: { gate: 'project:read' },
  [`PUT ${PROJECT}`]: { gate: 'project:write', body: { name: 'Default' } },
  [`GET ${PROJECT}keys/`]: { gate: 'project:read' },
  [`POST ${PROJECT}keys/`]: { gate: 'project:write', status: 201, body: { name: 'CI' } },
  [`PUT ${PROJECT}keys/:keyId/`]: {
    gate: 'project:write',
    body: { name: 'Shop' },
    misplaced: [({ foreignKeyId }) => ({ keyId: foreignKeyId })],
  },
  [`GET ${PROJECT}ingest/`]: { gate: 'project:read' },

  [`POST ${PROJECT}events/`]: { gate: 'event:write', status: 202, body: EVENT },
  [`POST ${PROJECT}create-sample/`]: { gate: 'event:write', status: 202, query: () => '?sample=python' },
  [`POST ${PROJECT}create-sample-event/`]: { gate: 'event:write', status: 202, query: () => '?sample=python' },

  ...lists('GET', { gate: 'event:read' }),
  ...lists('PUT', { gate: 'event:write', body: { status: 'resolved' }, query: bulk }),
  ...lists('DELETE', { gate: 'event:admin', status: 204, query: bulk }),
  ...issuePaths('GET', '', { gate: 'event:read' }),
  ...issuePaths('PUT', '', { gate: 'event:write', body: { status: 'resolved' } }),
  ...issuePaths('DELETE', '', { gate: 'event:admin', status: 204 }),
  ...issuePaths('GET', 'tags/', { gate: 'event:read' }),
  ...issuePaths('GET', 'tags/:key/', { gate: 'event:read', misplaced: [ofForeignIssue] }),
  ...issuePaths('GET', 'tags/:key/values/', { gate: 'event:read' }),
  ...issuePaths('GET', 'events-stats/', { gate: 'event:read' }),
  ...issuePaths('GET', 'events/', { gate: 'event:read' }),
  ...issuePaths('GET', 'events/:eventId/', { gate: 'event:read', misplaced: [ofForeignIssue] }),

  ...issuePaths('GET', 'activities/', { gate: 'event:read' }),
  ...issuePaths('POST', 'notes/', { gate: 'event:write', status: 201, body: { text: 'Seen before.' } }),
  ...issuePaths('PUT', 'notes/:noteId/', {
    gate: 'event:write',
    body: { text: 'Never seen before.' },
    misplaced: ofAnotherIssue,
  }),
  ...issuePaths('DELETE', 'notes/:noteId/', { gate: 'event:write', status: 204, misplaced: ofAnotherIssue }),
  [`GET ${ORGANIZATION}users/`]: { gate: 'event:read' },

  [`GET ${PROJECT_EVENT}`]: { gate: 'event:read' },
  [`GET ${PROJECT_EVENT}json/`]: { gate: 'event:read' },
  [`GET ${PROJECT_EVENT}coverage/`]: { gate: 'event:read' },
  [`GET ${PROJECT_EVENT}grouping-info/`]: { gate: 'event:read' },
  [`GET ${PROJECT_EVENT}source-map-debug/`]: { gate: 'event:read' },
  [`POST ${PROJECT_EVENT}symbolicate/`]: { gate: 'event:write', body: {} },
  [`POST ${PROJECT}symbolicate/`]: { gate: 'event:write', body: { release: '1.4.2' } },
  [`GET ${PROJECT_EVENT}attachments/`]: { gate: 'attachment:read' },
  [`GET ${PROJECT_EVENT}attachments/:attachmentId/`]: {
    gate: 'attachment:read',
    query: () => '?download=1',
    misplaced: [({ otherEventId }) => ({ eventId: otherEventId })],
  },

  ...releasePaths(PROJECT),
  ...releasePaths(ORGANIZATION),
  [`GET ${ORGANIZATION}releases/:version/previous-with-commits/`]: { gate: 'project:read' },
  [`GET ${ORGANIZATION}releases/:version/deploys/`]: { gate: 'project:read', misplaced: noRelease },
  [`POST ${ORGANIZATION}releases/:version/deploys/`]: {
    gate: 'project:releases',
    status: 201,
    body: { environment: 'production' },
    misplaced: noRelease,
  },
  [`GET ${ORGANIZATION}repos/`]: { gate: 'project:read' },

  [`GET ${ORGANIZATION}chunk-upload/`]: { gate: 'project:releases' },
  [`POST ${ORGANIZATION}chunk-upload/`]: {
    gate: 'project:releases',
    body: () => form({ file: new File(['chunk'], '78c7e5447338a9e5e7026a8b78ae41ec9a47b274') }),
  },
  [`POST ${ORGANIZATION}artifactbundle/assemble/`]: { gate: 'project:releases', body: ASSEMBLE },
  [`POST ${ORGANIZATION}releases/:version/assemble/`]: { gate: 'project:releases', body: ASSEMBLE },
  [`GET ${PROJECT}files/artifact-bundles/`]: { gate: 'project:read' },
  [`DELETE ${PROJECT}files/artifact-bundles/`]: {
    gate: 'project:releases',
    status: 204,
    query: ({ bundleId }) => `?bundleId=${bundleId}`,
    misplaced: [() => ({ project: 'internal' })],
  },
  [`GET ${PROJECT}artifact-bundles/:bundleId/files/`]: { gate: 'project:read' },

  [`GET ${PROJECT}coverage/`]: { gate: 'project:read' },
  [`POST ${PROJECT}coverage/`]: { gate: 'project:releases', status: 201, body: LCOV, query: () => '?release=1.0' },
  [`GET ${PROJECT}coverage/:reportId/matches/`]: { gate: 'project:read' },
  [`DELETE ${PROJECT}coverage/:reportId/`]: { gate: 'project:releases', status: 204 },
  [`GET ${CODE_MAPPINGS}`]: { gate: 'project:read' },
  [`GET ${ORGANIZATION}source-roots/`]: { gate: 'project:read' },
  [`POST ${CODE_MAPPINGS}`]: {
    gate: 'project:write',
    status: 201,
    body: (world: World) => ({ ...codeMapping(world), projectId: '2' }),
  },
  [`PUT ${CODE_MAPPINGS}:mappingId/`]: { gate: 'project:write', body: codeMapping, misplaced: noMapping },
  [`DELETE ${CODE_MAPPINGS}:mappingId/`]: { gate: 'project:write', status: 204, misplaced: noMapping },
  [`POST ${PROJECT}repo-path-parsing/`]: {
    gate: 'project:write',
    body: ({ repositoryPath }: World) => ({ stackPath: '/srv/app/src/billing.py', repositoryPath }),
  },
  [`GET ${PROJECT}stacktrace-link/`]: {
    gate: 'event:read',
    query: ({ eventId }) => `?file=src/billing.py&lineNo=4&eventId=${eventId}`,
  },

  [`GET ${PROJECT_EVENT}ai-fix-suggest/`]: { gate: 'event:read' },
  [`GET ${PROJECT_EVENT}ai-fix-suggest/payload/`]: { gate: 'event:read' },
  [`POST ${PROJECT_EVENT}ai-fix-suggest/`]: { gate: 'ai:suggest', body: {} },
  [`GET ${PROJECT_EVENT}ai-fix-suggest/placeholders/`]: { gate: 'event:read', query: ofCall },
  [`PUT ${PROJECT_EVENT}ai-fix-suggest/feedback/`]: {
    gate: 'ai:suggest',
    status: 204,
    body: ({ callId }: World) => ({ id: String(callId), rating: 'helpful', comment: 'x' }),
  },
  [`DELETE ${PROJECT_EVENT}ai-fix-suggest/feedback/`]: { gate: 'ai:suggest', status: 204, query: ofCall },
  [`GET ${AI_CALLS}`]: { gate: 'ai:admin' },
  [`GET ${AI_CALLS}export/`]: { gate: 'ai:admin', query: () => '?format=jsonl' },
  [`GET ${AI_CALLS}:callId/`]: { gate: 'ai:admin', misplaced: [() => ({ callId: 999_999 }), () => ({ callId: 'x' })] },
  [`GET ${PROJECT}ai-settings/`]: { gate: 'project:read' },
  [`PUT ${PROJECT}ai-settings/`]: { gate: 'ai:admin', body: { redactionRules: 'name: iban' } },
  'GET /users/me/ai-consent/': { gate: 'ai:suggest' },
  'PUT /users/me/ai-consent/': { gate: 'ai:suggest', body: { consented: true } },
};

/** Names that lead elsewhere, one at a time; with each, what a route's path names is not there. */
export function misplacedParams(path: string, line: Line, world: World): Record<string, string | number>[] {
  const isInProject = /:(eventId|attachmentId|reportId|bundleId|fileId)\b/.test(path);
  return [
    ...(path.includes(':organization') ? [{ organization: 'other' }] : []),
    ...(path.includes(':project') ? [{ project: 'nowhere' }, ...(isInProject ? [{ project: 'internal' }] : [])] : []),
    ...(path.includes(':issueId') ? [{ issueId: 999_999 }] : []),
    ...(line.misplaced ?? []).map((params) => params(world)),
  ];
}

/** What a request of this world has as its body. */
export const bodyOf = ({ body }: Line, world: World): unknown => (typeof body === 'function' ? body(world) : body);

/** The address of a route with its parameters filled in. */
export function addressOf(
  path: string,
  line: Line,
  world: World,
  params: Record<string, string | number> = {},
): string {
  const given: Record<string, string | number> = {
    organization: 'stackmend',
    project: 'default',
    key: 'browser',
    permission: 'member:admin',
    ...world,
    ...line.params?.(world),
    ...params,
  };
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    const value = given[name];
    if (value === undefined) throw new Error(`The matrix has no value for :${name}.`);
    return encodeURIComponent(value);
  });
  return filled + (line.query?.(world) ?? '');
}
