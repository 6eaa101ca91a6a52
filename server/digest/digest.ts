/** Works off the spool: the pure steps first, then one transaction a batch, which also moves the mark. */
import type { Metrics } from '../metrics/metrics.ts';
import { EnvelopeError } from '../protocol/envelope.ts';
import type { Spool, SpooledEnvelope } from '../storage/spool.ts';
import type { Database } from '../storage/tables.ts';
import { NotAnEventError } from './normalize.ts';
import { type Draft, draftEnvelope, finishDraft, type Prepared, type StoredEnvelope } from './prepare.ts';
import { type Outcome, type SaveServices, type Saving, saveBatch, saveDeadLetters } from './save.ts';
import type { SymbolicateBatch } from './symbolicate.ts';

export type DigestServices = SaveServices & {
  spool: Pick<Spool, 'readAfter'>;
  db: Database;
  /** Maps JavaScript frames by what was uploaded; without, they stay as they came. */
  symbolicate?: SymbolicateBatch | undefined;
  /** Told how long a batch takes by step, where it takes times. */
  metrics: Pick<Metrics, 'incr'> & Partial<Pick<Metrics, 'timing'>>;
  /** Unix ms. */
  now: () => number;
  log: (message: string) => void;
  /**
   * Told of a fault of ours, once for each envelope that became a dead letter by it; a malformed one is its sender's.
   *
   * @param projectId whose envelope it was
   */
  onError?: (error: unknown, projectId: number) => void;
};

/** Bytes of envelopes that one batch holds in memory. */
const MAX_BATCH_BYTES = 32 * 1024 * 1024;

/** What became of one envelope before the transaction. */
type Step<T extends StoredEnvelope> = { stored: T } & ({ prepared: Prepared } | Failure);
type DraftStep<T extends StoredEnvelope> = { stored: T } & ({ draft: Draft } | Failure);
/** `fault`: an error of ours, where it is not the envelope's. */
type Failure = { reason: string; fault: unknown };

/**
 * Digests the next envelopes of the spool. Every one is saved, or kept as a dead letter, exactly once, also when several
 * processes digest at the same time or one of them dies: the mark in `digestState` moves in the saving transaction.
 *
 * @param options.limit envelopes of this call
 * @returns how many were worked off, and the new mark: spool rows at or below it may be deleted
 * @throws when the database itself fails (full disk, locked for long): nothing is lost, call again later
 */
export async function digestPending(
  services: DigestServices,
  options: { limit: number },
): Promise<{ digested: number; mark: number }> {
  const mark = await readMark(services.db);
  const rows = services.spool.readAfter(mark, options.limit, MAX_BATCH_BYTES);
  if (rows.length === 0) return { digested: 0, mark };
  const startedAt = performance.now();
  const steps = await prepare(services, rows);
  const preparedAt = performance.now();
  const saved = await saveSteps(services, steps).catch((error: unknown) => {
    if (isDatabaseFailure(error)) throw error;
    services.log(`A batch of ${rows.length} could not be saved, trying one by one: ${messageOf(error)}`);
    return saveOneByOne(services, steps);
  });
  services.metrics.timing?.('digest.duration', preparedAt - startedAt, { step: 'prepare' });
  services.metrics.timing?.('digest.duration', performance.now() - preparedAt, { step: 'save' });
  return saved;
}

async function readMark(db: Database): Promise<number> {
  const { spoolMark } = await db
    .selectFrom('digestState')
    .select('spoolMark')
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
  return spoolMark;
}

/** All that needs no transaction, for a batch: the one step that asks another thread is between two that do not. */
async function prepare<T extends StoredEnvelope>(
  { symbolicate }: Pick<DigestServices, 'symbolicate'>,
  rows: readonly T[],
): Promise<Step<T>[]> {
  const drafts = rows.map((stored): DraftStep<T> => attempt(stored, () => ({ stored, draft: draftEnvelope(stored) })));
  if (symbolicate) {
    const open = drafts.flatMap((step) => ('draft' in step ? step.draft : []));
    const events = open.flatMap(({ event }) => event ?? []);
    const mapped = new Map((await symbolicate(events)).map((event, index) => [events[index], event]));
    for (const draft of open) draft.event = (draft.event && mapped.get(draft.event)) ?? draft.event;
  }
  return drafts.map((step) => {
    if (!('draft' in step)) return step;
    return attempt(step.stored, () => ({ stored: step.stored, prepared: finishDraft(step.draft) }));
  });
}

function attempt<T extends StoredEnvelope, R>(stored: T, step: () => R): R | ({ stored: T } & Failure) {
  try {
    return step();
  } catch (error) {
    return { stored, reason: messageOf(error), fault: isOfSender(error) ? null : error };
  }
}

/** One transaction: what another process has saved meanwhile is left out, the rest is saved and the mark moved. */
async function saveSteps(services: DigestServices, steps: Step<SpooledEnvelope>[]) {
  const { db, now } = services;
  const done = await db.transaction().execute(async (tx) => {
    // Writing first takes the write lock, so that what is read after it holds until the end: another digester waits here.
    const { spoolMark } = await tx
      .updateTable('digestState')
      .set((eb) => ({ spoolMark: eb.ref('spoolMark') }))
      .where('id', '=', 1)
      .returning('spoolMark')
      .executeTakeFirstOrThrow();
    const open = steps.filter(({ stored }) => stored.id > spoolMark);
    const mark = open.at(-1)?.stored.id ?? spoolMark;
    const outcomes = await save(tx, open, services, now());
    await tx.updateTable('digestState').set({ spoolMark: mark }).where('id', '=', 1).execute();
    return { open, mark, outcomes };
  });
  report(services, done.outcomes);
  // Not before it holds: what is tried again later would be told again.
  for (const step of done.open) {
    if ('fault' in step && step.fault !== null) services.onError?.(step.fault, step.stored.projectId);
  }
  return { digested: done.open.length, mark: done.mark };
}

async function save(tx: Database, steps: readonly Step<StoredEnvelope>[], services: SaveServices, now: number) {
  const good: Saving[] = [];
  const failed: { stored: StoredEnvelope; reason: string }[] = [];
  for (const step of steps) {
    if ('prepared' in step) good.push(step);
    else failed.push(step);
  }
  const outcomes = await saveBatch(tx, good, services, now);
  await saveDeadLetters(tx, failed, now);
  if (failed.length > 0) outcomes.push({ key: 'digest.dead_letters', tags: {}, amount: failed.length });
  return outcomes;
}

/** So that one that SQL refuses does not hold up the others. */
async function saveOneByOne(services: DigestServices, steps: Step<SpooledEnvelope>[]) {
  let digested = 0;
  let mark = 0;
  for (const step of steps) {
    let result: { digested: number; mark: number };
    try {
      result = await saveSteps(services, [step]);
    } catch (error) {
      if (isDatabaseFailure(error)) throw error;
      const reason = `It could not be saved: ${messageOf(error)}`;
      services.log(`Envelope ${step.stored.id} became a dead letter. ${reason}`);
      result = await saveSteps(services, [{ stored: step.stored, reason, fault: error }]);
    }
    digested += result.digested;
    mark = result.mark;
  }
  return { digested, mark };
}

/**
 * Tries dead letters again, each in a transaction of its own; those that succeed are no longer dead letters.
 *
 * @param limit how many, oldest first
 */
export async function retryDeadLetters(
  services: Omit<DigestServices, 'spool'>,
  limit = 1000,
): Promise<{ digested: number; failed: number }> {
  const { db, now } = services;
  const ids = await db.selectFrom('deadLetter').select('id').orderBy('id').limit(limit).execute();
  let digested = 0;
  for (const { id } of ids) {
    try {
      const letter = await db.selectFrom('deadLetter').selectAll().where('id', '=', id).executeTakeFirst();
      if (!letter) continue;
      const stored = { ...letter, remoteAddress: null };
      const [step] = await prepare(services, [stored]);
      if (!step || !('prepared' in step)) continue;
      const outcomes = await db.transaction().execute(async (tx) => {
        const gone = await tx.deleteFrom('deadLetter').where('id', '=', id).returning('id').executeTakeFirst();
        return gone ? saveBatch(tx, [step], services, now()) : null;
      });
      if (outcomes) digested += 1;
      report(services, outcomes ?? []);
    } catch (error) {
      if (isDatabaseFailure(error)) throw error;
    }
  }
  return { digested, failed: ids.length - digested };
}

function report({ metrics }: Pick<DigestServices, 'metrics'>, outcomes: readonly Outcome[]) {
  for (const { key, amount, tags } of outcomes) metrics.incr(key, amount, tags);
}

/** Failures that say nothing about the envelope: the same statement will do later. */
const DATABASE_FAILURE = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|CORRUPT|NOTADB|PROTOCOL|INTERRUPT)/;

function isDatabaseFailure(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && DATABASE_FAILURE.test(code);
}

/** What `draftEnvelope` throws of an envelope that is not as it should be. */
function isOfSender(error: unknown): boolean {
  return error instanceof EnvelopeError || error instanceof SyntaxError || error instanceof NotAnEventError;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
