import { Scope } from '@sentry/core';
import { expect, test } from 'vitest';
import { isCurrentEventSafe } from '../../../../server/sdk/is-current-event-safe.ts';
import { envelopeWith } from './envelopes.ts';

const INTERNAL = 1;
type Tags = Record<string, string | number | boolean>;

test.each<[string, Tags, boolean]>([
  ['no tag', {}, true],
  ['other tags', { project: '1', unsafe: true }, true],
  ['_unsafe', { _unsafe: true }, false],
  ['_unsafe as text', { _unsafe: 'true' }, false],
  ['_unsafe that is not', { _unsafe: false }, true],
  ['the internal project', { processing_event_for_project: '1' }, false],
  ['the internal project as a number', { processing_event_for_project: 1 }, false],
  ['another project', { processing_event_for_project: '2' }, true],
  ['a project whose id begins the same', { processing_event_for_project: '11' }, true],
])('%s, on the event or on a scope', (_, tags, expected) => {
  expect(isCurrentEventSafe(envelopeWith(['client_report', 'event'], { tags }), INTERNAL, [])).toBe(expected);
  const scope = new Scope();
  scope.setTags(tags);
  expect(isCurrentEventSafe(envelopeWith(['event']), INTERNAL, [new Scope(), scope])).toBe(expected);
});

test('an event without tags, and an item that is none', () => {
  expect(isCurrentEventSafe(envelopeWith(['attachment', 'event']), INTERNAL, [])).toBe(true);
  expect(isCurrentEventSafe(envelopeWith([]), INTERNAL)).toBe(true);
});
