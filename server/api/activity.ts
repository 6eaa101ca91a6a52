import { type Request, Router } from 'express';
import * as z from 'zod';
import type * as contract from '../protocol/contract.ts';
import { ForbiddenError, NotFoundError } from '../protocol/errors.ts';
import { type Activity, createActivityStore } from '../storage/activity.ts';
import type { Issue } from '../storage/issues.ts';
import { toActor } from '../storage/triage.ts';
import { toAuthor } from './caller.ts';
import { setPageLinks } from './pagination.ts';
import { jsonBody, parseBody, parseRequest } from './parse-request.ts';
import { permit, requireIdentity } from './permit.ts';
import type { Scope } from './scope.ts';
import { toActivity, toFirstSeen } from './serialize.ts';
import type { ApiServices } from './services.ts';

const ISSUE = ['/organizations/:organization/issues/:issueId/', '/issues/:issueId/'];
const withSuffix = (suffix: string) => ISSUE.map((path) => path + suffix);
const NOTE = withSuffix('notes/:noteId/');

/** Of one answer; beside them is that the issue was first seen, below the oldest. */
const MAX_ACTIVITIES = 100;
/** Time and id of the last entry that is known: entries of one millisecond are told apart. */
const cursorSchema = z
  .string()
  .regex(/^\d{1,15}:\d{1,15}$/, 'should be the cursor of a page before')
  .transform((cursor) => {
    const [dateCreated = 0, id = 0] = cursor.split(':').map(Number);
    return { dateCreated, id };
  });
const listQuery = z.object({ cursor: z.preprocess((cursor) => cursor || undefined, cursorSchema.optional()) });

/** Markdown, as it was written: to cut spaces off its beginning would change what it means. */
const noteSchema = z.strictObject({
  text: z
    .string()
    .max(4_096, 'should have at most 4,096 characters')
    .refine((text) => text.trim() !== '', 'should not be empty'),
});
const noteParams = z.object({ noteId: z.string() });

/** What was done to an issue, by whom; notes about it; who it can be assigned to. */
export function activityRoutes({ db, auth, now }: Pick<ApiServices, 'db' | 'auth' | 'now'>, scope: Scope): Router {
  const router = Router();
  const activities = createActivityStore(db);

  async function noteOf(req: Request, issue: Issue): Promise<Activity> {
    const { noteId } = parseRequest(noteParams, req.params);
    const note = /^\d{1,15}$/.test(noteId) ? await activities.note(issue.id, Number(noteId)) : null;
    if (!note) throw new NotFoundError(`This issue has no note ${noteId}. It may have been deleted.`);
    return note;
  }

  router.get(withSuffix('activities/'), permit('event:read'), async (req, res) => {
    const issue = await scope.issue(req);
    const { cursor } = parseRequest(listQuery, req.query);
    const rows = await activities.list(issue.id, MAX_ACTIVITIES + 1, cursor);
    const shown = rows.slice(0, MAX_ACTIVITIES);
    const last = rows.length > MAX_ACTIVITIES ? shown.at(-1) : undefined;
    const ranOut = toRanOut(issue, { before: cursor?.dateCreated, after: last?.dateCreated });
    const entries = [...shown.map(toActivity), ...ranOut].toSorted(
      (one, other) => Date.parse(other.dateCreated) - Date.parse(one.dateCreated),
    );
    const next = last ? `${last.dateCreated}:${last.id}` : null;
    setPageLinks(req, res, {
      next: { cursor: next ?? '', results: next !== null },
      previous: { cursor: '', results: false },
      hits: null,
    });
    const answer: z.infer<typeof contract.activitiesSchema> = {
      activity: next ? entries : [...entries, toFirstSeen(issue)],
      next,
    };
    res.json(answer);
  });

  router.post(withSuffix('notes/'), permit('event:write'), jsonBody, async (req, res) => {
    const issue = await scope.issue(req);
    const { text } = parseBody(noteSchema, req);
    const note = await activities.addNote(issue.id, toAuthor(requireIdentity(req)), { text }, now());
    if (!note) throw new NotFoundError(`There is no issue ${issue.id}. It may have been deleted.`);
    res.status(201).json(toActivity(note));
  });

  router.put(NOTE, permit('event:write'), jsonBody, async (req, res) => {
    const issue = await scope.issue(req);
    const note = await noteOf(req, issue);
    const { isOwn } = checkMayChange(req, note);
    const { text } = parseBody(noteSchema, req);
    const editor = toActor(toAuthor(requireIdentity(req)));
    const changed = await activities.changeNote(issue.id, note.id, {
      text,
      dateEdited: new Date(now()).toISOString(),
      // Nobody's name stands below another's words without a word of it.
      ...(!isOwn && editor && { editedBy: { type: 'user', id: editor.id, name: editor.name } }),
    });
    if (!changed) throw new NotFoundError(`This issue has no note ${note.id}. It may have been deleted.`);
    res.json(toActivity(changed));
  });

  router.delete(NOTE, permit('event:write'), async (req, res) => {
    const issue = await scope.issue(req);
    const note = await noteOf(req, issue);
    checkMayChange(req, note);
    await activities.deleteNote(issue.id, note.id);
    res.status(204).end();
  });

  router.get('/organizations/:organization/users/', permit('event:read'), async (req, res) => {
    await scope.organization(req);
    const users = (await auth.users()).filter(({ isActive }) => isActive);
    const actors: contract.Actor[] = users.map(({ id, name, username, email }) => ({
      type: 'user',
      id: String(id),
      name: name || username,
      email,
      username,
    }));
    res.json(actors);
  });

  return router;
}

/**
 * Of an issue whose time of being archived ran out: what the next change to it writes down. It is on one page alone, among
 * the entries of its time.
 */
function toRanOut(
  { ranOutAt }: Issue,
  {
    before = Number.POSITIVE_INFINITY,
    after = Number.NEGATIVE_INFINITY,
  }: Record<'before' | 'after', number | undefined>,
): contract.Activity[] {
  if (ranOutAt === null || ranOutAt > before || ranOutAt <= after) return [];
  const until = new Date(ranOutAt).toISOString();
  const data = { statusDetails: { ignoreUntil: until } };
  return [{ id: `until-${ranOutAt}`, type: 'set_unresolved', user: null, dateCreated: until, data }];
}

/** @throws {ForbiddenError} somebody else's, without event:admin */
function checkMayChange(req: Request, note: Activity): { isOwn: boolean } {
  const identity = requireIdentity(req);
  const { userId, userName } = toAuthor(identity);
  const isOwn = note.userId === userId && (userId !== null || note.userName === userName);
  if (isOwn || identity.permissions.has('event:admin')) return { isOwn };
  throw new ForbiddenError('Somebody else wrote this note. Whoever has event:admin can change it.', {
    permission: 'event:admin',
  });
}
