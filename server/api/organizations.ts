import { Router } from 'express';
import * as z from 'zod';
import { NotFoundError } from '../protocol/errors.ts';
import { toEventId } from '../protocol/event-id.ts';
import { createEventStore } from '../storage/events.ts';
import { createIssueStore } from '../storage/issues.ts';
import { parseRequest } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';
import { toIssue, toOrganization, toProject } from './serialize.ts';
import type { ApiServices } from './services.ts';

const shortIdParams = z.object({ shortId: z.string() });
const eventIdParams = z.object({ eventId: z.string() });

/** The one organization, and finding an issue or event by an id alone. */
export function organizationRoutes(services: ApiServices, scope: Scope): Router {
  const router = Router();
  const issues = createIssueStore(services.db, services);
  const events = createEventStore(services.db);

  router.get('/organizations/', permit('org:read'), async (req, res) => {
    const projects = await scope.organization(req);
    // It is as old as the first of them, which the first start makes. sentry-cli wants the rest.
    const dateCreated = new Date(Math.min(...projects.map((project) => project.dateCreated))).toISOString();
    res.json([{ ...toOrganization(), dateCreated, isEarlyAdopter: false, require2FA: false }]);
  });

  router.get('/organizations/:organization/', permit('org:read'), async (req, res) => {
    const projects = await scope.organization(req);
    res.json({ ...toOrganization(), projects: projects.map(toProject) });
  });

  router.get('/organizations/:organization/shortids/:shortId/', permit('event:read'), async (req, res) => {
    const projects = await scope.organization(req);
    const { shortId } = parseRequest(shortIdParams, req.params);
    const issue = await issues.byShortId(
      projects.map(({ id }) => id),
      shortId,
    );
    if (!issue) throw new NotFoundError(`There is no issue ${shortId}.`);
    res.json({
      organizationSlug: toOrganization().slug,
      projectSlug: issue.project.slug,
      groupId: String(issue.id),
      shortId: issue.shortId,
      group: toIssue(issue, { url: services.url }),
    });
  });

  router.get('/organizations/:organization/eventids/:eventId/', permit('event:read'), async (req, res) => {
    const projects = await scope.organization(req);
    const { eventId: name } = parseRequest(eventIdParams, req.params);
    const eventId = toEventId(name);
    const found = eventId
      ? await events.byEventIdIn(
          projects.map(({ id }) => id),
          eventId,
        )
      : [];
    const event = found[0];
    if (!event) throw new NotFoundError(`There is no event ${name}.`);
    res.json({
      organizationSlug: toOrganization().slug,
      projectSlug: projects.find(({ id }) => id === event.projectId)?.slug,
      groupId: String(event.issueId),
      eventId: event.eventId,
    });
  });

  return router;
}
