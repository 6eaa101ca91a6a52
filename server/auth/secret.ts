import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes as base64url: 43 characters that nobody guesses. */
export const createSecret = (): string => randomBytes(32).toString('base64url');

/** Could `createSecret` have made it? What strangers send in its place is not worth a query. */
export const isSecret = (text: string): boolean => /^[\w-]{43}$/.test(text);

/**
 * What the database holds in a secret's place, in hex. A fast hash is enough for what has 256 random bits, and every
 * request pays for it.
 */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
