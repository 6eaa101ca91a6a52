import { BadRequestError } from '../protocol/errors.ts';

/** SHA-1 or SHA-256, or the beginning of one; below seven digits two commits of one repository soon look the same. */
const COMMIT = /^[0-9a-f]{7,64}$/i;

/** @throws {BadRequestError} not 7 to 64 hex digits */
export function parseCommit(text: string): string {
  const commit = text.trim();
  if (!COMMIT.test(commit)) {
    throw new BadRequestError(`${JSON.stringify(commit.slice(0, 80))} is no commit: it should be 7 to 64 hex digits.`);
  }
  return commit.toLowerCase();
}

/** The commit that a release's name is or ends in: `<sha>`, `shop@<sha>`, `shop@1.4.0+<sha>`, `shop@1.4.0-g<sha>`. */
export function commitInRelease(release: string): string | null {
  const [, commit] = /(?:^|[@+]|-g)([0-9a-f]{7,64})$/i.exec(release.trim().slice(-100)) ?? [];
  return commit?.toLowerCase() ?? null;
}

/** A date or a build number (20261122) looks like a commit too: it may confirm one, never rule one out. */
export const isSurelyCommit = (text: string) => text.length >= 40 || (/[a-f]/i.test(text) && /\d/.test(text));

/** Either may be shortened. */
export function isSameCommit(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.length >= 7 && long.toLowerCase().startsWith(short.toLowerCase());
}
