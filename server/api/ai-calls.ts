import { once } from 'node:events';
import { type Request, Router } from 'express';
import * as z from 'zod';
import { parseAnswer } from '../ai/answer/answer.ts';
import { toDollars } from '../ai/ledger.ts';
import type { AiCall } from '../protocol/contract.ts';
import { NotFoundError } from '../protocol/errors.ts';
import type { AiCallStore, CallFilter, ListedCall, StoredCall } from '../storage/ai-calls.ts';
import { OPERATOR } from '../storage/ai-calls.ts';
import { createIssueStore, formatShortId } from '../storage/issues.ts';
import type { Database } from '../storage/tables.ts';
import { LOCAL_USER } from '../storage/triage.ts';
import { offsetOf, offsetPage } from './offset-page.ts';
import { optionalText, parseRequest } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';

export type AiCallsServices = {
  scope: Scope;
  db: Database;
  calls: AiCallStore;
};

const PATH = '/organizations/:organization/ai-calls/';
const params = z.object({ callId: z.string() });
const filterQuery = z.object({
  /** Slug or id. */
  project: optionalText,
  /** Number or short id. */
  issue: optionalText,
  user: z
    .string()
    .regex(/^(?:local|operator|\d{1,15})$/, 'is the id of a user, local, or operator')
    .optional(),
  status: z.enum(['success', 'failure', 'aborted']).optional(),
});
const exportQuery = z.object({
  format: z.literal('jsonl', 'There is jsonl alone: a JSON object a line').default('jsonl'),
  /** Those with a smaller id, and so many at most: for who reads the ledger in parts. */
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
});

/** The ledger: every call to a model. All of it is for `ai:admin`: it has events of every project, and who asked. */
export function aiCallRoutes({ scope, db, calls }: AiCallsServices): Router {
  const router = Router();
  const issues = createIssueStore(db);

  /** @throws {NotFoundError} there is no such project or issue */
  async function filterOf(req: Request): Promise<CallFilter> {
    const projects = await scope.organization(req);
    const { project: name, issue: number, user, status } = parseRequest(filterQuery, req.query);
    const project = projects.find(({ slug, id }) => slug === name || String(id) === name);
    if (name !== undefined && !project) throw new NotFoundError(`There is no project "${name}".`);
    const filter = { projectId: project?.id, user, status };
    if (number === undefined) return filter;
    const ids = projects.map(({ id }) => id);
    const issue = /^\d{1,15}$/.test(number)
      ? await issues.byId(ids, Number(number))
      : await issues.byShortId(ids, number);
    if (!issue) throw new NotFoundError(`There is no issue ${number}. It may have been deleted.`);
    return { ...filter, issueId: issue.id };
  }

  router.get(PATH, permit('ai:admin'), async (req, res) => {
    const rows = await calls.list(await filterOf(req), offsetOf(req));
    res.json(offsetPage(req, res, rows).map(toAiCall));
  });

  router.get(`${PATH}export/`, permit('ai:admin'), async (req, res) => {
    const { before, limit } = parseRequest(exportQuery, req.query);
    const rows = calls.all(await filterOf(req), { before, limit });
    const gone = new AbortController();
    res.on('close', () => gone.abort());
    res.writeHead(200, {
      'Content-Type': 'application/x-ndjson; charset=utf-8',
      'Content-Disposition': 'attachment; filename="ai-calls.jsonl"',
    });
    for await (const call of rows) {
      if (gone.signal.aborted) return;
      const hasRoom = res.write(`${JSON.stringify(wholeCall(call))}\n`);
      if (!hasRoom) await once(res, 'drain', { signal: gone.signal }).catch(() => {});
    }
    res.end();
  });

  router.get(`${PATH}:callId/`, permit('ai:admin'), async (req, res) => {
    await scope.organization(req);
    const { callId } = parseRequest(params, req.params);
    const call = /^\d{1,15}$/.test(callId) ? await calls.byId(Number(callId)) : null;
    if (!call) throw new NotFoundError(`The ledger has no call ${callId}. It may be older than ai.ledger-max-age.`);
    res.json(wholeCall(call));
  });

  return router;
}

/** With the patch: the one that was checked, where one was. */
function wholeCall(call: StoredCall): AiCall {
  const { request, answer, patchCheck: checked } = call;
  const patch = checked?.patch ?? parseAnswer(answer).patch;
  const patchCheck = checked && { status: checked.status, commit: checked.commit, detail: checked.detail };
  return { ...toAiCall(call), request, answer, patch, patchCheck };
}

function toAiCall(call: ListedCall): AiCall {
  const { id, projectId, projectSlug, issueId, issueNumber, ...rest } = call;
  const shortId = projectSlug !== null && issueNumber !== null ? formatShortId(projectSlug, issueNumber) : null;
  return {
    id: String(id),
    dateCreated: new Date(rest.dateCreated).toISOString(),
    project: projectId === null ? null : { id: String(projectId), slug: projectSlug ?? '' },
    issue: issueId === null ? null : { id: String(issueId), shortId },
    eventID: rest.eventId,
    user: userOf(call),
    endpointName: rest.endpointName,
    endpoint: URL.parse(rest.endpoint)?.host ?? rest.endpoint,
    model: rest.model,
    status: rest.status,
    errorKind: rest.errorKind,
    inputTokens: rest.inputTokens,
    outputTokens: rest.outputTokens,
    tokensFrom: rest.tokensFrom,
    cost: toDollars(rest.cost),
    duration: rest.duration,
    firstPieceAfter: rest.firstPieceAfter,
    redacted: rest.redacted,
    leftOut: rest.leftOut,
    feedback: rest.feedback,
  };
}

function userOf({ userId, userName }: ListedCall): AiCall['user'] {
  if (userId !== null) return { id: String(userId), name: userName ?? String(userId) };
  if (userName === OPERATOR) return { id: OPERATOR, name: 'Operator at the terminal' };
  return userName === null || userName === LOCAL_USER ? null : { id: null, name: userName };
}
