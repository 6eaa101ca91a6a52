import { expect, test } from 'vitest';
import { regressingEvent } from '../../../../server/digest/status-changes.ts';
import type { StoredEvent } from '../../../../server/protocol/event.ts';
import type { StoredDetails } from '../../../../server/storage/status-details.ts';
import { storedEvent } from '../../../integration/api/harness.ts';

const RESOLVED = Date.UTC(2026, 5, 2);
const FIRST_SEEN = new Map([
  ['r1', 1],
  ['r2', 2],
  ['r3', 3],
  ['shop@1.0.0', 4],
  ['shop@2.0.0', 5],
  ['shop@1.0.1', 6],
]);
type Came = [release: string | null, secondsAfter: number];

/** The release of the event that brings the issue back; null where none does, '' for an event without one. */
test.each<[string, StoredDetails, Came[], string | null]>([
  ['resolved: any event', {}, [[null, 1]], ''],
  [
    'resolved: the first of several',
    {},
    [
      ['r2', 1],
      ['r1', 2],
    ],
    'r2',
  ],
  ['resolved: not what was received before', {}, [['r1', -1]], null],
  ['resolved: what was received at that very time', {}, [['r1', 0]], 'r1'],
  [
    'resolved: what was received after, beside what was before',
    {},
    [
      ['r1', -1],
      ['r2', 1],
    ],
    'r2',
  ],
  ['in a release: not that one', { inRelease: 'r2' }, [['r2', 1]], null],
  ['in a release: not an older one', { inRelease: 'r2' }, [['r1', 1]], null],
  [
    'in a release: a newer one',
    { inRelease: 'r2' },
    [
      ['r1', 1],
      ['r3', 2],
    ],
    'r3',
  ],
  ['in a release: one that is new', { inRelease: 'r3' }, [['r9', 1]], 'r9'],
  ['in a release: not an event without one', { inRelease: 'r2' }, [[null, 1]], null],
  ['in a release: a newer one, but received before', { inRelease: 'r2' }, [['r3', -1]], null],
  [
    'in a version: not a fix of an older one, though it came later',
    { inRelease: 'shop@2.0.0' },
    [['shop@1.0.1', 1]],
    null,
  ],
  ['in a version: the next', { inRelease: 'shop@2.0.0' }, [['shop@2.0.1', 1]], 'shop@2.0.1'],
  ['in a version: an older one that was never seen', { inRelease: 'shop@2.0.0' }, [['shop@0.9.0', 1]], null],
  ['in a version: a name that came later', { inRelease: 'shop@1.0.0' }, [['main-2', 1]], 'main-2'],
  [
    'in the next: not the one of then',
    { inNextRelease: true, afterRelease: 'r2' },
    [
      ['r2', 1],
      ['r1', 2],
    ],
    null,
  ],
  [
    'in the next: the next',
    { inNextRelease: true, afterRelease: 'r2' },
    [
      ['r2', 1],
      ['r3', 2],
    ],
    'r3',
  ],
])('%s', (_, details, came, expected) => {
  const events = came.map(
    ([release, seconds]): StoredEvent => ({
      ...storedEvent(2, { eventId: 'e' }),
      release,
      received: RESOLVED / 1000 + seconds,
    }),
  );
  const event = regressingEvent({ ...details, dateSet: RESOLVED }, events, FIRST_SEEN);
  expect(event ? (event.release ?? '') : null).toBe(expected);
});
