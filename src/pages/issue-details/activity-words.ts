import * as z from 'zod/mini';
import type { Activity, Issue } from '../../../server/protocol/contract.ts';
import { describeDetails, describeMore } from './status-words.ts';

const text = z.optional(z.catch(z.nullable(z.string()), null));
const number = z.optional(z.catch(z.nullable(z.number()), null));
const person = z.optional(z.catch(z.nullable(z.looseObject({ id: z.string(), name: z.string() })), null));

/** `data` of an activity; what is not as it should be is as if it were not there. */
const dataSchema = z.looseObject({
  text,
  dateEdited: text,
  editedBy: person,
  priority: text,
  release: text,
  eventID: text,
  assignee: person,
  statusDetails: z.optional(
    z.catch(
      z.looseObject({
        inRelease: text,
        inNextRelease: z.optional(z.catch(z.nullable(z.boolean()), null)),
        ignoreUntil: text,
        ignoreCount: number,
        ignoreUserCount: number,
      }),
      {},
    ),
  ),
});
type ActivityData = z.infer<typeof dataSchema>;
export const dataOf = ({ data }: Pick<Activity, 'data'>): ActivityData => dataSchema.parse(data);

/** What was done, as it follows the name of who did it. `eventId` is of the event that shows it. */
export type Deed = { words: string; eventId?: string | null };

/** @param now Unix milliseconds */
export function describeDeed(activity: Activity, now: number): Deed {
  const data = dataOf(activity);
  switch (activity.type) {
    case 'set_resolved':
      return withDetails('resolved', 'resolved', data, now);
    case 'set_ignored':
      return withDetails('archived', 'ignored', data, now);
    case 'set_unresolved':
      return { words: activity.user ? 'marked it as unresolved' : describeEnd(data) };
    case 'set_regression':
      return { words: `It came back${data.release ? ` in ${data.release}` : ''}`, eventId: data.eventID };
    case 'set_priority':
      return { words: `set the priority to ${data.priority ?? 'another'}` };
    case 'assigned':
      return { words: `assigned it to ${assigneeOf(activity, data)}` };
    case 'unassigned':
      return { words: data.assignee ? `took it from ${data.assignee.name}` : 'assigned it to nobody' };
    case 'first_seen':
      return { words: `First seen${data.release ? ` in ${data.release}` : ''}` };
    default:
      return { words: activity.type.replaceAll('_', ' ') };
  }
}

function withDetails(verb: string, status: Issue['status'], { statusDetails }: ActivityData, now: number): Deed {
  return { words: `${verb} it ${describeDetails(status, statusDetails, now)}`.trimEnd() };
}

/** Why the server made an archived issue unresolved. */
function describeEnd({ statusDetails: { ignoreUntil, ignoreCount, ignoreUserCount } = {} }: ActivityData): string {
  if (ignoreCount) return `No longer archived: ${describeMore(ignoreCount, 'event')} came`;
  if (ignoreUserCount) return `No longer archived: it happened to ${describeMore(ignoreUserCount, 'user')}`;
  return ignoreUntil ? 'No longer archived: the time is over' : 'Unresolved again';
}

function assigneeOf({ user }: Activity, { assignee }: ActivityData): string {
  if (!assignee) return 'somebody';
  return assignee.id === user?.id ? 'themselves' : assignee.name;
}
