import type { StoredEvent } from '../protocol/event.ts';
import { type Explained, explainV1 } from './group/explain-v1.ts';

/** By the id that an event keeps as its `grouping_config`. */
const EXPLAINERS: Record<string, (event: StoredEvent) => Explained[]> = { v1: explainV1 };

const EARLIER = 'Made by an earlier version, or of what the stored event no longer holds';

/** What each hash of a stored event was made of; of a hash that does not come out again, nothing. */
export function explainGrouping(event: StoredEvent): Explained[] {
  const { id } = event.grouping_config;
  const explain = Object.hasOwn(EXPLAINERS, id) ? EXPLAINERS[id] : undefined;
  const byHash = new Map((explain?.(event) ?? []).map((explained) => [explained.hash, explained]));
  return event.hashes.map((hash) => byHash.get(hash) ?? { hash, description: EARLIER, parts: [] });
}
