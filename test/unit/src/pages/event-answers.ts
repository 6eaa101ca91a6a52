import { vi } from 'vitest';
import type { EventsStats } from '../../../../server/protocol/contract.ts';
import { event } from '../app/fixtures.ts';
import type { Answers } from '../app/render-app.tsx';

export const issuePath = '/organizations/stackmend/issues/7/';
export const hourMs = 3_600_000;
/** Local, so that the words of the graph are the same in every time zone. */
export const start = new Date(2026, 10, 22, 8).getTime();

/** Four hours: 10, 0, 3 and 27 events. */
export const stats = (change: Partial<EventsStats> = {}): EventsStats => ({
  start,
  end: start + 4 * hourMs,
  intervalMs: hourMs,
  total: { events: [10, 0, 3, 27], users: [4, 0, 1, 9], eventCount: 40, userCount: 12 },
  matching: null,
  releases: [{ version: 'shop@1.4.0', time: start + 2.5 * hourMs }],
  ...change,
});

export const tags = [
  {
    key: 'environment',
    name: 'Environment',
    totalValues: 40,
    uniqueValues: 2,
    topValues: [
      { value: 'production', count: 30 },
      { value: 'staging', count: 10 },
    ],
  },
  {
    key: 'browser',
    name: 'browser',
    totalValues: 40,
    uniqueValues: 5,
    topValues: [
      { value: 'Firefox 140', count: 20 },
      { value: 'Chrome 150', count: 19 },
      { value: 'Safari', count: 1 },
    ],
  },
];

/** A server whose issue has many events; each address answers the same event. */
export const answers = (more: Answers = {}): Answers => ({
  [`GET ${issuePath}events-stats/`]: () => stats(),
  [`GET ${issuePath}tags/`]: () => tags,
  [`GET ${issuePath}tags/browser/values/`]: ({ query }) =>
    (tags[1]?.topValues ?? []).filter(({ value }) => value.startsWith(query.get('query') ?? '')),
  ...Object.fromEntries(['latest', 'oldest'].map((alias) => [`GET ${issuePath}events/${alias}/`, () => event()])),
  ...Object.fromEntries(
    [event().eventID, 'b'.repeat(32)].map((id) => [`GET ${issuePath}events/${id}/`, () => event({ eventID: id })]),
  ),
  ...more,
});

/** What uPlot asks of a browser, and jsdom has not: it draws into nothing. */
export function pretendCanvas(): void {
  const nothing: object = new Proxy(() => nothing, {
    get: (_, name) => (name === Symbol.toPrimitive ? () => 0 : nothing),
    set: () => true,
  });
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(() => Object.create(nothing));
  vi.stubGlobal(
    'Path2D',
    class {
      rect() {}
      arc() {}
      moveTo() {}
      lineTo() {}
    },
  );
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
}
