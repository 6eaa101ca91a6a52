import { type Request, Router } from 'express';
import * as z from 'zod';
import { parsePeriod } from '../backends/search-query.ts';
import { isStatsPeriod } from '../backends/tsdb.ts';
import { type IssueUpdate, issueUpdateSchema } from '../protocol/contract.ts';
import { BadRequestError, NotFoundError } from '../protocol/errors.ts';
import { createIssueStore } from '../storage/issues.ts';
import type { Project } from '../storage/projects.ts';
import { shownCondition } from '../storage/status-details.ts';
import type { IssueChange } from '../storage/triage.ts';
import { toAuthor } from './caller.ts';
import { deleteIssue } from './delete-issue.ts';
import { setPageLinks } from './pagination.ts';
import { jsonBody, optionalText, pageQuery, parseBody, parseRequest, repeated } from './parse-request.ts';
import { permit, requireIdentity } from './permit.ts';
import type { Scope } from './scope.ts';
import { toIssue, toIssueTag, toTagValue } from './serialize.ts';
import type { ApiServices } from './services.ts';

const ISSUE = ['/organizations/:organization/issues/:issueId/', '/issues/:issueId/'];
const LISTS = ['/organizations/:organization/issues/', '/projects/:organization/:project/issues/'];

const listQuery = z.object({
  ...pageQuery,
  query: optionalText,
  sort: optionalText,
  statsPeriod: optionalText,
  groupStatsPeriod: optionalText,
  environment: repeated,
  /** Ids or slugs; -1 is Sentry's word for all. */
  project: repeated,
});
/** Further ahead is no date that anybody means. */
const TEN_YEARS_IN_MINUTES = 10 * 365 * 24 * 60;
const count = z.int().min(1).max(1_000_000_000).optional();
/** Strict: what is not known here (a commit, a window of time) would else be a resolution that means something else. */
const updateSchema = z.strictObject({
  ...issueUpdateSchema.shape,
  statusDetails: z
    .strictObject({
      inNextRelease: z.boolean().optional(),
      inRelease: z.string().min(1).max(1_000).optional(),
      ignoreDuration: z.number().positive().max(TEN_YEARS_IN_MINUTES).optional(),
      ignoreCount: count,
      ignoreUserCount: count,
    })
    .optional(),
});
const bulkQuery = z.object({ id: repeated });

/** Lists of issues, one issue, its state and its tags. */
export function issueRoutes(services: ApiServices, scope: Scope): Router {
  const router = Router();
  const issues = createIssueStore(services.db, services);

  /** Of a list's path: one project, or all of the organization's. */
  const projectsOf = async (req: Request): Promise<Project[]> =>
    'project' in req.params ? [await scope.project(req)] : scope.organization(req);

  router.get(LISTS, permit('event:read'), async (req, res) => {
    const asked = parseRequest(listQuery, req.query);
    const projectIds = chosen(await projectsOf(req), asked.project);
    const period = asked.statsPeriod || undefined;
    await issues.settle();
    const page = await services.search.issues({
      projectIds,
      // Sentry's list shows what is unresolved unless the query says otherwise; an empty query asks for all.
      query: asked.query ?? 'is:unresolved',
      sort: asked.sort,
      statsPeriod: period,
      environments: asked.environment,
      userId: requireIdentity(req).user?.id ?? null,
      cursor: asked.cursor,
      limit: asked.limit ?? asked.per_page ?? 25,
    });
    const statsPeriod = asked.groupStatsPeriod ?? (isStatsPeriod(period) ? period : '24h');
    const [found, series, totals] = await Promise.all([
      issues.byIds(projectIds, page.items),
      isStatsPeriod(statsPeriod) ? services.tsdb.counts(page.items, statsPeriod) : null,
      period ? services.tsdb.totals(page.items, services.now() - parsePeriod(period)) : null,
    ]);
    setPageLinks(req, res, page);
    res.json(
      found.map((issue) =>
        toIssue(issue, {
          url: services.url,
          count: totals ? (totals.get(issue.id) ?? 0) : undefined,
          stats: series ? { [statsPeriod]: series.get(issue.id) ?? [] } : {},
        }),
      ),
    );
  });

  router.put(LISTS, permit('event:write'), jsonBody, async (req, res) => {
    const projectIds = (await projectsOf(req)).map(({ id }) => id);
    const body = parseBody(updateSchema, req);
    const ids = await issues.update(projectIds, bulkIds(req), toChange(body), toAuthor(requireIdentity(req)));
    const [issue] = await issues.byIds(projectIds, ids.slice(0, 1));
    res.json({
      ...body,
      ...(body.status && { statusDetails: shownCondition(issue?.statusDetails ?? {}) }),
      ...(body.assignedTo !== undefined && { assignedTo: issue?.assignee ?? null }),
    });
  });

  router.delete(LISTS, permit('event:admin'), async (req, res) => {
    const projectIds = (await projectsOf(req)).map(({ id }) => id);
    for (const issue of await issues.byIds(projectIds, bulkIds(req))) await deleteIssue(services, issue);
    res.status(204).end();
  });

  router.get(ISSUE, permit('event:read'), async (req, res) => {
    const issue = await scope.issue(req);
    const [day, month] = await Promise.all([
      services.tsdb.counts([issue.id], '24h'),
      services.tsdb.counts([issue.id], '30d'),
    ]);
    const stats = { '24h': day.get(issue.id) ?? [], '30d': month.get(issue.id) ?? [] };
    res.json(toIssue(issue, { url: services.url, stats }));
  });

  router.put(ISSUE, permit('event:write'), jsonBody, async (req, res) => {
    const issue = await scope.issue(req);
    const change = toChange(parseBody(updateSchema, req));
    await issues.update([issue.projectId], [issue.id], change, toAuthor(requireIdentity(req)));
    res.json(toIssue(await scope.issue(req), { url: services.url }));
  });

  router.delete(ISSUE, permit('event:admin'), async (req, res) => {
    await deleteIssue(services, await scope.issue(req));
    res.status(204).end();
  });

  router.get(withSuffix('tags/'), permit('event:read'), async (req, res) => {
    const issue = await scope.issue(req);
    res.json((await services.tagstore.keys(issue.id, { top: 10 })).map(toIssueTag));
  });

  router.get(withSuffix('tags/:key/'), permit('event:read'), async (req, res) => {
    const issue = await scope.issue(req);
    const { key } = parseRequest(tagParams, req.params);
    const [tag] = await services.tagstore.keys(issue.id, { top: 10, key });
    if (!tag) throw new NotFoundError(`No event of this issue has the tag "${key}".`);
    res.json(toIssueTag(tag));
  });

  router.get(withSuffix('tags/:key/values/'), permit('event:read'), async (req, res) => {
    const issue = await scope.issue(req);
    const { key } = parseRequest(tagParams, req.params);
    const asked = parseRequest(z.object({ ...pageQuery, query: optionalText }), req.query);
    const { cursor, limit, per_page, query } = asked;
    const page = await services.tagstore.values(issue.id, key, { cursor, limit: limit ?? per_page ?? 100, query });
    setPageLinks(req, res, page);
    res.json(page.items.map((value) => toTagValue(key, value)));
  });

  return router;
}

const tagParams = z.object({ key: z.string() });
const withSuffix = (suffix: string) => ISSUE.map((path) => path + suffix);

/** @throws {BadRequestError} `assignedTo` names nobody */
function toChange({ assignedTo, ...change }: IssueUpdate): IssueChange {
  if (assignedTo === undefined) return change;
  const [, id] = /^user:(\d{1,15})$/.exec(assignedTo ?? '') ?? [];
  if (assignedTo && id === undefined) {
    throw new BadRequestError('assignedTo: write "user:<id>" with the id of a user, or leave it empty for nobody.');
  }
  return { ...change, assigneeId: id === undefined ? null : Number(id) };
}

/** @throws {NotFoundError} a project is named that is not among those that the caller may see */
function chosen(projects: Project[], names: string[]): number[] {
  if (names.length === 0 || names.includes('-1')) return projects.map(({ id }) => id);
  return names.map((name) => {
    const found = projects.find(({ id, slug }) => String(id) === name || slug === name);
    if (!found) throw new NotFoundError(`There is no project "${name}".`);
    return found.id;
  });
}

/** Changing everything that matches a query, as Sentry does without ids, is too easily done by mistake. */
function bulkIds(req: Request): number[] {
  const { id: ids } = parseRequest(bulkQuery, req.query);
  if (ids.length === 0) throw new BadRequestError('Name the issues: ?id=1&id=2.');
  return ids.map((id) => {
    if (!/^\d{1,15}$/.test(id)) throw new BadRequestError(`id: "${id.slice(0, 40)}" is no issue's number.`);
    return Number(id);
  });
}
