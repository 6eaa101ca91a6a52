import { type Request, type Response, Router } from 'express';
import * as z from 'zod';
import { nodeId } from '../backends/nodestore.ts';
import { NotFoundError } from '../protocol/errors.ts';
import type { StoredEvent } from '../protocol/event.ts';
import { toEventId } from '../protocol/event-id.ts';
import { type AttachmentStore, createAttachmentStore } from '../storage/attachments.ts';
import { createEventStore, type EventRow } from '../storage/events.ts';
import type { Issue } from '../storage/issues.ts';
import { toEvent } from './event.ts';
import { setPageLinks } from './pagination.ts';
import { optionalText, pageQuery, parseRequest, repeated } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';
import { toAttachment, toEventRow } from './serialize.ts';
import type { ApiServices } from './services.ts';

const ISSUE_EVENTS = ['/organizations/:organization/issues/:issueId/events/', '/issues/:issueId/events/'];
const PROJECT_EVENT = '/projects/:organization/:project/events/:eventId/';

const listQuery = z.object({
  ...pageQuery,
  query: optionalText,
  statsPeriod: optionalText,
  environment: repeated,
});
const eventParams = z.object({ eventId: z.string() });
const attachmentParams = z.object({ attachmentId: z.string().regex(/^\d{1,15}$/, 'an attachment has a number') });

/** Events of an issue, one event with its neighbours, its stored JSON, its attachments. */
export function eventRoutes(services: ApiServices, scope: Scope): Router {
  const router = Router();
  const events = createEventStore(services.db);
  const attachments = createAttachmentStore(services.db);

  router.get(ISSUE_EVENTS, permit('event:read'), async (req, res) => {
    const issue = await scope.issue(req);
    const asked = parseRequest(listQuery, req.query);
    const page = await services.search.events({
      issueId: issue.id,
      query: asked.query ?? '',
      statsPeriod: asked.statsPeriod || undefined,
      environments: asked.environment,
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
      const issue = await scope.issue(req);
      const row = await ofIssue(issue, parseRequest(eventParams, req.params).eventId);
      res.json(await serialize(row));
    },
  );

  router.get(PROJECT_EVENT, permit('event:read'), async (req, res) => {
    res.json(await serialize(await ofProject(req)));
  });

  router.get(`${PROJECT_EVENT}json/`, permit('event:read'), async (req, res) => {
    const row = await ofProject(req);
    const stored = await body(row);
    sendHarmless(res, 'application/json; charset=utf-8');
    if (req.query['download'] !== undefined)
      res.attachment(`${row.eventId}.json`).type('application/json; charset=utf-8');
    res.send(JSON.stringify(stored, null, 2));
  });

  router.get(`${PROJECT_EVENT}attachments/`, permit('attachment:read'), async (req, res) => {
    const { projectId, eventId } = await ofProject(req);
    res.json((await attachments.list(projectId, eventId)).map(toAttachment));
  });

  router.get(`${PROJECT_EVENT}attachments/:attachmentId/`, permit('attachment:read'), async (req, res) => {
    const attachment = await attachmentOf(attachments, req, await ofProject(req));
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

  /** By event id, by a word of position, or by the number of its row, as older links have it. */
  async function ofIssue(issue: Issue, name: string): Promise<EventRow> {
    const found = await find(issue, name);
    if (found) return found;
    const isPosition = name === 'latest' || name === 'oldest' || name === 'recommended';
    throw new NotFoundError(
      isPosition ? `Issue ${issue.shortId} has no stored event.` : `Issue ${issue.shortId} has no event ${name}.`,
    );
  }

  async function find(issue: Issue, name: string): Promise<EventRow | null> {
    if (name === 'latest' || name === 'oldest' || name === 'recommended') return events.at(issue.id, name);
    const eventId = toEventId(name);
    if (!eventId) return /^\d{1,15}$/.test(name) ? events.byRowId(issue.id, Number(name)) : null;
    const row = await events.byEventId(issue.projectId, eventId);
    return row?.issueId === issue.id ? row : null;
  }

  async function ofProject(req: Request): Promise<EventRow> {
    const project = await scope.project(req);
    const { eventId: name } = parseRequest(eventParams, req.params);
    const eventId = toEventId(name);
    const row = eventId ? await events.byEventId(project.id, eventId) : null;
    if (!row) throw new NotFoundError(`Project ${project.slug} has no event ${name}.`);
    return row;
  }

  async function body(row: EventRow): Promise<StoredEvent> {
    const stored = await services.nodestore.get(nodeId(row.projectId, row.eventId));
    if (!stored) throw new NotFoundError(`The body of event ${row.eventId} is gone; it is being deleted.`);
    return stored;
  }

  async function serialize(row: EventRow) {
    const [stored, neighbours, report] = await Promise.all([
      body(row),
      events.neighbours(row),
      events.userReport(row.projectId, row.eventId),
    ]);
    return toEvent(stored, {
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
