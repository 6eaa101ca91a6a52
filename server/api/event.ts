import type { Event } from '../protocol/contract.ts';
import type { ProcessingError, StoredEvent } from '../protocol/event.ts';
import { toEntries, toIso } from './entries.ts';
import { isNode, type Node, own } from './event-keys.ts';
import { metaFor } from './event-meta.ts';

/** What the stored body does not hold: its row's place among others. `size` in bytes of the stored JSON. */
export type EventExtra = {
  id: string;
  groupID: string | null;
  nextEventID: string | null;
  previousEventID: string | null;
  size: number | null;
  userReport?: Node | null;
};

/**
 * The one crossing from the stored event to the API's shape: pure, loses nothing that the page can show.
 * What is odd in Sentry's answer and not repeated here: `_meta` names list items that are no longer there; the tag
 * `_meta` sits beside the value and again at the top (ours: at the top alone); `sdk.upstream` asks the outside world.
 */
export function toEvent(event: StoredEvent, extra: EventExtra): Event {
  const entries = toEntries(event);
  const contexts = toContexts(event.contexts);
  const tags = toTags(event.tags);
  return {
    id: extra.id,
    eventID: event.event_id,
    projectID: event.project,
    groupID: extra.groupID,
    title: event.title,
    message: event.logentry?.formatted ?? event.logentry?.message ?? '',
    culprit: event.culprit,
    location: event.location,
    platform: event.platform,
    type: event.type,
    level: event.level,
    dateCreated: toIso(event.timestamp),
    dateReceived: toIso(event.received),
    size: extra.size,
    dist: event.dist ?? null,
    release: event.release ? { version: event.release, shortVersion: shortVersion(event.release) } : null,
    metadata: event.metadata,
    tags,
    user: event.user ? { ...event.user } : null,
    contexts,
    context: event.extra ?? {},
    packages: event.modules ?? {},
    sdk: event.sdk ? { ...event.sdk, name: event.sdk.name ?? null, version: event.sdk.version ?? null } : null,
    errors: (event.errors ?? []).map(toEventError),
    entries: entries.map(({ type, data }) => ({ type, data })),
    crashFile: null,
    fingerprints: event.hashes,
    groupingConfig: event.grouping_config,
    userReport: extra.userReport ?? null,
    nextEventID: extra.nextEventID,
    previousEventID: extra.previousEventID,
    _meta: {
      entries: Object.fromEntries(
        entries.flatMap(({ meta, data }, index) => {
          const kept = metaFor(meta, data);
          return kept ? [[String(index), { data: kept }]] : [];
        }),
      ),
      message: metaFor(own(own(event._meta, 'logentry'), 'formatted'), event.logentry?.formatted),
      user: metaFor(own(event._meta, 'user'), event.user),
      contexts: metaFor(own(event._meta, 'contexts'), contexts),
      context: metaFor(own(event._meta, 'extra'), event.extra),
      packages: metaFor(own(event._meta, 'modules'), event.modules),
      sdk: metaFor(own(event._meta, 'sdk'), event.sdk),
      tags: tagsMeta(event, tags),
    },
  };
}

/** `query` is there where searching for the tag takes another word than `key:value`. */
function toTags(tags: StoredEvent['tags']): (Node & { key: string; value: string })[] {
  return [...tags]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => {
      const query = key === 'user' ? userQuery(value) : null;
      return query ? { key, value, query, _meta: null } : { key, value, _meta: null };
    });
}

/** The `user` tag is `id:7`, `email:a@b`, ...: searched as `user.id:"7"`. */
function userQuery(value: string): string | null {
  const match = /^(id|email|username|ip):(.*)$/s.exec(value);
  return match ? `user.${match[1]}:${JSON.stringify(match[2])}` : null;
}

/** Index in the sorted list to `{value: annotation}`. */
function tagsMeta(event: StoredEvent, tags: { key: string; value: string }[]): Node {
  const meta = metaFor(own(event._meta, 'tags'), event.tags);
  return Object.fromEntries(
    Object.entries(meta ?? {}).flatMap(([index, child]) => {
      const stored = event.tags[Number(index)];
      const at = tags.findIndex(({ key, value }) => key === stored?.[0] && value === stored[1]);
      const value = own(child, '1') ?? (own(child, '') === undefined ? undefined : { '': own(child, '') });
      return at < 0 || value === undefined ? [] : [[String(at), { value }]];
    }),
  );
}

/** Contexts always name their type: without one, what they are called is what they are. */
function toContexts(contexts: StoredEvent['contexts']): Node {
  return Object.fromEntries(
    Object.entries(contexts ?? {}).flatMap(([name, context]) =>
      isNode(context) ? [[name, { ...context, type: context['type'] ?? name }]] : [],
    ),
  );
}

/** `app@1.2+7` is 1.2+7; a commit is cut to 12 digits. */
function shortVersion(version: string): string {
  const short = version.slice(version.indexOf('@') + 1);
  return /^[0-9a-f]{40}$/.test(short) ? short.slice(0, 12) : short;
}

const ERROR_WORDS: Record<string, string> = {
  invalid_data: 'A value was not of the kind that belongs there and was left out.',
  invalid_attribute: 'An attribute is unknown and was left out.',
  missing_attribute: 'A required attribute is missing.',
  value_too_long: 'A value was too long and was cut.',
  clock_drift: 'The clock of the SDK is off; the times were corrected.',
  past_timestamp: 'The timestamp is too far in the past.',
  future_timestamp: 'The timestamp is in the future; the time of arrival is shown instead.',
  too_many_values: 'There were too many values; some were left out.',
};

function toEventError(error: ProcessingError): Event['errors'][number] {
  const { type, ...data } = error;
  const message = Object.hasOwn(ERROR_WORDS, type) ? ERROR_WORDS[type] : undefined;
  return { type, message: message ?? `Processing noted: ${type.replaceAll('_', ' ')}.`, data };
}
