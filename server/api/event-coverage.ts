import { Router } from 'express';
import { nodeId } from '../backends/nodestore.ts';
import { coverageOfEvent } from '../coverage/event-coverage.ts';
import type { Coverage } from '../coverage/line-coverage.ts';
import type { StoredEvent } from '../protocol/event.ts';
import { withInAppRules } from '../protocol/in-app-rules.ts';
import { createEventStore } from '../storage/events.ts';
import { createInAppRules } from '../storage/in-app-rules.ts';
import { createProjectStore } from '../storage/projects.ts';
import { createFindEvent } from './find-event.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';
import type { ApiServices } from './services.ts';

export type EventCoverageServices = Pick<ApiServices, 'db' | 'search' | 'nodestore'> & {
  scope: Scope;
  coverage: Pick<Coverage, 'forLines'>;
};

/**
 * `GET /projects/{org}/{project}/events/{event}/coverage/`, ours: whether tests reach the lines that the event's own
 * frames stopped at, or why that is not known.
 */
export function eventCoverageRoutes({ scope, coverage, ...services }: EventCoverageServices): Router {
  const router = Router();
  const find = createFindEvent(services, scope);
  const inAppRules = createInAppRules(createProjectStore(services.db));

  router.get('/projects/:organization/:project/events/:eventId/coverage/', permit('event:read'), async (req, res) => {
    const row = await find.ofProject(req);
    const event = withInAppRules(await find.body(row), await inAppRules.ofProject(row.projectId));
    res.json(await coverageOfEvent(coverage, event, row.projectId));
  });
  return router;
}

/** Reads the newest events of some releases, one by one, under the project's in-app rules; one that is being deleted is left out. */
export function createNewestEvents({ db, nodestore }: Pick<ApiServices, 'db' | 'nodestore'>) {
  const events = createEventStore(db);
  const inAppRules = createInAppRules(createProjectStore(db));
  return async function* (projectId: number, releases: readonly string[], limit: number): AsyncGenerator<StoredEvent> {
    const rules = await inAppRules.ofProject(projectId);
    for (const { eventId } of await events.newestOfReleases(projectId, releases, limit)) {
      const body = await nodestore.get(nodeId(projectId, eventId));
      if (body) yield withInAppRules(body, rules);
    }
  };
}
