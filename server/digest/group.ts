import { type GroupableEvent, type GroupResult, groupV1 } from './group/v1.ts';

export type Grouper = { id: string; group: (event: GroupableEvent) => GroupResult };

/** Oldest first. A released grouper is frozen: change its output and every stored issue splits. Add v2 instead. */
export const GROUPERS: readonly [Grouper, ...Grouper[]] = [{ id: 'v1', group: groupV1 }];

/** Groups by the newest grouper. @returns its id beside the result, as `grouping_config` keeps it */
export function groupEvent(event: GroupableEvent): GroupResult & { id: string } {
  const grouper = GROUPERS.at(-1) ?? GROUPERS[0];
  return { id: grouper.id, ...grouper.group(event) };
}
