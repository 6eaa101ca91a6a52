import { Router } from 'express';
import * as z from 'zod';
import type { Coverage } from '../coverage/line-coverage.ts';
import type { StacktraceLink } from '../protocol/contract.ts';
import { toEventId } from '../protocol/event-id.ts';
import type { EventStore } from '../storage/events.ts';
import { optionalText, parseRequest } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';

export type StacktraceLinkServices = {
  scope: Pick<Scope, 'project'>;
  coverage: Pick<Coverage, 'forFrame'>;
  events: Pick<EventStore, 'byEventId'>;
};

const lineNo = z.coerce.number().int().nonnegative().optional();
/** Sentry's names. `package`, `sdkName` and what else its page sends is let through unread. */
const frame = { file: optionalText, absPath: optionalText, module: optionalText, platform: optionalText };
const of = { commitId: optionalText, release: optionalText, eventId: optionalText };
const querySchema = z.object({ ...frame, ...of, lineNo });

type Of = { release?: string; eventId?: string };

/**
 * What belongs to a line of source: `GET /projects/{org}/{project}/stacktrace-link/`, Sentry's shape, of which `codecov`
 * is filled. The event's release comes from `release`, or from the event that `eventId` names.
 */
export function stacktraceLinkRoutes({ scope, coverage, events }: StacktraceLinkServices): Router {
  const router = Router();
  const path = '/projects/:organization/:project/stacktrace-link/';

  async function releaseOf(projectId: number, { release, eventId }: Of): Promise<string | null> {
    if (release !== undefined || eventId === undefined) return release ?? null;
    const id = toEventId(eventId);
    const event = id ? await events.byEventId(projectId, id) : null;
    return event?.release ?? null;
  }

  router.get(path, permit('event:read'), async (req, res) => {
    const query = parseRequest(querySchema, req.query);
    const { id: projectId } = await scope.project(req);
    const { file: filename, absPath, module, platform, commitId: commit } = query;
    const release = await releaseOf(projectId, query);
    const codecov = await coverage.forFrame({ projectId, release, commit, filename, absPath, module, platform });
    const link: StacktraceLink = { config: null, sourceUrl: null, integrations: [], codecov };
    res.json(link);
  });

  return router;
}
