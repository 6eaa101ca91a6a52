import type { MetricsBackend } from './backend.ts';

export type Tags = Record<string, string>;
type Count = { key: string; tags: Tags; value: number };

/** Nothing here throws but `timer`, and that only what the timed work threw. */
export type Metrics = {
  /** Counts. Tags must come from a small, known set: each combination is kept. */
  incr(key: string, amount?: number, tags?: Tags): void;
  /** Tells a value as it is now. */
  gauge(key: string, value: number, tags?: Tags): void;
  /** Tells how long something took. */
  timing(key: string, milliseconds: number, tags?: Tags): void;
  /**
   * Times `work`, which may add tags to those it is given; `result` is set to `success` or, when it throws, `failure`.
   *
   * @throws what `work` threw
   */
  timer<T>(key: string, work: (tags: Tags) => T | Promise<T>, tags?: Tags): Promise<T>;
  /** What was counted since the start, in the order first counted. */
  counts(): Count[];
};

export type MetricsOptions = {
  /** None: counts are kept in memory, and nothing else is. */
  backend?: MetricsBackend | null;
  /** In front of the keys that the backend gets, as it is. */
  prefix?: string;
  /** Is called whenever the backend fails. */
  onError?: (error: unknown) => void;
  /** Milliseconds, never going back. */
  clock?: () => number;
};

const NO_TAGS: Tags = {};
/** A guard against tags that a stranger chooses: past it, new combinations are counted without their tags. */
const MAX_COUNTS = 10_000;

/** Counts in memory, and tells the backend where there is one. */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const { backend = null, prefix = '', onError = () => {}, clock = () => performance.now() } = options;
  const counts = new Map<string, Count>();

  function timing(key: string, milliseconds: number, tags = NO_TAGS): void {
    if (!backend || !Number.isFinite(milliseconds)) return;
    try {
      backend.timing(prefix + key, milliseconds, tags);
    } catch (error) {
      onError(error);
    }
  }

  return {
    incr(key, amount = 1, tags = NO_TAGS) {
      if (!Number.isFinite(amount)) return;
      let id = idOf(key, tags);
      let count = counts.get(id);
      if (!count && counts.size >= MAX_COUNTS) {
        id = key;
        count = counts.get(id);
      }
      if (count) count.value += amount;
      else {
        count = { key, tags: id === key ? {} : { ...tags }, value: amount };
        counts.set(id, count);
      }
      if (!backend) return;
      try {
        // The tags that are kept, so that the guard holds for the backend as well.
        backend.incr(prefix + key, amount, count.tags);
      } catch (error) {
        onError(error);
      }
    },
    gauge(key, value, tags = NO_TAGS) {
      if (!backend || !Number.isFinite(value)) return;
      try {
        backend.gauge(prefix + key, value, tags);
      } catch (error) {
        onError(error);
      }
    },
    timing,
    async timer(key, work, tags = NO_TAGS) {
      const told: Tags = { ...tags };
      const startedAt = clock();
      let result = 'failure';
      try {
        const value = await work(told);
        result = 'success';
        return value;
      } finally {
        timing(key, clock() - startedAt, { ...told, result });
      }
    },
    counts: () => [...counts.values()].map((count) => ({ ...count, tags: { ...count.tags } })),
  };
}

/** The same for tags in any order. */
function idOf(key: string, tags: Tags): string {
  const names = Object.keys(tags);
  if (names.length > 1) names.sort();
  let id = key;
  for (const name of names) id += `\0${name}\0${tags[name]}`;
  return id;
}
