/** How many rows a slice has, within which bounds, and when one was begun (`performance.now()`); null between two. */
export type Pace = { size: number; least: number; most: number; startedAt: number | null };

/** Well below the 50 milliseconds after which a page feels slow: the browser has to lay out and paint what was drawn. */
const budgetMs = 12;

/** The pace after a slice: by how long it took, its next one takes as long as the budget. */
export function paced(pace: Pace): Pace {
  const { size, least, most, startedAt } = pace;
  if (startedAt === null) return pace;
  const tookMs = Math.max(1, performance.now() - startedAt);
  const next = Math.round((size * budgetMs) / tookMs);
  return { ...pace, size: Math.min(most, Math.max(least, next)), startedAt: null };
}
