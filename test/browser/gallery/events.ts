import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toEvent } from '../../../server/api/event.ts';
import { deriveEvent } from '../../../server/digest/derive.ts';
import { normalizeEvent } from '../../../server/digest/normalize.ts';
import { scrubEvent } from '../../../server/digest/scrub.ts';
import type { Event } from '../../../server/protocol/contract.ts';
import { parseEnvelope } from '../../../server/protocol/envelope.ts';
import { corpusRoot } from '../../corpus.ts';
import { samples } from './samples.ts';

/** An event as the API would give it: one of `samples`, or a file of the corpus by its path. */
export function galleryEvent(name: string): Event {
  const raw = Object.hasOwn(samples, name) ? samples[name] : readCorpus(name);
  const context = { projectId: 2, eventId: 'a'.repeat(32), receivedAt: Date.now(), remoteAddress: null };
  const event = scrubEvent(normalizeEvent(raw, context));
  const stored = { ...event, ...deriveEvent(event), hashes: [], grouping_config: { id: 'v1' } };
  return toEvent(stored, { id: '1', groupID: '1', nextEventID: null, previousEventID: null, size: null });
}

function readCorpus(path: string): unknown {
  if (!corpusRoot) throw new Error('The corpus is not beside the checkout.');
  const bytes = readFileSync(join(corpusRoot, path));
  if (path.endsWith('.json')) return JSON.parse(bytes.toString('utf8'));
  const item = parseEnvelope(bytes).items.find(({ headers }) => headers.type === 'event');
  return JSON.parse(Buffer.from(item?.payload ?? []).toString('utf8'));
}
