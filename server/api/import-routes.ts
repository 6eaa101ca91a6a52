import { Router, raw } from 'express';
import type { Imported } from '../protocol/contract.ts';
import { optionalText, parseRequest } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';
import type { ApiServices } from './services.ts';

const EVENTS = '/projects/:organization/:project/events/';
const SAMPLES = [
  '/projects/:organization/:project/create-sample/',
  '/projects/:organization/:project/create-sample-event/',
];

/** Events that a person hands over: pasted, dropped, or the samples. They go through the spool as any event does. */
export function importRoutes(services: ApiServices, scope: Scope): Router {
  const router = Router();

  const readBody = raw({ type: () => true, limit: services.maxImportBytes });
  router.post(EVENTS, permit('event:write'), readBody, async (req, res) => {
    const { slug } = await scope.project(req);
    const imported: Imported = await services.importEvents(
      slug,
      Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0),
    );
    res.status(202).json(imported);
  });

  router.post(SAMPLES, permit('event:write'), async (req, res) => {
    const project = await scope.project(req);
    const name = parseRequest(optionalText, req.query['sample']) ?? 'all';
    const imported: Imported = await services.loadSamples(project, name === 'all' ? undefined : name);
    res.status(202).json(imported);
  });

  return router;
}
