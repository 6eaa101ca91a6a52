import { Router } from 'express';
import { NotFoundError } from '../protocol/errors.ts';
import { accountRoutes } from './account.ts';
import { activityRoutes } from './activity.ts';
import { apiTokenRoutes } from './api-tokens.ts';
import { authRoutes } from './auth.ts';
import { browserSdkRoutes } from './browser-sdk.ts';
import { eventRoutes } from './events.ts';
import { eventsStatsRoutes } from './events-stats.ts';
import { groupingInfoRoutes } from './grouping-info.ts';
import { importRoutes } from './import-routes.ts';
import { issueRoutes } from './issues.ts';
import { memberRoutes } from './members.ts';
import { organizationRoutes } from './organizations.ts';
import { projectRoutes } from './projects.ts';
import { createScope } from './scope.ts';
import type { ApiServices } from './services.ts';
import { userPermissionRoutes } from './user-permissions.ts';

export type { ApiServices } from './services.ts';

/**
 * Sentry's Web API, to be mounted at `/api/0` behind what says who asks (`setIdentity`). The first handler of each route
 * is its gate. Handlers throw; `server/http/errors.ts` answers.
 */
export function createApi(services: ApiServices): Router {
  const router = Router();
  const scope = createScope(services.db, services);
  router.use(function neverStored(_req, res, next) {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.use(authRoutes(services));
  router.use(accountRoutes(services));
  router.use(apiTokenRoutes(services));
  router.use(memberRoutes(services, scope));
  router.use(userPermissionRoutes(services));
  router.use(browserSdkRoutes(services));
  for (const extra of services.extra) router.use(extra);
  router.use(organizationRoutes(services, scope));
  router.use(projectRoutes(services, scope));
  router.use(importRoutes(services, scope));
  router.use(issueRoutes(services, scope));
  router.use(activityRoutes(services, scope));
  router.use(eventRoutes(services, scope));
  router.use(eventsStatsRoutes(services, scope));
  router.use(groupingInfoRoutes(services, scope));
  router.use(function notFound(req) {
    throw new NotFoundError(`The API has no ${req.method} ${req.baseUrl}${req.path}.`);
  });
  return router;
}
