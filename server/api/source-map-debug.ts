import { Router } from 'express';
import * as z from 'zod';
import type { Explain } from '../artifacts/symbolicate/explain.ts';
import type { SymbolicateAgain } from '../digest/symbolicate-again.ts';
import { NotFoundError } from '../protocol/errors.ts';
import { createFindEvent } from './find-event.ts';
import { jsonBody, parseBody } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';
import type { ApiServices } from './services.ts';

export type SourceMapDebugServices = Pick<ApiServices, 'db' | 'search' | 'nodestore'> & {
  scope: Scope;
  explain: Explain;
  symbolicateAgain: SymbolicateAgain;
};

const releaseSchema = z.object({
  release: z.string().min(1).max(250),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .nullish(),
});

/** Why JavaScript frames are not mapped, and mapping them once more with what is uploaded by now. */
export function sourceMapDebugRoutes(services: SourceMapDebugServices): Router {
  const router = Router();
  const { scope, explain, symbolicateAgain } = services;
  const find = createFindEvent(services, scope);
  const path = '/projects/:organization/:project/events/:eventId/';

  router.get(`${path}source-map-debug/`, permit('event:read'), async (req, res) => {
    res.json(await explain(await find.body(await find.ofProject(req))));
  });

  router.post(`${path}symbolicate/`, permit('event:write'), async (req, res) => {
    const { projectId, eventId } = await find.ofProject(req);
    const done = await symbolicateAgain.event(projectId, eventId);
    if (!done) throw new NotFoundError(`The body of event ${eventId} is gone; it is being deleted.`);
    res.json(done);
  });

  router.post('/projects/:organization/:project/symbolicate/', permit('event:write'), jsonBody, async (req, res) => {
    const { release, cursor } = parseBody(releaseSchema, req);
    const { id } = await scope.project(req);
    res.json(await symbolicateAgain.release(id, release, cursor ? Number(cursor) : null));
  });

  return router;
}
