import type { Request } from 'express';
import * as z from 'zod';
import { nodeId } from '../backends/nodestore.ts';
import { NotFoundError } from '../protocol/errors.ts';
import type { StoredEvent } from '../protocol/event.ts';
import { toEventId } from '../protocol/event-id.ts';
import { createEventStore, type EventRow } from '../storage/events.ts';
import type { Issue } from '../storage/issues.ts';
import { parseFilter, parseRequest } from './parse-request.ts';
import type { Scope } from './scope.ts';
import type { ApiServices } from './services.ts';

const params = z.object({ eventId: z.string() });

/** Finds the event that a path names, within the issue or project that it names too. All throw NotFoundError. */
export function createFindEvent(
  { db, search, nodestore }: Pick<ApiServices, 'db' | 'search' | 'nodestore'>,
  scope: Scope,
) {
  const events = createEventStore(db);

  /** By event id, by a word of position among the events of the filter, or by the number of its row, as older links have it. */
  async function ofIssue(req: Request): Promise<EventRow> {
    const issue = await scope.issue(req);
    const { eventId: name } = parseRequest(params, req.params);
    if (name === 'latest' || name === 'oldest' || name === 'recommended') {
      const filter = parseFilter(req);
      const id = await search.event({ ...filter, issueId: issue.id }, name);
      const row = id === null ? null : await events.byRowId(issue.id, id);
      if (row) return row;
      const isFiltered = Object.values(filter).some((value) => value !== undefined && value.length > 0);
      throw new NotFoundError(`Issue ${issue.shortId} has no stored event${isFiltered ? ' that matches' : ''}.`);
    }
    const row = await named(issue, name);
    if (!row) throw new NotFoundError(`Issue ${issue.shortId} has no event ${name}.`);
    return row;
  }

  async function named(issue: Issue, name: string): Promise<EventRow | null> {
    const eventId = toEventId(name);
    if (!eventId) return /^\d{1,15}$/.test(name) ? events.byRowId(issue.id, Number(name)) : null;
    const row = await events.byEventId(issue.projectId, eventId);
    return row?.issueId === issue.id ? row : null;
  }

  async function ofProject(req: Request): Promise<EventRow> {
    const project = await scope.project(req);
    const { eventId: name } = parseRequest(params, req.params);
    const eventId = toEventId(name);
    const row = eventId ? await events.byEventId(project.id, eventId) : null;
    if (!row) throw new NotFoundError(`Project ${project.slug} has no event ${name}.`);
    return row;
  }

  async function body(row: EventRow): Promise<StoredEvent> {
    const stored = await nodestore.get(nodeId(row.projectId, row.eventId));
    if (!stored) throw new NotFoundError(`The body of event ${row.eventId} is gone; it is being deleted.`);
    return stored;
  }

  return { ofIssue, ofProject, body };
}
