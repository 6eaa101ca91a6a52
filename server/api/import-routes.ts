import { Router, raw } from 'express';
import type { Imported } from '../protocol/contract.ts';
import { BadRequestError, NotFoundError } from '../protocol/errors.ts';
import { isNode } from './event-keys.ts';
import { asNewEvent, envelopeOf, envelopesOf, toEventId } from './import.ts';
import { optionalText, parseRequest } from './parse-request.ts';
import type { Scope } from './scope.ts';
import type { ApiServices } from './services.ts';

const EVENTS = '/projects/:organization/:project/events/';
const SAMPLES = [
  '/projects/:organization/:project/create-sample/',
  '/projects/:organization/:project/create-sample-event/',
];

/** Events that a person hands over: pasted, dropped, or the samples. They go through the spool as any event does. */
export function importRoutes(services: ApiServices, scope: Scope): Router {
  const router = Router();

  async function spool(
    projectId: number,
    eventIDs: string[],
    envelopes: Uint8Array[],
    client: string,
  ): Promise<Imported> {
    const receivedAt = services.now();
    // One after the other: they are read in this order.
    for (const [index, envelope] of envelopes.entries()) {
      await services.append({
        projectId,
        eventId: eventIDs[index] ?? null,
        receivedAt,
        remoteAddress: null,
        client,
        body: Buffer.from(envelope),
      });
    }
    return { eventIDs };
  }

  router.post(EVENTS, raw({ type: () => true, limit: services.maxImportBytes }), async (req, res) => {
    const project = await scope.project(req);
    const { eventIDs, envelopes } = envelopesOf(Buffer.isBuffer(req.body) ? req.body : '');
    res.status(202).json(await spool(project.id, eventIDs, envelopes, 'stackmend.import'));
  });

  router.post(SAMPLES, async (req, res) => {
    const project = await scope.project(req);
    const name = parseRequest(optionalText, req.query['sample']) ?? 'all';
    const samples = await services.samples();
    const chosen = samples.filter((sample) => name === 'all' || sample.name === name);
    if (chosen.length === 0) {
      throw new NotFoundError(
        `There is no sample "${name}". There are: ${samples.map((sample) => sample.name).join(', ')}, all.`,
      );
    }
    const events = chosen.map(({ text }) => toSample(text, services.now()));
    const eventIDs = events.map(({ eventId }) => eventId);
    const envelopes = events.map(({ event, eventId }) => envelopeOf(event, eventId));
    res.status(202).json(await spool(project.id, eventIDs, envelopes, 'stackmend.sample'));
  });

  return router;
}

function toSample(text: string, now: number) {
  const parsed: unknown = JSON.parse(text);
  if (!isNode(parsed)) throw new Error('A sample is not a JSON object.');
  const event = asNewEvent(parsed, now);
  const eventId = toEventId(event['event_id']);
  if (!eventId) throw new BadRequestError('The sample has no event id.');
  return { event, eventId };
}
