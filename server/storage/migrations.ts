/**
 * Oldest first, appended to, never edited: what has shipped is in somebody's database. Each runs once, in a transaction,
 * when the database is opened for writing.
 */
import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const MIGRATIONS: Record<string, Migration> = {
  '001-first': { up: first },
  '002-users': { up: users },
  '003-triage': { up: triage },
  '004-sources': { up: sources },
  '005-ledger': { up: ledger },
  '006-checks': { up: checks },
};

async function first(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `CREATE TABLE project (
      id INTEGER PRIMARY KEY AUTOINCREMENT, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, platform TEXT,
      dateCreated INTEGER NOT NULL, firstEvent INTEGER, issueCounter INTEGER NOT NULL DEFAULT 0)`,
    `CREATE TABLE projectKey (
      publicKey TEXT PRIMARY KEY NOT NULL, projectId INTEGER NOT NULL REFERENCES project(id) ON DELETE CASCADE,
      label TEXT NOT NULL, isActive INTEGER NOT NULL DEFAULT 1, dateCreated INTEGER NOT NULL)`,
    `CREATE TABLE issue (
      id INTEGER PRIMARY KEY AUTOINCREMENT, projectId INTEGER NOT NULL REFERENCES project(id) ON DELETE CASCADE,
      number INTEGER NOT NULL, title TEXT NOT NULL, culprit TEXT NOT NULL, location TEXT, type TEXT NOT NULL,
      level TEXT NOT NULL, platform TEXT NOT NULL, logger TEXT, metadata TEXT NOT NULL,
      status TEXT NOT NULL, substatus TEXT, isBookmarked INTEGER NOT NULL DEFAULT 0,
      isUnhandled INTEGER NOT NULL DEFAULT 0, primaryHash TEXT NOT NULL, groupingConfig TEXT NOT NULL,
      firstSeen INTEGER NOT NULL, lastSeen INTEGER NOT NULL, timesSeen INTEGER NOT NULL,
      userCount INTEGER NOT NULL DEFAULT 0, firstRelease TEXT, lastRelease TEXT, UNIQUE (projectId, number))`,
    `CREATE INDEX issueByLastSeen ON issue (projectId, status, lastSeen DESC)`,
    `CREATE TABLE issueHash (
      projectId INTEGER NOT NULL, hash TEXT NOT NULL, issueId INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE,
      PRIMARY KEY (projectId, hash)) WITHOUT ROWID`,
    `CREATE INDEX issueHashByIssue ON issueHash (issueId)`,
    `CREATE TABLE issueUser (
      issueId INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE, user TEXT NOT NULL,
      PRIMARY KEY (issueId, user)) WITHOUT ROWID`,
    `CREATE TABLE issueTag (
      issueId INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
      timesSeen INTEGER NOT NULL, firstSeen INTEGER NOT NULL, lastSeen INTEGER NOT NULL,
      PRIMARY KEY (issueId, key, value)) WITHOUT ROWID`,
    `CREATE INDEX issueTagByValue ON issueTag (key, value, issueId)`,
    `CREATE TABLE issueStat (
      issueId INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE, hour INTEGER NOT NULL,
      timesSeen INTEGER NOT NULL, PRIMARY KEY (issueId, hour)) WITHOUT ROWID`,
    `CREATE TABLE event (
      id INTEGER PRIMARY KEY AUTOINCREMENT, projectId INTEGER NOT NULL, eventId TEXT NOT NULL,
      issueId INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE, timestamp INTEGER NOT NULL,
      receivedAt INTEGER NOT NULL, title TEXT NOT NULL, message TEXT, culprit TEXT NOT NULL, location TEXT,
      level TEXT NOT NULL, platform TEXT NOT NULL, release TEXT, environment TEXT, user TEXT,
      tags TEXT NOT NULL DEFAULT '[]', richness INTEGER NOT NULL, UNIQUE (projectId, eventId))`,
    `CREATE INDEX eventByIssue ON event (issueId, timestamp, id)`,
    `CREATE TABLE eventTag (
      issueId INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
      eventRowId INTEGER NOT NULL, PRIMARY KEY (issueId, key, value, eventRowId)) WITHOUT ROWID`,
    `CREATE TABLE node (id TEXT PRIMARY KEY NOT NULL, data BLOB NOT NULL)`,
    `CREATE TABLE attachment (
      id INTEGER PRIMARY KEY AUTOINCREMENT, projectId INTEGER NOT NULL, eventId TEXT NOT NULL, name TEXT NOT NULL,
      contentType TEXT NOT NULL, attachmentType TEXT NOT NULL, size INTEGER NOT NULL, dateCreated INTEGER NOT NULL,
      data BLOB NOT NULL)`,
    `CREATE INDEX attachmentByEvent ON attachment (projectId, eventId)`,
    `CREATE TABLE userReport (
      id INTEGER PRIMARY KEY AUTOINCREMENT, projectId INTEGER NOT NULL, eventId TEXT NOT NULL, name TEXT, email TEXT,
      comments TEXT NOT NULL, dateCreated INTEGER NOT NULL)`,
    `CREATE INDEX userReportByEvent ON userReport (projectId, eventId)`,
    `CREATE TABLE "release" (
      projectId INTEGER NOT NULL REFERENCES project(id) ON DELETE CASCADE, version TEXT NOT NULL, commitSha TEXT,
      dateCreated INTEGER NOT NULL, PRIMARY KEY (projectId, version)) WITHOUT ROWID`,
    `CREATE TABLE coverageReport (
      id INTEGER PRIMARY KEY AUTOINCREMENT, projectId INTEGER NOT NULL REFERENCES project(id) ON DELETE CASCADE,
      "release" TEXT, commitSha TEXT, format TEXT NOT NULL, name TEXT NOT NULL, dateCreated INTEGER NOT NULL)`,
    `CREATE INDEX coverageReportByProject ON coverageReport (projectId, dateCreated)`,
    `CREATE TABLE coverageFile (
      reportId INTEGER NOT NULL REFERENCES coverageReport(id) ON DELETE CASCADE, path TEXT NOT NULL,
      lines TEXT NOT NULL, PRIMARY KEY (reportId, path)) WITHOUT ROWID`,
    `CREATE TABLE aiPayload (
      id TEXT PRIMARY KEY NOT NULL, projectId INTEGER NOT NULL, eventId TEXT NOT NULL,
      issueId INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE, messages TEXT NOT NULL, model TEXT NOT NULL,
      endpoint TEXT NOT NULL, promptVersion TEXT NOT NULL, dateCreated INTEGER NOT NULL)`,
    `CREATE INDEX aiPayloadByEvent ON aiPayload (projectId, eventId)`,
    `CREATE TABLE aiSuggestion (
      projectId INTEGER NOT NULL REFERENCES project(id) ON DELETE CASCADE, primaryHash TEXT NOT NULL,
      endpoint TEXT NOT NULL, model TEXT NOT NULL, promptVersion TEXT NOT NULL, eventId TEXT NOT NULL,
      text TEXT NOT NULL, dateCreated INTEGER NOT NULL,
      PRIMARY KEY (projectId, primaryHash, endpoint, model, promptVersion))`,
    `CREATE TABLE aiConsent (user TEXT PRIMARY KEY NOT NULL, dateConsented INTEGER NOT NULL)`,
    `CREATE TABLE deadLetter (
      id INTEGER PRIMARY KEY AUTOINCREMENT, projectId INTEGER NOT NULL, eventId TEXT, receivedAt INTEGER NOT NULL,
      dateFailed INTEGER NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL)`,
    `CREATE TABLE digestState (id INTEGER PRIMARY KEY CHECK (id = 1), spoolMark INTEGER NOT NULL)`,
    `INSERT INTO digestState (id, spoolMark) VALUES (1, 0)`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);

  // 1 is Stackmend's own, for its own errors; 2 is the one whose DSN `npm start` prints.
  for (const [id, slug, name] of [
    [1, 'internal', 'Internal'],
    [2, 'default', 'Default'],
  ] as const) {
    const now = Date.now();
    await sql`INSERT INTO project (id, slug, name, dateCreated) VALUES (${id}, ${slug}, ${name}, ${now})`.execute(db);
    await sql`INSERT INTO projectKey (publicKey, projectId, label, dateCreated)
      VALUES (${randomBytes(16).toString('hex')}, ${id}, 'Default', ${now})`.execute(db);
  }
}

async function users(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `CREATE TABLE user (
      id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL COLLATE NOCASE UNIQUE,
      email TEXT COLLATE NOCASE UNIQUE, name TEXT, passwordHash TEXT NOT NULL, isActive INTEGER NOT NULL DEFAULT 1,
      dateCreated INTEGER NOT NULL, lastLogin INTEGER)`,
    `CREATE TABLE userPermission (
      userId INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE, permission TEXT NOT NULL,
      PRIMARY KEY (userId, permission)) WITHOUT ROWID`,
    `CREATE TABLE session (
      id TEXT PRIMARY KEY NOT NULL, userId INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
      dateCreated INTEGER NOT NULL, lastSeen INTEGER NOT NULL) WITHOUT ROWID`,
    `CREATE INDEX sessionByUser ON session (userId)`,
    `CREATE TABLE apiToken (
      id INTEGER PRIMARY KEY AUTOINCREMENT, userId INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
      name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, lastCharacters TEXT NOT NULL, scopes TEXT NOT NULL,
      dateCreated INTEGER NOT NULL, lastUsed INTEGER)`,
    `CREATE INDEX apiTokenByUser ON apiToken (userId)`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

async function triage(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `ALTER TABLE issue ADD COLUMN priority TEXT NOT NULL DEFAULT 'medium'`,
    `ALTER TABLE issue ADD COLUMN statusDetails TEXT NOT NULL DEFAULT '{}'`,
    `ALTER TABLE issue ADD COLUMN assigneeId INTEGER REFERENCES user(id) ON DELETE SET NULL`,
    // Of few issues, and of hardly any that has run out: what a list asks for before it is read.
    `CREATE INDEX issueByIgnoreUntil ON issue (statusDetails ->> 'ignoreUntil')
      WHERE status = 'ignored' AND substatus = 'archived_until_condition_met'`,
    `CREATE TABLE activity (
      id INTEGER PRIMARY KEY AUTOINCREMENT, issueId INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE,
      userId INTEGER REFERENCES user(id) ON DELETE SET NULL, userName TEXT, type TEXT NOT NULL,
      data TEXT NOT NULL DEFAULT '{}', dateCreated INTEGER NOT NULL)`,
    `CREATE INDEX activityByIssue ON activity (issueId, id)`,
    `ALTER TABLE project ADD COLUMN groupingEnhancements TEXT NOT NULL DEFAULT ''`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

async function sources(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `ALTER TABLE "release" ADD COLUMN dateReleased INTEGER`,
    `ALTER TABLE "release" ADD COLUMN url TEXT`,
    `CREATE TABLE deploy (
      id INTEGER PRIMARY KEY AUTOINCREMENT, version TEXT NOT NULL, environment TEXT NOT NULL, name TEXT, url TEXT,
      dateStarted INTEGER, dateFinished INTEGER NOT NULL)`,
    `CREATE INDEX deployByVersion ON deploy (version)`,
    `CREATE TABLE artifactChunk (
      checksum TEXT PRIMARY KEY NOT NULL, size INTEGER NOT NULL, dateCreated INTEGER NOT NULL, data BLOB NOT NULL)`,
    `CREATE TABLE artifactBlob (checksum TEXT PRIMARY KEY NOT NULL, size INTEGER NOT NULL, data BLOB NOT NULL)`,
    `CREATE TABLE artifactBundle (
      id INTEGER PRIMARY KEY AUTOINCREMENT, projectId INTEGER NOT NULL REFERENCES project(id) ON DELETE CASCADE,
      bundleId TEXT NOT NULL, checksum TEXT NOT NULL, "release" TEXT, dist TEXT, fileCount INTEGER NOT NULL,
      size INTEGER NOT NULL, dateCreated INTEGER NOT NULL, dateLastUsed INTEGER NOT NULL,
      isComplete INTEGER NOT NULL DEFAULT 0)`,
    `CREATE INDEX artifactBundleByRelease ON artifactBundle (projectId, "release")`,
    `CREATE INDEX artifactChunkByDate ON artifactChunk (dateCreated, size)`,
    `CREATE INDEX artifactBundleByBundleId ON artifactBundle (projectId, bundleId)`,
    `CREATE TABLE artifactFile (
      bundle INTEGER NOT NULL REFERENCES artifactBundle(id) ON DELETE CASCADE, url TEXT NOT NULL, type TEXT NOT NULL,
      debugId TEXT, sourceMapUrl TEXT, checksum TEXT NOT NULL REFERENCES artifactBlob(checksum),
      PRIMARY KEY (bundle, url)) WITHOUT ROWID`,
    `CREATE INDEX artifactFileByDebugId ON artifactFile (debugId) WHERE debugId IS NOT NULL`,
    `CREATE INDEX artifactFileByUrl ON artifactFile (url)`,
    `CREATE INDEX artifactFileByChecksum ON artifactFile (checksum)`,
    `CREATE TABLE codeMapping (
      id INTEGER PRIMARY KEY AUTOINCREMENT, projectId INTEGER NOT NULL REFERENCES project(id) ON DELETE CASCADE,
      stackRoot TEXT NOT NULL, sourceRoot TEXT NOT NULL, repositoryPath TEXT NOT NULL, repositoryUrl TEXT,
      provider TEXT, defaultBranch TEXT, dateCreated INTEGER NOT NULL, UNIQUE (projectId, stackRoot, sourceRoot))`,
    `ALTER TABLE coverageReport ADD COLUMN fileCount INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE coverageReport ADD COLUMN lineCount INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE coverageReport ADD COLUMN size INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE coverageReport ADD COLUMN countsHits INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE coverageReport ADD COLUMN checksum TEXT`,
    `UPDATE coverageReport SET countsHits = (format IN ('lcov', 'istanbul')),
      (fileCount, lineCount, size) = (
        SELECT count(*), coalesce(sum(json_array_length(lines)), 0), coalesce(sum(length(path) + length(lines)), 0)
        FROM coverageFile WHERE reportId = coverageReport.id)`,
    // Issues from before there were priorities get what a new one gets, unless somebody has decided meanwhile.
    `UPDATE issue SET priority = CASE
        WHEN level = 'fatal' OR isUnhandled = 1 THEN 'high' WHEN level IN ('info', 'debug') THEN 'low' ELSE 'medium' END
      WHERE NOT EXISTS (SELECT 1 FROM activity WHERE issueId = issue.id AND type = 'set_priority')`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

async function ledger(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `ALTER TABLE project ADD COLUMN aiLocalOnly INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE project ADD COLUMN aiEndpoint TEXT`,
    `ALTER TABLE project ADD COLUMN redactionRules TEXT NOT NULL DEFAULT ''`,
    // What is kept for a day; its prompt is another one now, so none of it would be sent.
    `DROP TABLE aiPayload`,
    `CREATE TABLE aiPayload (
      id TEXT PRIMARY KEY NOT NULL, projectId INTEGER NOT NULL, eventId TEXT NOT NULL,
      issueId INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE, messages TEXT NOT NULL,
      endpointName TEXT NOT NULL, endpoint TEXT NOT NULL, model TEXT NOT NULL, promptVersion TEXT NOT NULL,
      policy TEXT NOT NULL, rules TEXT NOT NULL, redacted TEXT NOT NULL, leftOut TEXT NOT NULL,
      dateCreated INTEGER NOT NULL)`,
    `CREATE INDEX aiPayloadByEvent ON aiPayload (projectId, eventId)`,
    `CREATE TABLE aiCall (
      id INTEGER PRIMARY KEY AUTOINCREMENT, projectId INTEGER REFERENCES project(id) ON DELETE CASCADE,
      issueId INTEGER REFERENCES issue(id) ON DELETE CASCADE, eventId TEXT NOT NULL,
      userId INTEGER REFERENCES user(id) ON DELETE SET NULL, userName TEXT, endpointName TEXT NOT NULL,
      endpoint TEXT NOT NULL, model TEXT NOT NULL, promptVersion TEXT NOT NULL, request TEXT NOT NULL,
      answer TEXT NOT NULL, status TEXT NOT NULL, errorKind TEXT, inputTokens INTEGER, outputTokens INTEGER,
      tokensFrom TEXT NOT NULL, cost INTEGER, duration INTEGER NOT NULL, firstPieceAfter INTEGER,
      redacted TEXT NOT NULL DEFAULT '[]', leftOut TEXT NOT NULL DEFAULT '[]', dateCreated INTEGER NOT NULL)`,
    `CREATE INDEX aiCallByProject ON aiCall (projectId, id)`,
    `CREATE INDEX aiCallByIssue ON aiCall (issueId)`,
    `CREATE INDEX aiCallByDate ON aiCall (dateCreated)`,
    // Answers of the prompt before are not answered from any more.
    `DROP TABLE aiSuggestion`,
    `CREATE TABLE aiSuggestion (
      projectId INTEGER NOT NULL REFERENCES project(id) ON DELETE CASCADE, primaryHash TEXT NOT NULL,
      endpointName TEXT NOT NULL, endpoint TEXT NOT NULL, model TEXT NOT NULL, promptVersion TEXT NOT NULL,
      policy TEXT NOT NULL, rules TEXT NOT NULL, eventId TEXT NOT NULL, text TEXT NOT NULL,
      callId INTEGER REFERENCES aiCall(id) ON DELETE SET NULL, patchCheck TEXT, dateCreated INTEGER NOT NULL,
      PRIMARY KEY (projectId, primaryHash, endpointName, endpoint, model, promptVersion, policy, rules))`,
    `CREATE INDEX aiSuggestionByCall ON aiSuggestion (callId)`,
    `CREATE TABLE aiFeedback (
      callId INTEGER NOT NULL REFERENCES aiCall(id) ON DELETE CASCADE, user TEXT NOT NULL, rating TEXT NOT NULL,
      comment TEXT NOT NULL DEFAULT '', dateCreated INTEGER NOT NULL, PRIMARY KEY (callId, user)) WITHOUT ROWID`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** What was found out about a patch stays with its call, also when another answer takes its place. */
async function checks(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `ALTER TABLE aiCall ADD COLUMN patchCheck TEXT`,
    `UPDATE aiCall SET patchCheck = (SELECT patchCheck FROM aiSuggestion WHERE callId = aiCall.id)`,
    `ALTER TABLE aiSuggestion DROP COLUMN patchCheck`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
