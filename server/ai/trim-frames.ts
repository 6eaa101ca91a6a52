/**
 * Keeps at most `limit` frames, in order. The newest frame and the marked one always stay; then in-app frames go before
 * the system's, and of each kind those nearest to both ends: what is repeated or plumbing sits in the middle.
 *
 * @param frames newest first
 */
export function trimFrames<F>(
  frames: readonly F[],
  limit: number,
  { isInApp, marked }: { isInApp: (frame: F) => boolean; marked: F | undefined },
): { kept: F[]; leftOut: { inApp: number; system: number } } {
  if (frames.length <= limit) return { kept: [...frames], leftOut: { inApp: 0, system: 0 } };
  const always = new Set<F>(frames.slice(0, 1));
  if (marked !== undefined) always.add(marked);
  const rest = frames.filter((frame) => !always.has(frame));
  const inApp = ends(rest.filter(isInApp), limit - always.size);
  const system = ends(
    rest.filter((frame) => !isInApp(frame)),
    limit - always.size - inApp.length,
  );
  const chosen = new Set([...always, ...inApp, ...system]);
  const kept = frames.filter((frame) => chosen.has(frame));
  const gone = frames.filter((frame) => !chosen.has(frame));
  const goneInApp = gone.filter(isInApp).length;
  return { kept, leftOut: { inApp: goneInApp, system: gone.length - goneInApp } };
}

/** `count` items from both ends; of an odd count the newest get one more. */
function ends<F>(items: F[], count: number): F[] {
  if (items.length <= count) return items;
  const newest = Math.ceil(count / 2);
  return [...items.slice(0, newest), ...items.slice(items.length - (count - newest))];
}
