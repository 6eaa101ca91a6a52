import { Router } from 'express';
import * as z from 'zod';
import type { Coverage, FrameCoverage } from '../coverage/line-coverage.ts';
import type { StacktraceLink } from '../protocol/contract.ts';
import { toEventId } from '../protocol/event-id.ts';
import type { EventStore } from '../storage/events.ts';
import { optionalText, parseRequest } from './parse-request.ts';
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

const nullable = (schema: typeof optionalText) => schema.nullish().transform((value) => value ?? undefined);
const frames = z.object({
  file: nullable(optionalText),
  absPath: nullable(optionalText),
  module: nullable(optionalText),
  platform: nullable(optionalText),
  lineNo: z.number().int().nonnegative().nullish(),
});
const batchSchema = z.object({
  commitId: nullable(optionalText),
  release: nullable(optionalText),
  eventId: nullable(optionalText),
  frames: z.array(frames).max(500),
});
type FrameParameters = { file?: string; absPath?: string; module?: string; platform?: string };
type Of = { commitId?: string; release?: string; eventId?: string };

/** Lines around the frame's own that an answer of the batch holds: more than any SDK sends as context. */
const LINES_AROUND = 100;

/**
 * What belongs to a line of source: `GET /projects/{org}/{project}/stacktrace-link/`, Sentry's shape, of which `codecov`
 * is filled. The event's release comes from `release`, or from the event that `eventId` names.
 *
 * `POST` to the same path is ours and asks for all frames of an event at once: `{eventId?, release?, commitId?, frames:
 * [{file, absPath, module, platform, lineNo}]}` gives `{frames: [...]}` in the same order, and of each file the 100 lines
 * before and after the frame's.
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

  function ask(projectId: number, release: string | null, commit: string | undefined, query: FrameParameters) {
    const { file: filename, absPath, module, platform } = query;
    return coverage.forFrame({ projectId, release, commit, filename, absPath, module, platform });
  }

  router.get(path, async (req, res) => {
    const query = parseRequest(querySchema, req.query);
    const { id } = await scope.project(req);
    res.json(toLink(await ask(id, await releaseOf(id, query), query.commitId, query)));
  });

  router.post(path, async (req, res) => {
    const body = parseRequest(batchSchema, req.body);
    const { id } = await scope.project(req);
    const release = await releaseOf(id, body);
    const answers: StacktraceLink[] = [];
    // One after the other: they read the same reports, of which the first makes the index.
    for (const query of body.frames) {
      const codecov = await ask(id, release, body.commitId, query);
      answers.push(toLink(around(codecov, query.lineNo ?? null)));
    }
    res.json({ frames: answers });
  });
  return router;
}

function around(codecov: FrameCoverage, line: number | null): FrameCoverage {
  if (line === null || !codecov.lineCoverage) return codecov;
  const lineCoverage = codecov.lineCoverage.filter(([number]) => Math.abs(number - line) <= LINES_AROUND);
  return { ...codecov, lineCoverage };
}

const toLink = (codecov: FrameCoverage): StacktraceLink => ({
  config: null,
  sourceUrl: null,
  integrations: [],
  codecov,
});
