import { type Envelope, getCurrentScope, getGlobalScope, getIsolationScope, type Scope } from '@sentry/core';

/** Tag of an error that was raised while this project's event was digested. */
export const PROJECT_TAG = 'processing_event_for_project';
/** Tag of an error that relaying would only repeat. */
export const UNSAFE_TAG = '_unsafe';

/**
 * May the relay have it? An error of digesting the internal project's own events, relayed, would be digested there, fail
 * again, and so on for ever. Sentry also looks for files of its ingest on the call stack; here digest has a thread of its
 * own, whose errors arrive with the project that they are about.
 *
 * @param internalProject id of the project that the relay sends to
 * @param scopes of the code that sends
 */
export function isCurrentEventSafe(
  envelope: Envelope,
  internalProject: number,
  scopes: readonly Pick<Scope, 'getScopeData'>[] = [getGlobalScope(), getIsolationScope(), getCurrentScope()],
): boolean {
  const tagged: object[] = scopes.map((scope) => scope.getScopeData().tags);
  for (const [{ type }, payload] of envelope[1]) {
    if (type === 'event' && isObject(payload) && 'tags' in payload && isObject(payload.tags)) tagged.push(payload.tags);
  }
  return !tagged.some(
    (tags) => Boolean(tagOf(tags, UNSAFE_TAG)) || String(tagOf(tags, PROJECT_TAG)) === String(internalProject),
  );
}

const tagOf = (tags: object, name: string): unknown => Object.entries(tags).find(([key]) => key === name)?.[1];

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
