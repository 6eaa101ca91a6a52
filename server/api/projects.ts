import { Router } from 'express';
import * as z from 'zod';
import type { IngestStatus } from '../protocol/contract.ts';
import { BadRequestError, NotFoundError } from '../protocol/errors.ts';
import { parseInAppRules } from '../protocol/in-app-rules.ts';
import { createProjectStore, type Project } from '../storage/projects.ts';
import { jsonBody, parseBody, parseRequest } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';
import { toProject, toProjectKey } from './serialize.ts';
import type { ApiServices } from './services.ts';

const name = z.string().trim().min(1).max(200);
const platform = z.string().max(64).nullish();
/** Not digits alone: paths take an id in the slug's place. */
const slug = z
  .string()
  .max(50)
  .regex(
    /^(?!\d+$)[a-z0-9][a-z0-9_-]*$/,
    'a slug has lower-case letters, digits, "-" and "_", starts with a letter or digit, and is no number',
  );
const createSchema = z.strictObject({ name: name.optional(), slug: slug.optional(), platform });
const updateSchema = z.strictObject({
  name: name.optional(),
  slug: slug.optional(),
  platform,
  groupingEnhancements: z.string().optional(),
});
const keyName = z.string().trim().min(1).max(64);
const newKeySchema = z.strictObject({ name: keyName.optional() });
const keyChangeSchema = z.strictObject({ name: keyName.optional(), isActive: z.boolean().optional() });
const keyParams = z.object({ keyId: z.string() });

const KEYS = '/projects/:organization/:project/keys/';

/** Projects, their DSN keys, and what ingest refused. */
export function projectRoutes(services: ApiServices, scope: Scope): Router {
  const router = Router();
  const projects = createProjectStore(services.db);
  /** The rules are in the answer about one project alone. */
  const answer = async (project: Project) => ({
    ...toProject(project),
    groupingEnhancements: await projects.groupingEnhancements(project.id),
  });

  router.get(['/projects/', '/organizations/:organization/projects/'], permit('project:read'), async (req, res) => {
    res.json((await scope.organization(req)).map(toProject));
  });

  router.post('/organizations/:organization/projects/', permit('project:admin'), jsonBody, async (req, res) => {
    await scope.organization(req);
    const body = parseBody(createSchema, req);
    const added = parseRequest(slug, body.slug ?? slugOf(body.name ?? ''));
    const project = await projects.create({ slug: added, name: body.name ?? added, platform: body.platform ?? null });
    const keys = await projects.keys(project.id);
    res.status(201).json({ ...toProject(project), keys: keys.map((key) => toProjectKey(key, services.url)) });
  });

  router.get('/projects/:organization/:project/', permit('project:read'), async (req, res) => {
    res.json(await answer(await scope.project(req)));
  });

  router.put('/projects/:organization/:project/', permit('project:write'), jsonBody, async (req, res) => {
    const { id, isInternal, slug: before } = await scope.project(req);
    const change = parseBody(updateSchema, req);
    if (isInternal && change.slug !== undefined && change.slug !== before) {
      throw new BadRequestError('slug: The internal project keeps its own, by which operators find it.');
    }
    // What cannot be read is refused here, by its line.
    if (change.groupingEnhancements !== undefined) parseInAppRules(change.groupingEnhancements);
    await projects.update(id, change);
    const changed = await projects.byId(id);
    if (!changed) throw new NotFoundError(`There is no project ${before}. It may have been deleted.`);
    res.json(await answer(changed));
  });

  router.get(KEYS, permit('project:read'), async (req, res) => {
    const { id } = await scope.project(req);
    res.json((await projects.keys(id)).map((key) => toProjectKey(key, services.url)));
  });

  router.post(KEYS, permit('project:write'), jsonBody, async (req, res) => {
    const { id } = await scope.project(req);
    const { name: label = 'Unnamed' } = parseBody(newKeySchema, req);
    res.status(201).json(toProjectKey(await projects.addKey(id, label), services.url));
  });

  router.put(`${KEYS}:keyId/`, permit('project:write'), jsonBody, async (req, res) => {
    const { id } = await scope.project(req);
    const { keyId } = parseRequest(keyParams, req.params);
    const { name: label, isActive } = parseBody(keyChangeSchema, req);
    const key = await projects.changeKey(id, keyId, { label, isActive });
    if (!key) throw new NotFoundError(`This project has no key ${keyId}.`);
    res.json(toProjectKey(key, services.url));
  });

  router.get('/projects/:organization/:project/ingest/', permit('project:read'), async (req, res) => {
    const { id } = await scope.project(req);
    const status: IngestStatus = { refused: services.refused(id), counts: services.counts(id) };
    res.json(status);
  });

  return router;
}

/** What Sentry makes of a name: `My App!` is `my-app`. */
function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 50);
}
