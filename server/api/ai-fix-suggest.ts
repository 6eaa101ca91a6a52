import { once } from 'node:events';
import { type Request, type Response, Router } from 'express';
import * as z from 'zod';
import type { LoadedEvent, Suggester, SuggestPiece } from '../ai/suggest.ts';
import { userKey } from '../auth/identity.ts';
import { aiConsentSchema, suggestFeedbackSchema, suggestRequestSchema } from '../protocol/contract.ts';
import { NotFoundError, StatusError } from '../protocol/errors.ts';
import { toAuthor } from './caller.ts';
import { jsonBody, optionalText, parseBody, parseRequest } from './parse-request.ts';
import { permit, requireIdentity } from './permit.ts';
import { ORGANIZATION } from './scope.ts';

export type SuggestServices = {
  suggester: Suggester;
  /** Looked up within the project that the path names; null when it has no such event. */
  loadEvent: (projectSlug: string, eventId: string) => Promise<LoadedEvent | null>;
  /** Takes what broke off after the first piece, whose reader has been told already. */
  log: (message: string, error: unknown) => void;
};

const PATH = '/projects/:organization/:project/events/:eventId/ai-fix-suggest/';
const endpointQuery = z.object({ endpoint: optionalText });
/** Of the answer's call. */
const answerQuery = z.object({ id: z.string().max(20) });
/** A comment is a few sentences. */
const feedbackSchema = z.object({ ...suggestFeedbackSchema.shape, comment: z.string().trim().max(4_000).optional() });
const params = z.object({ organization: z.string(), project: z.string(), eventId: z.string() });
/** Consent is each user's own, and so is the limit of calls. */
const userOf = (req: Request) => userKey(requireIdentity(req));

/** Sentry's `ai-fix-suggest`, which spends money and sends data, so asking is a POST; GET reads. */
export function suggestRoutes({ suggester, loadEvent, log }: SuggestServices): Router {
  const router = Router();

  /** @param other another event than the path's, of the same project */
  async function eventOf(req: Request, other?: string): Promise<LoadedEvent> {
    const { organization, project, eventId } = parseRequest(params, req.params);
    const id = other ?? eventId;
    const loaded = organization === ORGANIZATION ? await loadEvent(project, id) : null;
    if (!loaded) throw new NotFoundError(`Project ${project} has no event ${id}.`);
    return loaded;
  }

  router.get(PATH, permit('event:read'), async (req, res) => {
    const { endpoint } = parseRequest(endpointQuery, req.query);
    res.json({ suggestion: await suggester.stored(await eventOf(req), userOf(req), endpoint) });
  });

  router.get(`${PATH}payload/`, permit('event:read'), async (req, res) => {
    const { endpoint } = parseRequest(endpointQuery, req.query);
    res.json(await suggester.payload(await eventOf(req), userOf(req), endpoint));
  });

  // The page alone asks for it: what it answers is what was kept from the model.
  router.get(`${PATH}placeholders/`, permit('event:read'), async (req, res) => {
    const { id } = parseRequest(answerQuery, req.query);
    const placeholders = await suggester.answers.placeholders(await eventOf(req), id);
    res.json({ placeholders: Object.fromEntries(placeholders) });
  });

  router.put(`${PATH}feedback/`, permit('ai:suggest'), jsonBody, async (req, res) => {
    const feedback = parseBody(feedbackSchema, req);
    const loaded = await eventOf(req);
    // Answers are shared by the events of an issue; what one has placeholders for is in its own.
    const answered = await suggester.answers.eventOf(loaded, feedback.id);
    await suggester.answers.setFeedback(await eventOf(req, answered), userOf(req), feedback);
    res.status(204).end();
  });

  router.delete(`${PATH}feedback/`, permit('ai:suggest'), async (req, res) => {
    const { id } = parseRequest(answerQuery, req.query);
    await suggester.answers.deleteFeedback(await eventOf(req), userOf(req), id);
    res.status(204).end();
  });

  router.post(PATH, permit('ai:suggest'), jsonBody, async (req, res) => {
    const options = parseBody(suggestRequestSchema, req);
    const loaded = await eventOf(req);
    const gone = new AbortController();
    res.on('close', () => gone.abort(new Error('The client left.')));
    const asker = { user: userOf(req), address: req.ip ?? '', ...toAuthor(requireIdentity(req)) };
    const pieces = suggester.suggest(loaded, asker, options, gone.signal);
    await answer(res, pieces, gone.signal, (error) => log(`${req.method} ${req.path} broke off`, error));
  });

  router.get('/users/me/ai-consent/', permit('ai:suggest'), async (req, res) => {
    res.json({ consented: await suggester.hasConsented(userOf(req)) });
  });

  router.put('/users/me/ai-consent/', permit('ai:suggest'), jsonBody, async (req, res) => {
    const { consented } = parseBody(aiConsentSchema, req);
    await suggester.setConsent(userOf(req), consented);
    res.json({ consented });
  });

  return router;
}

/** What fails before the first piece is thrown, and becomes a status; later it is an `error` event. */
async function answer(
  res: Response,
  pieces: AsyncGenerator<SuggestPiece, void>,
  gone: AbortSignal,
  log: (error: unknown) => void,
): Promise<void> {
  try {
    for await (const { type, ...data } of pieces) {
      if (!res.headersSent) startEvents(res);
      await sendEvent(res, type, type === 'done' && 'suggestion' in data ? data.suggestion : data, gone);
    }
  } catch (error) {
    // Nobody is there to be told.
    if (gone.aborted) return;
    if (!res.headersSent) throw error;
    log(error);
    await sendEvent(res, 'error', toErrorData(error), gone);
  }
  res.end();
}

function startEvents(res: Response): void {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    // Nginx gathers answers otherwise, and compressing proxies hold them back.
    'X-Accel-Buffering': 'no',
    'Cache-Control': 'no-cache, no-transform',
  });
}

async function sendEvent(res: Response, event: string, data: unknown, gone: AbortSignal): Promise<void> {
  // JSON has no line break outside of its strings, and none in them, so one data line holds it.
  const hasRoom = res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  // Compression, where it sits in between, would wait for more.
  if ('flush' in res && typeof res.flush === 'function') res.flush();
  if (!hasRoom && !gone.aborted) await once(res, 'drain', { signal: gone });
}

function toErrorData(error: unknown): Record<string, unknown> {
  if (error instanceof StatusError) return { ...error.body, detail: error.message };
  return { detail: 'Stackmend failed to go on. The reason is in its log.' };
}
