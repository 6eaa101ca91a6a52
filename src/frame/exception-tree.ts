import type { Exception } from '../../server/protocol/contract.ts';

/** An exception by its place in the event, and those that it groups, which are shown within it. */
export type Branch = { index: number; members: readonly Branch[] };

/** Deeper groups stand beside their group: no screen has room for more, and whoever wrote the event chose the depth. */
const deepest = 8;

/**
 * The exceptions of an event as they belong together, newest first. Mechanisms of newer SDKs say which is whose parent
 * (sentry-behaviour 11.2): members of a group, and several causes of one exception, are within it; a single cause follows it, as
 * in the chain that all the others are. Whatever the ids say, each exception is in the answer once.
 */
export function exceptionTree(exceptions: readonly Exception[]): Branch[] {
  const children = childrenOf(exceptions);
  const newestFirst = exceptions.map((_, index) => index).reverse();
  if (children.size === 0) return newestFirst.map((index) => ({ index, members: [] }));
  const seen = new Set<number>();
  const isChild = new Set([...children.values()].flat());
  const roots = newestFirst.filter((index) => !isChild.has(index));
  const branches = level(roots, 0);
  // Parents in a circle are nobody's root.
  for (const index of newestFirst) if (!seen.has(index)) branches.push(...level([index], 0));
  return branches;

  /** One level of the tree: each exception, followed by its single causes. */
  function level(starts: readonly number[], depth: number): Branch[] {
    const found: Branch[] = [];
    const waiting = [...starts].reverse();
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (seen.has(index)) continue;
      seen.add(index);
      const own = children.get(index) ?? [];
      const isGroup = own.length > 1 || !!exceptions[index]?.mechanism?.is_exception_group;
      const members = isGroup && depth < deepest ? level(own, depth + 1) : [];
      if (members.length === 0) waiting.push(...[...own].reverse());
      found.push({ index, members });
    }
    return found;
  }
}

/** Indices of the children of each parent that the event has, in the order of their ids. */
function childrenOf(exceptions: readonly Exception[]): Map<number, number[]> {
  const byId = new Map<number, number>();
  exceptions.forEach(({ mechanism }, index) => {
    const id = mechanism?.exception_id;
    if (typeof id === 'number' && !byId.has(id)) byId.set(id, index);
  });
  const idOf = (index: number) => exceptions[index]?.mechanism?.exception_id ?? 0;
  const children = new Map<number, number[]>();
  exceptions.forEach(({ mechanism }, index) => {
    const parent = byId.get(mechanism?.parent_id ?? Number.NaN);
    if (parent === undefined || parent === index) return;
    const siblings = children.get(parent);
    if (siblings) siblings.push(index);
    else children.set(parent, [index]);
  });
  for (const siblings of children.values()) siblings.sort((a, b) => idOf(a) - idOf(b));
  return children;
}

/** How many exceptions are in these branches, members of members and all. */
export const sizeOfBranches = (branches: readonly Branch[]): number =>
  branches.reduce((sum, { members }) => sum + 1 + sizeOfBranches(members), 0);

/** The exceptions of the branches as one list, each before what it groups. */
export const flattenBranches = (branches: readonly Branch[]): number[] =>
  branches.flatMap(({ index, members }) => [index, ...flattenBranches(members)]);
