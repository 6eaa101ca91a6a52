export type RateLimit = {
  /** Takes one turn of this key. `retryAfter` is in whole seconds, at least 1 when refused and 0 when allowed. */
  take(key: string): { ok: boolean; retryAfter: number };
  /** Takes the last turn of this key back, where only what fails is to count. */
  giveBack(key: string): void;
};

/** Keys held at once; past it, those that rest are forgotten first, and then the oldest: strangers choose the keys. */
const MAX_KEYS = 10_000;

/**
 * At most `limit` turns in any window of `windowMs` per key, exact (the times of the turns are kept), in this process.
 * A refused turn costs nothing.
 *
 * @param deps.now Unix milliseconds
 */
export function createRateLimit({ limit, windowMs, now }: { limit: number; windowMs: number; now: () => number }) {
  /** Times of the turns of each key, oldest first. Insertion order is the order of the last turn. */
  const turns = new Map<string, number[]>();

  const rateLimit: RateLimit = {
    take(key) {
      const time = now();
      const recent = (turns.get(key) ?? []).filter((turn) => turn > time - windowMs);
      const oldest = recent[0];
      if (oldest !== undefined && recent.length >= limit) {
        return { ok: false, retryAfter: Math.max(1, Math.ceil((oldest + windowMs - time) / 1000)) };
      }
      recent.push(time);
      turns.delete(key);
      turns.set(key, recent);
      if (turns.size > MAX_KEYS) forget(turns, time - windowMs);
      return { ok: true, retryAfter: 0 };
    },

    giveBack(key) {
      const recent = turns.get(key);
      recent?.pop();
      if (recent?.length === 0) turns.delete(key);
    },
  };
  return rateLimit;
}

function forget(turns: Map<string, number[]>, before: number): void {
  for (const [key, times] of turns) {
    // In order of the last turn: the first that is recent ends the rest.
    if (turns.size <= MAX_KEYS && (times.at(-1) ?? 0) > before) return;
    turns.delete(key);
  }
}
