import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { MIN_PASSWORD_LENGTH } from '../protocol/contract.ts';
import { BadRequestError, UnavailableError } from '../protocol/errors.ts';

/**
 * OWASP's second recommendation for argon2id, which is the package's default: 19 MiB, two passes, one lane; about 30 ms.
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
 */
const COST = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1, outputLen: 32 };

/** At a time: 38 MiB at most, and half of libuv's four threads, which files and unpacking need too. */
const MAX_RUNNING = 2;
/** About a second's work. Past it a flood is told to come back, rather than every login being slow. */
const MAX_WAITING = 64;

/** Characters; longer ones would only cost time. */
const MAX_LENGTH = 1024;

export type Passwords = {
  hash(password: string): Promise<string>;
  /** `stored` null, nobody's: false, after the same time as a wrong password. */
  verify(stored: string | null, password: string): Promise<boolean>;
  /** Made with other parameters than a hash of today? */
  isOutdated(stored: string): boolean;
};

/**
 * Hashes with argon2id, a few at a time, on libuv's threads.
 *
 * @throws {UnavailableError} from `hash` and `verify`: too many wait already
 */
export function createPasswords(): Passwords {
  const inTurn = createTurns();
  const nobodys = createNobodysHash();
  return {
    hash: (password) => inTurn(() => hash(normalize(password), COST)),
    // What is too long was never accepted as a password.
    verify: (stored, password) =>
      isTooLong(password) ? Promise.resolve(false) : inTurn(() => verify(stored ?? nobodys, normalize(password))),
    isOutdated: (stored) => {
      const { memoryCost, timeCost, parallelism, outputLen } = parseOptions(stored);
      const isSame =
        memoryCost === COST.memoryCost &&
        timeCost === COST.timeCost &&
        parallelism === COST.parallelism &&
        outputLen === COST.outputLen;
      return !isSame || !stored.startsWith('$argon2id$');
    },
  };
}

/** Random bytes in the place of salt and hash: costs as much as a real one, and no password is known to match. */
function createNobodysHash(): string {
  const bytes = (count: number) => randomBytes(count).toString('base64').replace(/=+$/, '');
  const { memoryCost, timeCost, parallelism, outputLen } = COST;
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${bytes(16)}$${bytes(outputLen)}`;
}

function createTurns() {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= MAX_RUNNING) {
      if (waiting.length >= MAX_WAITING) {
        throw new UnavailableError('Too many people are signing in at once. Try again in a few seconds.', 5);
      }
      // Whoever is done hands its place over, so that nobody who comes in between takes it.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** The same letters, however a keyboard composes them, are the same password. */
const normalize = (password: string): string => password.normalize('NFC');
/** In characters as people count them; a character has at most two UTF-16 units. */
const isTooLong = (password: string): boolean => password.length > 2 * MAX_LENGTH || [...password].length > MAX_LENGTH;

/**
 * @param names the user's name and e-mail, which are no password
 * @throws {BadRequestError} too short, too long, or a name
 */
export function checkPassword(password: string, names: (string | null)[]): void {
  if (isTooLong(password)) throw new BadRequestError(`Choose a password of at most ${MAX_LENGTH} characters.`);
  if ([...normalize(password)].length < MIN_PASSWORD_LENGTH) {
    throw new BadRequestError(`Choose a password of at least ${MIN_PASSWORD_LENGTH} characters.`);
  }
  const text = normalize(password).trim().toLowerCase();
  if (names.some((name) => name?.toLowerCase() === text)) {
    throw new BadRequestError('Choose a password that is neither the user name nor the e-mail address.');
  }
}

/** Crockford's 32: no i, l, o and u, so that none is taken for another when read out or copied by hand. */
const READABLE = '0123456789abcdefghjkmnpqrstvwxyz';

/** Such as `7k2qd-m0x4t-c9wvp-h3ynb`: 20 characters of 5 random bits are 100 bits. */
export function createPassword(): string {
  // 256 is a multiple of 32: each character is as likely as any other.
  const characters = [...randomBytes(20)].map((byte) => READABLE[byte % READABLE.length]).join('');
  return characters.replace(/.{5}(?=.)/g, '$&-');
}
