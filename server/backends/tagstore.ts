import { sql } from 'kysely';
import type { Database } from '../storage/tables.ts';
import { type Page, parseCursor, toPage } from './cursor.ts';
import { contains } from './search-condition.ts';

/** Times are Unix milliseconds. */
export type TagValue = { value: string; timesSeen: number; firstSeen: number; lastSeen: number };
/** `totalValues`: events that have the tag; `uniqueValues`: how many different values. Most frequent first. */
export type TagKey = { key: string; totalValues: number; uniqueValues: number; topValues: TagValue[] };

/** What tags the events of an issue have, and how often. */
export interface Tagstore {
  /** Every key, by name, with its most frequent values. `key` asks for that one alone. */
  keys(issueId: number, options: { top: number; key?: string }): Promise<TagKey[]>;
  /**
   * All values of one key, or those that have `query` anywhere in them (upper and lower case of A to Z are alike), most
   * frequent first.
   * @throws {BadRequestError} the cursor cannot be read
   */
  values(
    issueId: number,
    key: string,
    options: { limit: number; cursor?: string | undefined; query?: string | undefined },
  ): Promise<Page<TagValue>>;
}

type RankedRow = TagValue & { key: string; total: number; different: number };

export function createSqlTagstore(db: Database): Tagstore {
  return {
    async keys(issueId, { top, key }) {
      const { rows } = await sql<RankedRow>`
        select * from (
          select key, value, timesSeen, firstSeen, lastSeen,
            row_number() over (partition by key order by timesSeen desc, value) as place,
            sum(timesSeen) over (partition by key) as total, count(*) over (partition by key) as different
          from issueTag where issueId = ${issueId} ${key === undefined ? sql`` : sql`and key = ${key}`})
        where place <= ${top} order by key, place`.execute(db);
      const keys = new Map<string, TagKey>();
      for (const { key: name, total, different, value, timesSeen, firstSeen, lastSeen } of rows) {
        const known = keys.get(name) ?? { key: name, totalValues: total, uniqueValues: different, topValues: [] };
        known.topValues.push({ value, timesSeen, firstSeen, lastSeen });
        keys.set(name, known);
      }
      return [...keys.values()];
    },

    async values(issueId, key, { limit, cursor: text, query }) {
      const cursor = parseCursor(text);
      const backwards = cursor?.isPrevious ?? false;
      // Equal counts are in the order of their values, so the directions of the two differ.
      const count = sql.raw(backwards ? '>' : '<');
      const value = sql.raw(backwards ? '<' : '>');
      const at = cursor && Buffer.from(cursor.id, 'base64url').toString();
      const place = cursor
        ? sql`and (timesSeen ${count} ${cursor.value} or (timesSeen = ${cursor.value} and value ${value} ${at}))`
        : sql``;
      const sought = query ? sql`and value like ${contains(query)} escape '\\'` : sql``;
      const order = sql.raw(backwards ? 'timesSeen asc, value desc' : 'timesSeen desc, value asc');
      const { rows } = await sql<TagValue>`
        select value, timesSeen, firstSeen, lastSeen from issueTag
        where issueId = ${issueId} and key = ${key} ${sought} ${place} order by ${order} limit ${limit + 1}`.execute(
        db,
      );
      return toPage(rows, limit, cursor, (row) => ({
        value: row.timesSeen,
        id: Buffer.from(row.value).toString('base64url'),
      }));
    },
  };
}
