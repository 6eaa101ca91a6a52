import { type Request, type Response, Router } from 'express';
import * as z from 'zod';
import { NotFoundError } from '../protocol/errors.ts';
import { withInAppRules } from '../protocol/in-app-rules.ts';
import { type AttachmentStore, createAttachmentStore } from '../storage/attachments.ts';
import { createEventStore, type EventRow } from '../storage/events.ts';
import { createInAppRules } from '../storage/in-app-rules.ts';
import { createProjectStore } from '../storage/projects.ts';
import { toEvent } from './event.ts';
import { createFindEvent } from './find-event.ts';
import { setPageLinks } from './pagination.ts';
import { pageQuery, parseFilter, parseRequest } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';
import { toAttachment, toEventRow } from './serialize.ts';
import type { ApiServices } from './services.ts';

const ISSUE_EVENTS = ['/organizations/:organization/issues/:issueId/events/', '/issues/:issueId/events/'];
const PROJECT_EVENT = '/projects/:organization/:project/events/:eventId/';

const listQuery = z.object({ ...pageQuery, sort: z.enum(['timestamp', '-timestamp']).optional() });
const attachmentParams = z.object({ attachmentId: z.string().regex(/^\d{1,15}$/, 'an attachment has a number') });

/** Events of an issue, one event with its neighbours, its stored JSON, its attachments. */
export function eventRoutes(services: ApiServices, scope: Scope): Router {
  const router = Router();
  const events = createEventStore(services.db);
  const attachments = createAttachmentStore(services.db);
  const find = createFindEvent(services, scope);
  const inAppRules = createInAppRules(createProjectStore(services.db));

  router.get(ISSUE_EVENTS, permit('event:read'), async (req, res) => {
    const issue = await scope.issue(req);
    const asked = parseRequest(listQuery, req.query);
    const page = await services.search.events({
      ...parseFilter(req),
      issueId: issue.id,
      sort: asked.sort,
      cursor: asked.cursor,
      limit: asked.limit ?? asked.per_page ?? 25,
    });
    setPageLinks(req, res, page);
    res.json((await events.byRowIds(issue.id, page.items)).map(toEventRow));
  });

  router.get(
    ISSUE_EVENTS.map((path) => `${path}:eventId/`),
    permit('event:read'),
    async (req, res) => {
      res.json(await serialize(await find.ofIssue(req), req));
    },
  );

  router.get(PROJECT_EVENT, permit('event:read'), async (req, res) => {
    res.json(await serialize(await find.ofProject(req), req));
  });

  router.get(`${PROJECT_EVENT}json/`, permit('event:read'), async (req, res) => {
    const row = await find.ofProject(req);
    const stored = await find.body(row);
    sendHarmless(res, 'application/json; charset=utf-8');
    if (req.query['download'] !== undefined)
      res.attachment(`${row.eventId}.json`).type('application/json; charset=utf-8');
    res.send(JSON.stringify(stored, null, 2));
  });

  router.get(`${PROJECT_EVENT}attachments/`, permit('attachment:read'), async (req, res) => {
    const { projectId, eventId } = await find.ofProject(req);
    res.json((await attachments.list(projectId, eventId)).map(toAttachment));
  });

  router.get(`${PROJECT_EVENT}attachments/:attachmentId/`, permit('attachment:read'), async (req, res) => {
    const attachment = await attachmentOf(attachments, req, await find.ofProject(req));
    if (req.query['download'] === undefined) {
      res.json(toAttachment(attachment));
      return;
    }
    const type = attachment.contentType.split(';')[0]?.trim().toLowerCase() ?? '';
    // `attachment()` guesses a type from the name, which a stranger wrote: ours is set after it.
    res.attachment(attachment.name || 'attachment');
    sendHarmless(res, HARMLESS_TYPES.has(type) ? type : 'application/octet-stream');
    res.send(attachment.data);
  });

  /** Its neighbours are those of the filter, which the event itself need not match. */
  async function serialize(row: EventRow, req: Request) {
    const [stored, neighbours, report, rules] = await Promise.all([
      find.body(row),
      services.search.neighbours({ ...parseFilter(req), issueId: row.issueId }, row),
      events.userReport(row.projectId, row.eventId),
      inAppRules.ofProject(row.projectId),
    ]);
    return toEvent(withInAppRules(stored, rules), {
      id: row.eventId,
      groupID: String(row.issueId),
      size: Buffer.byteLength(JSON.stringify(stored)),
      ...neighbours,
      userReport: report && {
        id: String(report.id),
        name: report.name,
        email: report.email,
        comments: report.comments,
        eventID: report.eventId,
        dateCreated: new Date(report.dateCreated).toISOString(),
      },
    });
  }

  return router;
}

/** What an `<img>` or a text view may show; anything else, HTML and SVG above all, is bytes to download. */
const HARMLESS_TYPES = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'text/plain',
  'application/json',
]);

/** Should a browser open it in a tab after all, it runs nothing and has no origin. */
function sendHarmless(res: Response, type: string): void {
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  res.setHeader('X-Content-Type-Options', 'nosniff');
}

async function attachmentOf(attachments: AttachmentStore, req: Request, { projectId, eventId }: EventRow) {
  const { attachmentId } = parseRequest(attachmentParams, req.params);
  const attachment = await attachments.byId(projectId, eventId, Number(attachmentId));
  if (!attachment) throw new NotFoundError(`Event ${eventId} has no attachment ${attachmentId}.`);
  return attachment;
}
