/** Maps the frames of stored events with what is uploaded by now. */
import { bundlesOf, type Symbolicate, type SymbolicateAnswer } from '../artifacts/symbolicate/answer.ts';
import {
  generatedUrlOf,
  isMapped,
  remap,
  requestOf,
  type Stack,
  stacksOf,
  withFrames,
} from '../artifacts/symbolicate/stacks.ts';
import type { Eventstream } from '../backends/eventstream.ts';
import { type Nodestore, nodeId } from '../backends/nodestore.ts';
import type { Symbolicated, SymbolicatedEvents } from '../protocol/contract.ts';
import { UnavailableError } from '../protocol/errors.ts';
import type { StoredEvent, StoredFrame } from '../protocol/event.ts';
import type { ArtifactStore } from '../storage/artifacts.ts';
import type { Database } from '../storage/tables.ts';
import { deriveEvent } from './derive.ts';
import { groupEvent } from './group.ts';
import { createMarkUsed, SYMBOLICATOR_FAILED } from './symbolicate.ts';

type Deps = {
  db: Database;
  nodestore: Nodestore;
  eventstream: Pick<Eventstream, 'update'>;
  artifacts: Pick<ArtifactStore, 'markUsed'>;
  symbolicate: Symbolicate;
  now: () => number;
};

/** Events of one call that maps a release's: each may take seconds. */
const EVENTS_AT_ONCE = 25;
const RETRY_SECONDS = 30;

/**
 * From the frames as they came, so that doing it twice is as good as once. What is mapped stays mapped, also when its map
 * is gone by now. The event stays in its issue, which learns the new hashes: the next event of the kind, mapped when it
 * comes, lands there too.
 */
export function createSymbolicateAgain({ db, nodestore, eventstream, artifacts, symbolicate, now }: Deps) {
  const markUsed = createMarkUsed(artifacts, now);

  /** @returns null when there is no such event, or no longer @throws {UnavailableError} the symbolicator died, or was too slow */
  async function event(projectId: number, eventId: string): Promise<Symbolicated | null> {
    const stored = await nodestore.get(nodeId(projectId, eventId));
    if (!stored) return null;
    const stacks = stacksOf(stored);
    const answer = await ask(stored, stacks);
    const frames = stacks.map((stack, index) => remap(stack, answer.stacks[index] ?? []));
    const counts = countsOf(stored, stacks, frames);
    const changed = finishAgain(withFrames(stored, stacks, frames), stored, answer);
    if (JSON.stringify(changed) === JSON.stringify(stored)) return counts;
    await markUsed(bundlesOf(answer));
    return (await save(changed)) ? counts : null;
  }

  async function ask(stored: StoredEvent, stacks: readonly Stack[]): Promise<SymbolicateAnswer> {
    const asCame = stacks.map(({ shown, raw }) => raw ?? shown);
    return symbolicate(requestOf(stored, asCame)).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : '';
      throw new UnavailableError(`The frames could not be mapped now. ${why}`.trim(), RETRY_SECONDS, { cause });
    });
  }

  /** @returns false when the event was deleted meanwhile */
  const save = (changed: StoredEvent) =>
    db.transaction().execute(async (tx) => {
      const projectId = Number(changed.project);
      const row = await tx
        .selectFrom('event')
        .select(['id', 'issueId'])
        .where('projectId', '=', projectId)
        .where('eventId', '=', changed.event_id)
        .executeTakeFirst();
      if (!row) return false;
      await nodestore.set([{ id: nodeId(projectId, changed.event_id), event: changed }], tx);
      await eventstream.update(changed, tx);
      await tx
        .insertInto('issueHash')
        .values(changed.hashes.map((hash) => ({ projectId, hash, issueId: row.issueId })))
        // Another issue may have it: events that came mapped are there, and stay.
        .onConflict((conflict) => conflict.columns(['projectId', 'hash']).doNothing())
        .execute();
      await updateIssue(tx, row, changed);
      return true;
    });

  /** @param after of the last call's answer; null to begin with the newest event */
  async function release(projectId: number, version: string, after: number | null): Promise<SymbolicatedEvents> {
    let query = db
      .selectFrom('event')
      .select(['id', 'eventId'])
      .where('projectId', '=', projectId)
      .where('release', '=', version);
    if (after !== null) query = query.where('id', '<', after);
    const rows = await query.orderBy('id', 'desc').limit(EVENTS_AT_ONCE).execute();
    const total = { events: rows.length, frames: 0, mapped: 0, mappedBefore: 0 };
    for (const { eventId } of rows) {
      const counts = await event(projectId, eventId);
      total.frames += counts?.frames ?? 0;
      total.mapped += counts?.mapped ?? 0;
      total.mappedBefore += counts?.mappedBefore ?? 0;
    }
    const last = rows.at(-1);
    return { ...total, next: last && rows.length === EVENTS_AT_ONCE ? String(last.id) : null };
  }

  return { event, release };
}
export type SymbolicateAgain = ReturnType<typeof createSymbolicateAgain>;

function countsOf(
  event: StoredEvent,
  stacks: readonly Stack[],
  frames: readonly (StoredFrame[] | null)[],
): Symbolicated {
  const counts = { frames: 0, mapped: 0, mappedBefore: 0 };
  for (const [index, { shown, raw }] of stacks.entries()) {
    const before = shown.frames ?? [];
    const asCame = raw?.frames ?? before;
    counts.frames += asCame.filter((frame) => generatedUrlOf(frame, event.platform) !== null).length;
    counts.mappedBefore += before.filter(isMapped).length;
    counts.mapped += (frames[index] ?? before).filter(isMapped).length;
  }
  return counts;
}

/** Title, culprit, location and hashes of the frames as they are now. Tags follow from nothing that a map changes. */
function finishAgain(changed: StoredEvent, stored: StoredEvent, answer: SymbolicateAnswer): StoredEvent {
  const { title, culprit, location, metadata } = deriveEvent({ ...changed, culprit: givenCulprit(stored) });
  const { id, hashes } = groupEvent(changed);
  const hasFailed = answer.stacks
    .flat()
    .some((each) => each?.status === 'unmapped' && each.reason === SYMBOLICATOR_FAILED);
  const errors = changed.errors?.filter(({ type }) => type !== SYMBOLICATOR_FAILED) ?? [];
  return {
    ...changed,
    ...(hasFailed ? {} : { errors: errors.length > 0 ? errors : null }),
    title,
    culprit,
    location,
    metadata,
    hashes,
    grouping_config: { id },
  };
}

/** What the SDK sent as culprit is no longer told from what was derived, but by deriving it once more. */
function givenCulprit(stored: StoredEvent): string | null {
  return deriveEvent({ ...stored, culprit: null }).culprit === stored.culprit ? null : stored.culprit;
}

/** An issue shows what its newest event says. */
async function updateIssue(tx: Database, row: { id: number; issueId: number }, event: StoredEvent): Promise<void> {
  const newest = await tx
    .selectFrom('event')
    .select('id')
    .where('issueId', '=', row.issueId)
    .orderBy('timestamp', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst();
  if (newest?.id !== row.id) return;
  const { title, culprit, location, metadata } = event;
  await tx
    .updateTable('issue')
    .set({ title, culprit, location, metadata: JSON.stringify(metadata) })
    .where('id', '=', row.issueId)
    .execute();
}
