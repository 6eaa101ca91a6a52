import { Router } from 'express';
import { NotFoundError } from '../protocol/errors.ts';
import { toEventId } from '../protocol/event-id.ts';
import { createEventStore } from '../storage/events.ts';
import { createIssueStore } from '../storage/issues.ts';
import type { Scope } from './scope.ts';
import { toIssue, toOrganization, toProject } from './serialize.ts';
import type { ApiServices } from './services.ts';

/** The root of the API, the one organization, and finding an issue or event by an id alone. */
export function organizationRoutes(services: ApiServices, scope: Scope): Router {
  const router = Router();
  const issues = createIssueStore(services.db);
  const events = createEventStore(services.db);

  router.get('/', (_req, res) => {
    res.json({ version: '0', auth: null, user: null });
  });

  router.get('/organizations/', (_req, res) => {
    res.json([toOrganization()]);
  });

  router.get('/organizations/:organization/', async (req, res) => {
    const projects = await scope.organization(req);
    res.json({ ...toOrganization(), projects: projects.map(toProject) });
  });

  router.get('/organizations/:organization/shortids/:shortId/', async (req, res) => {
    const projects = await scope.organization(req);
    const issue = await issues.byShortId(
      projects.map(({ id }) => id),
      req.params.shortId,
    );
    if (!issue) throw new NotFoundError(`There is no issue ${req.params.shortId}.`);
    res.json({
      organizationSlug: toOrganization().slug,
      projectSlug: issue.project.slug,
      groupId: String(issue.id),
      shortId: issue.shortId,
      group: toIssue(issue, { url: services.url }),
    });
  });

  router.get('/organizations/:organization/eventids/:eventId/', async (req, res) => {
    const projects = await scope.organization(req);
    const eventId = toEventId(req.params.eventId);
    const found = eventId
      ? await events.byEventIdIn(
          projects.map(({ id }) => id),
          eventId,
        )
      : [];
    const event = found[0];
    if (!event) throw new NotFoundError(`There is no event ${req.params.eventId}.`);
    res.json({
      organizationSlug: toOrganization().slug,
      projectSlug: projects.find(({ id }) => id === event.projectId)?.slug,
      groupId: String(event.issueId),
      eventId: event.eventId,
    });
  });

  return router;
}
