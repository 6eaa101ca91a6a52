import { Router } from 'express';
import * as z from 'zod';
import type { Coverage } from '../coverage/line-coverage.ts';
import type { StacktraceLink } from '../protocol/contract.ts';
import { toEventId } from '../protocol/event-id.ts';
import type { NoSource, Source, SourceFile, SourceQuery } from '../source/source.ts';
import type { EventStore } from '../storage/events.ts';
import { toMappingConfig } from './code-mappings.ts';
import { optionalText, parseRequest } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';

export type StacktraceLinkServices = {
  scope: Pick<Scope, 'project'>;
  coverage: Pick<Coverage, 'forFrame'>;
  events: Pick<EventStore, 'byEventId'>;
  source: Pick<Source, 'fileOf' | 'linesOf' | 'urlOf'>;
};

const lineNo = z.coerce.number().int().nonnegative().optional();
/** Ours: lines of the checkout before and after, when the five that SDKs send are too few. */
const contextLines = z.coerce.number().int().min(0).max(200).optional();
/** Sentry's names. `package`, `sdkName` and what else its page sends is let through unread. */
const frame = { file: optionalText, absPath: optionalText, module: optionalText, platform: optionalText };
const of = { commitId: optionalText, release: optionalText, eventId: optionalText };
const querySchema = z.object({ ...frame, ...of, lineNo, contextLines });

type Of = { release?: string; eventId?: string };

/**
 * What belongs to a line of source: `GET /projects/{org}/{project}/stacktrace-link/`, Sentry's shape, with the coverage of
 * its file in `codecov` and, ours, the lines of the checkout in `source`. The event's release comes from `release`, or
 * from the event that `eventId` names.
 */
export function stacktraceLinkRoutes({ scope, coverage, events, source }: StacktraceLinkServices): Router {
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
    const asked = { projectId, release, commit, filename, absPath, module, platform, lineNo: query.lineNo };
    const [codecov, link] = await Promise.all([coverage.forFrame(asked), linkOf(source, asked, query)]);
    res.json({ ...link, integrations: [], codecov } satisfies StacktraceLink);
  });

  return router;
}

type Wanted = { lineNo?: number; contextLines?: number };

/** The file, its lines and where they can be looked at; each may be there without the others. */
async function linkOf(source: StacktraceLinkServices['source'], query: SourceQuery, { lineNo, contextLines }: Wanted) {
  const file = await source.fileOf(query);
  const lines =
    file.reason === null && lineNo !== undefined ? await source.linesOf(file, lineNo, { around: contextLines }) : null;
  const fault = [file, lines].find((each): each is NoSource => each != null && each.reason !== null);
  const { mapping = null, path = null, absPath = null, commit = null, commitFrom = null } = file;
  return {
    config: mapping && toMappingConfig(mapping),
    sourceUrl: mapping && path && !isGone(file) ? await source.urlOf(mapping, path, commit) : null,
    error: fault?.reason === 'stack_root_mismatch' || fault?.reason === 'file_not_found' ? fault.reason : null,
    source: {
      path,
      absPath,
      commit,
      commitFrom,
      context: lines?.reason === null ? lines.context : null,
      reason: fault?.reason ?? null,
      detail: fault?.detail ?? null,
    },
  };
}

/** There is no such page, or nobody should be led to it. */
const isGone = ({ reason }: SourceFile | NoSource) => reason === 'file_not_found' || reason === 'file_refused';
