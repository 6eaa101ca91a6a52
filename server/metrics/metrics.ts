type Tags = Record<string, string>;
type Count = { key: string; tags: Tags; value: number };
export type Metrics = {
  /** Counts; never throws. Tags must come from a small, known set: each combination is kept. */
  incr(key: string, amount?: number, tags?: Tags): void;
  /** What was counted since the start, in the order first counted. */
  counts(): Count[];
};

const NO_TAGS: Tags = {};
/** A guard against tags that a stranger chooses: past it, new combinations are counted without their tags. */
const MAX_COUNTS = 10_000;

/** Counts in memory. */
export function createMetrics(): Metrics {
  const counts = new Map<string, Count>();

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
      else counts.set(id, { key, tags: id === key ? {} : { ...tags }, value: amount });
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
