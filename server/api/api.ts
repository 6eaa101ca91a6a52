import { json, Router } from 'express';
import { NotFoundError } from '../protocol/errors.ts';
import { eventRoutes } from './events.ts';
import { importRoutes } from './import-routes.ts';
import { issueRoutes } from './issues.ts';
import { organizationRoutes } from './organizations.ts';
import { projectRoutes } from './projects.ts';
import { createScope } from './scope.ts';
import type { ApiServices } from './services.ts';

export type { ApiServices } from './services.ts';

/** Bytes of a JSON body; what is larger by nature (imports, reports) has a limit of its own. */
const MAX_JSON_BYTES = 256 * 1024;

/** Sentry's Web API, to be mounted at `/api/0`. Handlers throw; `server/http/errors.ts` answers. */
export function createApi(services: ApiServices): Router {
  const router = Router();
  const scope = createScope(services.db);
  router.use((_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.use(importRoutes(services, scope));
  for (const upload of services.uploads) router.use(upload);
  router.use(json({ limit: MAX_JSON_BYTES }));
  for (const extra of services.extra) router.use(extra);
  router.use(organizationRoutes(services, scope));
  router.use(projectRoutes(services, scope));
  router.use(issueRoutes(services, scope));
  router.use(eventRoutes(services, scope));
  router.use((req) => {
    throw new NotFoundError(`The API has no ${req.method} ${req.baseUrl}${req.path}.`);
  });
  return router;
}
