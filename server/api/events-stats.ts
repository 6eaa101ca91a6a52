import { Router } from 'express';
import type { EventsStats } from '../protocol/contract.ts';
import { createReleaseStore } from '../storage/releases.ts';
import { parseFilter } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';
import type { ApiServices } from './services.ts';

const PATHS = ['/organizations/:organization/issues/:issueId/events-stats/', '/issues/:issueId/events-stats/'];
/** More marks than that are a wall. */
const MAX_RELEASES = 50;

/** Events and users of an issue over time, with the releases that came meanwhile. */
export function eventsStatsRoutes(services: ApiServices, scope: Scope): Router {
  const router = Router();
  const releases = createReleaseStore(services.db);

  router.get(PATHS, permit('event:read'), async (req, res) => {
    const issue = await scope.issue(req);
    const counted = await services.tsdb.overTime({ ...parseFilter(req), issueId: issue.id }, issue.firstSeen);
    const rows = await releases.firstSeenIn(issue.projectId, counted.start, counted.end, MAX_RELEASES);
    const stats: EventsStats = {
      ...counted,
      releases: rows.map(({ version, dateCreated }) => ({ version, time: dateCreated })),
    };
    res.json(stats);
  });

  return router;
}
