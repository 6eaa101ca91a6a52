import { Router } from 'express';
import { explainGrouping } from '../digest/explain-grouping.ts';
import type { GroupingInfo } from '../protocol/contract.ts';
import { createFindEvent } from './find-event.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';
import type { ApiServices } from './services.ts';

/** Why an event belongs to its issue: what its hashes were made of. In-app rules of the project change nothing here. */
export function groupingInfoRoutes(services: ApiServices, scope: Scope): Router {
  const router = Router();
  const find = createFindEvent(services, scope);

  router.get(
    '/projects/:organization/:project/events/:eventId/grouping-info/',
    permit('event:read'),
    async (req, res) => {
      const event = await find.body(await find.ofProject(req));
      const info: GroupingInfo = {
        config: event.grouping_config.id,
        variants: explainGrouping(event).map((variant, index) => ({ ...variant, isPrimary: index === 0 })),
      };
      res.json(info);
    },
  );

  return router;
}
