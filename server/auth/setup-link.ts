import { createHash, timingSafeEqual } from 'node:crypto';
import { createSecret } from './secret.ts';

const LIFE_MS = 30 * 60_000;

export type SetupLink = {
  /** Ends the address that the server prints; in memory alone, so that each start has its own. */
  token: string;
  /** In constant time; false once used, and 30 minutes after it was made. */
  isValid(token: string): boolean;
  use(): void;
};

/**
 * What proves that whoever makes the first user can read the server's output.
 *
 * @param deps.now Unix milliseconds
 */
export function createSetupLink({ now }: { now: () => number }): SetupLink {
  const token = createSecret();
  const expected = digest(token);
  const end = now() + LIFE_MS;
  let isUsed = false;
  return {
    token,
    isValid: (given) => timingSafeEqual(digest(given), expected) && !isUsed && now() < end,
    use: () => {
      isUsed = true;
    },
  };
}

/** Of one length whatever is given, which `timingSafeEqual` asks for. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
