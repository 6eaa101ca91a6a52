import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase } from '../../../server/storage/database.ts';
import type { Database } from '../../../server/storage/tables.ts';

/** A migrated SQLite file of its own, in a temporary folder. */
export async function temporaryDatabase(): Promise<{ db: Database; file: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'stackmend-'));
  const file = join(folder, 'stackmend.db');
  const db = openDatabase(file);
  await migrate(db);
  return {
    db,
    file,
    close: async () => {
      await db.destroy();
      rmSync(folder, { recursive: true });
    },
  };
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** A Tuesday, 10:30 UTC. */
export const NOW = Date.UTC(2026, 5, 2, 10, 30);

export type SeedIssue = {
  projectId?: number;
  /** Of its short id; by itself the next one, which digest does not know of. */
  number?: number;
  title?: string;
  culprit?: string;
  level?: string;
  status?: 'unresolved' | 'resolved' | 'ignored';
  substatus?: string | null;
  isBookmarked?: number;
  isUnhandled?: number;
  firstSeen?: number;
  lastSeen?: number;
  timesSeen?: number;
  userCount?: number;
  metadata?: Record<string, string>;
  hash?: string;
  /** Key to values; each value seen once. */
  tags?: Record<string, string[]>;
  /** Hour (Unix ms) to events. */
  hours?: [number, number][];
};

/** An issue as digest leaves it, without events. */
export async function seedIssue(db: Database, issue: SeedIssue = {}): Promise<number> {
  const projectId = issue.projectId ?? 2;
  const { last } = await db
    .selectFrom('issue')
    .select((eb) => eb.fn.coalesce(eb.fn.max('number'), eb.lit(0)).as('last'))
    .where('projectId', '=', projectId)
    .executeTakeFirstOrThrow();
  const number = issue.number ?? last + 1;
  const lastSeen = issue.lastSeen ?? NOW - HOUR;
  const { id } = await db
    .insertInto('issue')
    .values({
      projectId,
      number,
      title: issue.title ?? 'ValueError: amount must be positive',
      culprit: issue.culprit ?? 'charge in app/billing.py',
      location: null,
      type: 'error',
      level: issue.level ?? 'error',
      platform: 'python',
      logger: null,
      metadata: JSON.stringify(issue.metadata ?? { type: 'ValueError', value: 'amount must be positive' }),
      status: issue.status ?? 'unresolved',
      substatus: issue.substatus ?? null,
      isBookmarked: issue.isBookmarked ?? 0,
      isUnhandled: issue.isUnhandled ?? 0,
      primaryHash: issue.hash ?? `hash${number}`,
      groupingConfig: 'v1',
      firstSeen: issue.firstSeen ?? lastSeen - DAY,
      lastSeen,
      timesSeen: issue.timesSeen ?? 1,
      userCount: issue.userCount ?? 0,
      firstRelease: null,
      lastRelease: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (issue.hash) await db.insertInto('issueHash').values({ projectId, hash: issue.hash, issueId: id }).execute();
  for (const [key, values] of Object.entries(issue.tags ?? {})) {
    for (const [index, value] of values.entries()) {
      const row = { issueId: id, key, value, timesSeen: values.length - index, firstSeen: lastSeen, lastSeen };
      await db.insertInto('issueTag').values(row).execute();
    }
  }
  for (const [hour, timesSeen] of issue.hours ?? []) {
    await db.insertInto('issueStat').values({ issueId: id, hour, timesSeen }).execute();
  }
  return id;
}

export type SeedEvent = {
  projectId?: number;
  eventId: string;
  timestamp?: number;
  title?: string;
  message?: string;
  richness?: number;
  environment?: string | null;
  release?: string | null;
  tags?: [string, string][];
};

/** A row of an event with its tags, without its body. */
export async function seedEvent(db: Database, issueId: number, event: SeedEvent): Promise<number> {
  const { id } = await db
    .insertInto('event')
    .values({
      projectId: event.projectId ?? 2,
      eventId: event.eventId,
      issueId,
      timestamp: event.timestamp ?? NOW - HOUR,
      receivedAt: NOW,
      title: event.title ?? 'ValueError',
      message: event.message ?? null,
      culprit: '',
      location: null,
      level: 'error',
      platform: 'python',
      release: event.release ?? null,
      environment: event.environment ?? null,
      user: null,
      tags: JSON.stringify(event.tags ?? []),
      richness: event.richness ?? 0,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const [key, value] of event.tags ?? []) {
    await db.insertInto('eventTag').values({ issueId, key, value, eventRowId: id }).execute();
  }
  return id;
}

/** An attachment of an event, which need not be there. */
export async function seedAttachment(
  db: Database,
  projectId: number,
  eventId: string,
  { name = 'a.txt', contentType = 'text/plain', text = 'bytes' } = {},
): Promise<number> {
  const data = Buffer.from(text);
  const row = {
    projectId,
    eventId,
    name,
    contentType,
    attachmentType: 'event.attachment',
    size: data.length,
    dateCreated: NOW,
    data,
  };
  const { id } = await db.insertInto('attachment').values(row).returning('id').executeTakeFirstOrThrow();
  return id;
}

/** 32 hex digits that end in `number`. */
export const eventIdOf = (number: number) => `e${number.toString(16).padStart(31, '0')}`;
