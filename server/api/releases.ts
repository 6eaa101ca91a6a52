import { json, type Request, Router } from 'express';
import * as z from 'zod';
import { BadRequestError, NotFoundError } from '../protocol/errors.ts';
import type { ArtifactStore } from '../storage/artifacts.ts';
import type { Project } from '../storage/projects.ts';
import type { Deploy, ReleaseChange, ReleaseStore, VersionOverview } from '../storage/releases.ts';
import { offsetOf, offsetPage } from './offset-page.ts';
import { jsonBody, parseBody, parseRequest } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';

export type ReleaseRoutesServices = {
  scope: Scope;
  releases: ReleaseStore;
  artifacts: { store: Pick<ArtifactStore, 'removeRelease'> };
  /** Unix ms. */
  now: () => number;
};

/** As Sentry has it: no line ends, no slashes that lead upwards, and not the name of "the newest". */
const version = z
  .string()
  .trim()
  .min(1)
  .max(250)
  .refine((text) => !/[\r\n\t\f\0]/.test(text) && text !== '.' && text !== '..' && text.toLowerCase() !== 'latest', {
    error: 'is no name of a release',
  });
const time = z.iso
  .datetime({ offset: true, local: true })
  .transform((text) => Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`));
const text = z.string().max(4_000).nullish();
const sha = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[0-9a-f]{7,64}$/, 'should be the hash of a commit, in hex');
const changeSchema = z.object({
  url: text,
  dateReleased: time.nullish(),
  refs: z
    .array(z.object({ repository: text, commit: sha, previousCommit: text }))
    .max(1000)
    .nullish(),
  commits: z
    .array(z.object({ id: sha }))
    .max(100_000)
    .nullish(),
  status: z.literal('open', 'Releases are not archived here: delete the release, or its uploads').nullish(),
  projects: z.array(z.string()).max(100).nullish(),
});
const createSchema = z.object({ ...changeSchema.shape, version });
const deploySchema = z.object({
  environment: z.string().trim().min(1).max(64),
  name: z.string().max(64).nullish(),
  url: text,
  dateStarted: time.nullish(),
  dateFinished: time.nullish(),
});
const params = z.object({ version: z.string() });

/** Of a release, with what is in each commit: sentry-cli sends as many as there are, and all but the hash is left out. */
const MAX_BODY = '4mb';

/** Releases, as Sentry's tools make, finalize and list them. A project's path is about the release in that project alone. */
export function releaseRoutes({ scope, releases, artifacts, now }: ReleaseRoutesServices): Router {
  const router = Router();
  const lists = ['/projects/:organization/:project/releases/', '/organizations/:organization/releases/'];
  const one = lists.map((path) => `${path}:version/`);
  const body = json({ limit: MAX_BODY });

  const projectsOf = async (req: Request): Promise<Project[]> =>
    req.params['project'] === undefined ? scope.organization(req) : [await scope.project(req)];

  async function releaseOf(req: Request): Promise<{ release: VersionOverview; projects: Project[] }> {
    const projects = await projectsOf(req);
    const { version: name } = parseRequest(params, req.params);
    const release = await releases.version(idsOf(projects), name);
    if (!release) throw new NotFoundError(`There is no release ${name}.`);
    return { release, projects };
  }

  async function answer(projects: readonly Project[], rows: readonly VersionOverview[]) {
    const versions = rows.map((row) => row.version);
    const newIssues = await releases.newIssues(idsOf(projects), versions);
    return rows.map((row) => toRelease(row, projects, newIssues.get(row.version) ?? 0));
  }

  async function answerOne(projects: readonly Project[], name: string) {
    const row = await releases.version(idsOf(projects), name);
    const [release] = row ? await answer(projects, [row]) : [];
    if (!release) throw new NotFoundError(`There is no release ${name}.`);
    return release;
  }

  router.get(lists, permit('project:read'), async (req, res) => {
    const projects = await projectsOf(req);
    const { limit, offset } = offsetOf(req);
    const rows = await releases.versions(idsOf(projects), limit + 1, offset);
    res.json(await answer(projects, offsetPage(req, res, rows)));
  });

  router.post(lists, permit('project:releases'), body, async (req, res) => {
    const { version: name, projects: names, ...change } = parseBody(createSchema, req);
    const reachable = await projectsOf(req);
    const projects = req.params['project'] === undefined ? chosen(reachable, names ?? []) : reachable;
    const isNew = await releases.put(idsOf(projects), name, toChange(change), now());
    // Sentry's code for what was reported before.
    res.status(isNew ? 201 : 208).json(await answerOne(reachable, name));
  });

  router.get(one, permit('project:read'), async (req, res) => {
    const { release, projects } = await releaseOf(req);
    res.json((await answer(projects, [release]))[0]);
  });

  router.put(one, permit('project:releases'), body, async (req, res) => {
    const { projects: names, ...change } = parseBody(changeSchema, req);
    const { release, projects } = await releaseOf(req);
    // Projects that are named and have no such release get it: a release is of all that it was put together from.
    const added = names?.length ? idsOf(chosen(projects, names)) : release.projectIds;
    await releases.put(added, release.version, toChange(change), now());
    res.json(await answerOne(projects, release.version));
  });

  router.delete(one, permit('project:releases'), async (req, res) => {
    const { release } = await releaseOf(req);
    for (const id of release.projectIds) await artifacts.store.removeRelease(id, release.version);
    await releases.remove(release.projectIds, release.version);
    res.status(204).end();
  });

  router.get(
    '/organizations/:organization/releases/:version/previous-with-commits/',
    permit('project:read'),
    async (req, res) => {
      const projects = await scope.organization(req);
      const { version: name } = parseRequest(params, req.params);
      // Of the projects that have this release: another's commits are of another history.
      const known = await releases.projectsOf(idsOf(projects), name);
      const previous = known.length > 0 ? await releases.previousWithCommit(known, name) : null;
      res.json(previous ? (await answer(projects, [previous]))[0] : {});
    },
  );

  // Of what is sent, the last commit is kept.
  router.get(
    one.map((path) => `${path}commits/`),
    permit('project:read'),
    async (req, res) => {
      const { commitSha } = (await releaseOf(req)).release;
      res.json(commitSha === null ? [] : [{ id: commitSha }]);
    },
  );

  const deploys = '/organizations/:organization/releases/:version/deploys/';
  router.get(deploys, permit('project:read'), async (req, res) => {
    const { release } = await releaseOf(req);
    res.json((await releases.deploys(release.version)).map(toDeploy));
  });

  router.post(deploys, permit('project:releases'), jsonBody, async (req, res) => {
    const { environment, name = null, url = null, dateStarted = null, dateFinished } = parseBody(deploySchema, req);
    const { release } = await releaseOf(req);
    const added = {
      version: release.version,
      environment,
      name,
      url,
      dateStarted,
      dateFinished: dateFinished ?? now(),
    };
    res.status(201).json(toDeploy(await releases.addDeploy(added)));
  });
  return router;
}

const idsOf = (projects: readonly Project[]) => projects.map(({ id }) => id);
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

/** Those named, by slug or id. @throws {BadRequestError} none, or one that is not there */
function chosen(projects: readonly Project[], names: readonly string[]): Project[] {
  if (names.length === 0) throw new BadRequestError('Say which projects the release is of: projects.');
  return [...new Set(names)].map((asked) => {
    const found = projects.find(({ id, slug }) => slug === asked || String(id) === asked);
    if (!found) throw new BadRequestError(`There is no project "${asked.slice(0, 100)}".`);
    return found;
  });
}

/** Of several repositories the first counts, and of commits, which come newest first, the newest. */
function toChange({
  url,
  dateReleased,
  refs,
  commits,
}: Omit<z.output<typeof changeSchema>, 'projects' | 'status'>): ReleaseChange {
  const commitSha = refs?.[0]?.commit ?? commits?.[0]?.id;
  return {
    ...(commitSha === undefined ? {} : { commitSha }),
    ...(typeof dateReleased === 'number' ? { dateReleased } : {}),
    ...(typeof url === 'string' ? { url } : {}),
  };
}

function toRelease(release: VersionOverview, projects: readonly Project[], newGroups: number) {
  const { version: name, commitSha, dateCreated, dateReleased, url, projectIds } = release;
  return {
    version: name,
    shortVersion: /^[^@]+@(.+)$/.exec(name)?.[1] ?? name,
    url,
    dateCreated: iso(dateCreated),
    dateReleased: dateReleased === null ? null : iso(dateReleased),
    lastCommit: commitSha === null ? null : { id: commitSha },
    newGroups,
    projects: projects
      .filter(({ id }) => projectIds.includes(id))
      .map(({ id, slug, name: title }) => ({ id, slug, name: title })),
  };
}

function toDeploy({ id, environment, name, url, dateStarted, dateFinished }: Deploy) {
  return {
    id: String(id),
    environment,
    name,
    url,
    dateStarted: dateStarted === null ? null : iso(dateStarted),
    dateFinished: iso(dateFinished),
  };
}
