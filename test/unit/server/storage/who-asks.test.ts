import { type CompiledQuery, Kysely, SqliteDialect, sql } from 'kysely';
import { expect, test } from 'vitest';
import { createApiTokenStore } from '../../../../server/storage/api-tokens.ts';
import { openSqlite } from '../../../../server/storage/database.ts';
import { createSessionStore } from '../../../../server/storage/sessions.ts';
import type { Tables } from '../../../../server/storage/tables.ts';
import { createUserStore } from '../../../../server/storage/users.ts';
import { temporaryDatabase } from '../../../integration/api/seed.ts';

const ENDS = { dateCreated: 0, lastSeen: 0 };

test.each([
  ['a session', (db: Kysely<Tables>) => createSessionStore(db).find('id', ENDS)],
  ['a token', (db: Kysely<Tables>) => createApiTokenStore(db).find('hash')],
  ['a user name', (db: Kysely<Tables>) => createUserStore(db).byUsername('ada')],
  ['an e-mail', (db: Kysely<Tables>) => createUserStore(db).byEmail('ada@example.com')],
  ['a name that may be taken', (db: Kysely<Tables>) => createUserStore(db).otherNamed(1, ['ada', 'ada@example.com'])],
])('%s is looked up by one query, in indexes alone', async (_, look) => {
  const { file, close } = await temporaryDatabase();
  const queries: CompiledQuery[] = [];
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: openSqlite(file) }),
    log: ({ query }) => {
      queries.push(query);
    },
  });
  try {
    await look(db);
    expect(queries).toHaveLength(1);
    const [{ sql: text, parameters } = { sql: '', parameters: [] }] = queries;
    const explained = await db.executeQuery<{ detail: string }>({
      ...sql.raw(`EXPLAIN QUERY PLAN ${text}`).compile(db),
      parameters,
    });
    const steps = explained.rows.map(({ detail }) => detail);
    expect(steps.join('\n')).toMatch(/SEARCH/);
    expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([]);
  } finally {
    await db.destroy();
    await close();
  }
});
