import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { envelopesOf } from '../../../../server/api/import.ts';
import { normalizeEvent } from '../../../../server/digest/normalize.ts';
import { parseEnvelope } from '../../../../server/protocol/envelope.ts';
import { StatusError } from '../../../../server/protocol/errors.ts';
import type { StoredEvent } from '../../../../server/protocol/event.ts';
import { corpusFiles, corpusRoot } from '../../../corpus.ts';
import { storedEvent } from './sample-event.ts';

/** Every event of the corpus as it is stored; none where the corpus is absent. */
export const corpusEvents = (): { path: string; event: StoredEvent }[] =>
  corpusFiles().flatMap(({ path }) => eventsOf(path).map((event) => ({ path, event })));

/** Events of a file; none where it holds none or is broken on purpose. */
function eventsOf(path: string): StoredEvent[] {
  const bytes = readFileSync(join(corpusRoot ?? '', path));
  const context = { projectId: 2, eventId: 'a'.repeat(32), receivedAt: 1_750_000_000_000, remoteAddress: null };
  try {
    return envelopesOf(bytes)
      .envelopes.flatMap((envelope) => parseEnvelope(envelope).items)
      .filter(({ headers }) => headers.type === 'event')
      .map(({ payload }) => normalizeEvent(JSON.parse(new TextDecoder().decode(payload)), context))
      .map((event) => ({ ...storedEvent(), exception: null, ...event, culprit: '' }));
  } catch (error) {
    if (error instanceof StatusError) return [];
    throw error;
  }
}
