import { BadRequestError } from '../protocol/errors.ts';

/** The longest path that mail knows (RFC 5321, 4.5.3.1.3), without its angle brackets. */
const MAX_EMAIL = 254;
const MAX_NAME = 128;
/** Would move a terminal's cursor, or turn the text around it. */
const UNPRINTABLE = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;

/**
 * ASCII alone, so that no two names look alike and case has one meaning, also to SQLite.
 *
 * @throws {BadRequestError}
 */
export function parseUsername(text: string): string {
  const username = text.trim();
  if (/^[A-Za-z0-9._@+-]{1,64}$/.test(username)) return username;
  throw new BadRequestError('A user name has 1 to 64 of these characters: a to z, A to Z, 0 to 9, and . _ @ + -');
}

/**
 * Whether it works, only a mail would tell. A domain beyond ASCII is written in its ASCII form (xn--).
 *
 * @returns null for none
 * @throws {BadRequestError}
 */
export function parseEmail(text: string | null | undefined): string | null {
  const email = text?.trim();
  if (!email) return null;
  if (email.length <= MAX_EMAIL && /^[!-?A-~]+@[!-?A-~]+$/.test(email)) return email;
  throw new BadRequestError('This is no e-mail address. Write it as name@example.com, or leave it empty.');
}

/**
 * Text that people see: a person's name, a token's.
 *
 * @returns null for none
 * @throws {BadRequestError} too long, or has control characters
 */
export function parseName(text: string | null | undefined): string | null {
  const name = text?.trim();
  if (!name) return null;
  if (name.length <= MAX_NAME && !UNPRINTABLE.test(name)) return name;
  throw new BadRequestError(`A name has at most ${MAX_NAME} characters, and no control characters.`);
}
