import * as z from 'zod/mini';
import type { StatusDetails } from '../protocol/contract.ts';

const storedSchema = z.object({
  /** Resolved in this release. */
  inRelease: z.optional(z.string()),
  inNextRelease: z.optional(z.boolean()),
  /** With `inNextRelease`: the newest release when it was set, so that what is newer has the fix. */
  afterRelease: z.optional(z.string()),
  /** ISO 8601 in UTC with milliseconds, which search compares as text. */
  ignoreUntil: z.optional(z.string()),
  ignoreCount: z.optional(z.number()),
  ignoreUserCount: z.optional(z.number()),
  /** With the two before: events and users that the issue had when it was archived. */
  timesSeen: z.optional(z.number()),
  userCount: z.optional(z.number()),
  /** Who set it, and when, in Unix milliseconds. */
  actor: z.optional(z.object({ type: z.string(), id: z.string(), name: z.string() })),
  dateSet: z.optional(z.number()),
});
/** `issue.statusDetails`: Sentry's, and what is needed to tell when its condition is met. Empty of an unresolved issue. */
export type StoredDetails = z.infer<typeof storedSchema>;
/** What an archived issue waits for, in part or whole. */
type IgnoreCondition = Pick<StoredDetails, 'ignoreUntil' | 'ignoreCount' | 'ignoreUserCount'>;

/** @throws the row is not one of ours */
export function parseDetails(json: string): StoredDetails {
  return json === '{}' ? {} : z.parse(storedSchema, JSON.parse(json));
}

/** What is told of it, without who set it. */
export function shownCondition(details: StoredDetails): StatusDetails {
  const { inRelease, inNextRelease, ignoreUntil, ignoreCount, ignoreUserCount } = details;
  return {
    ...(inRelease === undefined ? {} : { inRelease }),
    ...(inNextRelease === undefined ? {} : { inNextRelease }),
    ...(ignoreUntil === undefined ? {} : { ignoreUntil }),
    ...(ignoreCount === undefined ? {} : { ignoreCount }),
    ...(ignoreUserCount === undefined ? {} : { ignoreUserCount }),
  };
}

/**
 * Which condition of an archived issue is met; null: none, or it is archived for ever.
 *
 * @param seen events and users that the issue has by now
 * @param now Unix milliseconds
 */
export function metCondition(
  details: StoredDetails,
  seen: { timesSeen: number; userCount: number },
  now: number,
): IgnoreCondition | null {
  const { ignoreUntil, ignoreCount, ignoreUserCount, timesSeen = 0, userCount = 0 } = details;
  if (ranOutAt(details, now) !== null) return { ignoreUntil };
  if (ignoreCount !== undefined && seen.timesSeen - timesSeen >= ignoreCount) return { ignoreCount };
  if (ignoreUserCount !== undefined && seen.userCount - userCount >= ignoreUserCount) return { ignoreUserCount };
  return null;
}

/** When the time that an issue was archived for ran out, in Unix milliseconds; null: not yet, or it was for no time. */
export function ranOutAt({ ignoreUntil }: StoredDetails, now: number): number | null {
  if (ignoreUntil === undefined) return null;
  const until = Date.parse(ignoreUntil);
  return until <= now ? until : null;
}
