import * as z from 'zod/mini';
import type { Event } from '../../../../server/protocol/contract.ts';
import { entryOf } from '../event-entries.ts';

/** Without the stack traces, which may be megabytes. */
const schema = z.looseObject({
  values: z.array(
    z.looseObject({
      value: z.optional(z.nullable(z.string())),
      mechanism: z.optional(z.nullable(z.looseObject({ handled: z.optional(z.nullable(z.boolean())) }))),
    }),
  ),
});

/** What the event's exceptions say of themselves, oldest first; none where that cannot be read. */
export const exceptionHeads = (event: Event) => entryOf(event, 'exception', schema)?.data.values ?? [];
