export type ProjectKey = { projectId: number; isActive: boolean };
export type FindKey = (publicKey: string) => Promise<ProjectKey | null>;

/** A key that was switched off is refused this much later. */
const MAX_AGE_MS = 1_000;
const MAX_KEYS = 1_000;

/**
 * Remembers found keys for a second. A miss always asks, and is never remembered: a project that was just made works at
 * once, and a stranger's guesses take no memory. Returns the key itself when it is known, so that the usual case waits for nothing.
 */
export function createKeyCache(
  findKey: FindKey,
  now: () => number,
): (publicKey: string) => ProjectKey | Promise<ProjectKey | null> {
  const known = new Map<string, { key: ProjectKey; until: number }>();

  async function ask(publicKey: string): Promise<ProjectKey | null> {
    const key = await findKey(publicKey);
    known.delete(publicKey);
    if (!key) return null;
    if (known.size >= MAX_KEYS) known.clear();
    known.set(publicKey, { key, until: now() + MAX_AGE_MS });
    return key;
  }

  return (publicKey) => {
    const found = known.get(publicKey);
    return found && found.until > now() ? found.key : ask(publicKey);
  };
}
