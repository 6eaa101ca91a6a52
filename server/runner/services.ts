import { join } from 'node:path';
import type { Describable } from '../ai/suggest-payload.ts';
import { createImport } from '../api/import.ts';
import { type Assemble, assembleHere } from '../artifacts/assemble.ts';
import { createAssembleInThread } from '../artifacts/assemble-in-thread.ts';
import type { ArtifactLimits } from '../artifacts/limits.ts';
import { createExplain } from '../artifacts/symbolicate/explain.ts';
import { createAuth } from '../auth/auth.ts';
import { createSqlEventstream } from '../backends/eventstream.ts';
import { createSqlNodestore, type Nodestore, nodeId } from '../backends/nodestore.ts';
import { createCoverage } from '../coverage/line-coverage.ts';
import { createReadReportInThread, type ReadReport, readReportHere } from '../coverage/read-report.ts';
import { digestPending, retryDeadLetters } from '../digest/digest.ts';
import { isObject } from '../digest/normalize/place.ts';
import { toStoredEvent } from '../digest/prepare.ts';
import { createSymbolicateAgain } from '../digest/symbolicate-again.ts';
import type { CheckHealth } from '../http/health.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Json, StoredEvent } from '../protocol/event.ts';
import { newEventId, toEventId } from '../protocol/event-id.ts';
import { withInAppRules } from '../protocol/in-app-rules.ts';
import { loadSamples } from '../samples/samples.ts';
import { addressOf, type Settings } from '../settings/settings.ts';
import { createLineOf } from '../source/line-of.ts';
import { createSource } from '../source/source.ts';
import { createAiCallStore } from '../storage/ai-calls.ts';
import { createArtifactStore } from '../storage/artifacts.ts';
import { createCodeMappingStore } from '../storage/code-mappings.ts';
import { createCoverageStore } from '../storage/coverage.ts';
import { migrate, openDatabase } from '../storage/database.ts';
import { openDatabaseInThread } from '../storage/database-in-thread.ts';
import { createEventStore } from '../storage/events.ts';
import { createInAppRules } from '../storage/in-app-rules.ts';
import { createIssueStore } from '../storage/issues.ts';
import { createProjectStore, type ProjectStore } from '../storage/projects.ts';
import { createReleaseStore } from '../storage/releases.ts';
import { type NewEnvelope, openSpool } from '../storage/spool.ts';
import type { Database } from '../storage/tables.ts';
import { startDigest } from './digest.ts';
import { digestServices } from './digest-services.ts';
import { deleteExpiredDeadLetters, startHousekeeping } from './housekeeping.ts';
import { machineAddresses } from './machine-addresses.ts';
import { buildEndpoints } from './model-endpoints.ts';
import type { OnError } from './open-sdk.ts';
import { keepFilesPrivate } from './own-files.ts';
import { addressTold, tellAddress } from './server-address.ts';
import { setupService } from './setup-service.ts';
import { createSpoolWriter } from './spool-writer.ts';
import { buildSuggester, createLoadEvent } from './suggester.ts';
import { createSymbolicator, type Symbolicator } from './symbolicator.ts';
import { watchStores } from './watch-stores.ts';

/** Files of a data directory. */
const databaseFile = (dataDirectory: string) => join(dataDirectory, 'stackmend.db');
const spoolFile = (dataDirectory: string) => join(dataDirectory, 'spool.db');

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Somebody reads what it answered, and asks again about the next event, or not at all. */
const ASKED_IDLE_MS = 30_000;

type Parts = {
  db: Database;
  /** Resolves when the envelope is on disk. */
  append: (envelope: NewEnvelope) => Promise<void>;
  readReport: ReadReport;
  assemble: Assemble;
  symbolicator: Symbolicator;
  /** Is told of a fault of ours that ends nothing. */
  onError: (error: unknown) => void;
  close: () => Promise<void>;
};

/** What commands and routes work with, over one database. */
export type Services = ReturnType<typeof buildServices>;
export type ServerServices = Services & { checkHealth: CheckHealth };

const artifactLimits = (settings: Settings): ArtifactLimits => ({
  maxUploadBytes: settings['artifacts.max-upload-bytes'],
  maxFileBytes: settings['artifacts.max-file-bytes'],
});

function buildServices(
  settings: Settings,
  url: string,
  metrics: Metrics,
  { db, append, readReport, assemble, symbolicator, onError, close }: Parts,
) {
  const projects = createProjectStore(db);
  const events = createEventStore(db);
  const nodestore = createSqlNodestore(db);
  const releases = createReleaseStore(db);
  const codeMappings = createCodeMappingStore(db);
  const source = createSource({
    mappings: codeMappings,
    releases,
    roots: settings['source.roots'],
    deny: settings['source.deny'],
    searchPath: process.env['PATH'] ?? '',
    now: Date.now,
  });
  const coverage = createCoverage({ store: createCoverageStore(db), releases, projects, source, readReport });

  const auth = createAuth({
    db,
    now: Date.now,
    sessionIdleMs: settings['auth.session-idle'] * HOUR_MS,
    sessionLifeMs: settings['auth.session-life'] * DAY_MS,
  });
  const { symbolicate } = symbolicator;
  const artifacts = createArtifactStore(db);
  const eventstream = createSqlEventstream(db);
  const importEvents = createImport({ projects, append, now: Date.now });

  const endpoints = buildEndpoints(settings, metrics);
  const aiCalls = createAiCallStore(db);
  const suggester = buildSuggester(settings, db, { coverage, source, calls: aiCalls, endpoints, onError }, metrics);

  return {
    settings,
    /** Where clients reach the server, without a slash at the end. */
    url,
    db,
    auth,
    projects,
    events,
    nodestore,
    eventstream,
    coverage,
    codeMappings,
    source,
    artifacts: { store: artifacts, limits: artifactLimits(settings), assemble },
    explain: createExplain({ artifacts, symbolicate, lineOf: createLineOf(source) }),
    symbolicateAgain: createSymbolicateAgain({ db, nodestore, eventstream, artifacts, symbolicate, now: Date.now }),
    aiCalls,
    endpoints,
    suggester,
    loadEvent: createLoadEvent(db, projects, events, nodestore),
    findEvent: (eventId: string) => findEvent(db, projects, nodestore, eventId),
    prepareEvent,
    retryDeadLetters: () => retryDeadLetters(digestServices(db, metrics, symbolicate)),
    append,
    importEvents,
    loadSamples: (project: { id: number; slug: string }, name?: string) =>
      loadSamples(project, { importEvents, coverage, now: Date.now }, name),
    close: async () => {
      await suggester.close();
      source.close();
      await close();
      await symbolicator.close();
    },
  };
}

/**
 * For the operator at the terminal, who may read every project: the newest event of this id (32 hex digits) in any, under
 * that project's in-app rules.
 */
async function findEvent(
  db: Database,
  projects: ProjectStore,
  nodestore: Nodestore,
  eventId: string,
): Promise<Describable | null> {
  const row = await db
    .selectFrom('event')
    .select(['projectId', 'eventId', 'issueId'])
    .where('eventId', '=', eventId)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  const event = row && (await nodestore.get(nodeId(row.projectId, row.eventId)));
  if (!event) return null;
  const { projectId, issueId } = row;
  return { event: withInAppRules(event, await createInAppRules(projects).ofProject(projectId)), projectId, issueId };
}

/** An SDK's payload as digest would store it; nothing is stored. @throws {NotAnEventError} it is no object */
function prepareEvent(payload: Json): StoredEvent {
  const eventId = (isObject(payload) && toEventId(payload['event_id'])) || newEventId();
  const stored = { projectId: 0, eventId, receivedAt: Date.now(), remoteAddress: null, body: new Uint8Array() };
  return toStoredEvent(payload, stored, eventId, {});
}

/** For who asks about one event or has it mapped again. Digest has one of its own, which never waits for this. */
function openSymbolicator(settings: Settings): Symbolicator {
  const cacheBytes = settings['artifacts.symbolicator-cache-bytes'];
  return createSymbolicator({ file: databaseFile(settings.dataDirectory), cacheBytes, idleMs: ASKED_IDLE_MS });
}

/**
 * Opens both files for writing, brings the schema up to date, and has the spool go on after what is digested. A failure
 * leaves neither open.
 */
async function openFiles(settings: Settings, metrics: Metrics) {
  await using undo = new AsyncDisposableStack();
  const db = await setupService('database', settings, metrics, async () => {
    const opened = openDatabase(databaseFile(settings.dataDirectory));
    undo.defer(() => opened.destroy());
    await migrate(opened);
    return opened;
  });
  const spool = await setupService('spool', settings, metrics, async () => {
    const { spoolMark } = await db.selectFrom('digestState').select('spoolMark').executeTakeFirstOrThrow();
    const opened = openSpool(spoolFile(settings.dataDirectory));
    undo.defer(() => opened.close());
    opened.startAfter(spoolMark);
    return opened;
  });
  undo.move();
  return { db, spool };
}

/** For a command: everything in this thread. What it spools is digested before it ends, whether or not a server runs. */
export async function openCommandServices(settings: Settings, metrics: Metrics): Promise<Services> {
  const { db, spool } = await openFiles(settings, metrics);
  const symbolicator = openSymbolicator(settings);
  const url = addressTold(settings.dataDirectory) ?? addressOf(settings, { machine: machineAddresses()[0] });
  return buildServices(settings, url, metrics, {
    db,
    append: async (envelope) => void spool.append([envelope]),
    readReport: readReportHere,
    symbolicator,
    assemble: (job) => assembleHere(createArtifactStore(db), artifactLimits(settings), job),
    onError: (error) => console.error(error),
    close: async () => {
      const services = { ...digestServices(db, metrics, symbolicator.symbolicate), spool };
      for (;;) {
        const { digested, mark } = await digestPending(services, { limit: 100 });
        if (digested === 0) break;
        spool.deleteUpTo(mark);
      }
      spool.close();
      await db.destroy();
    },
  });
}

/** For the server: the spool's writer, digest and SQL each in a thread of its own. */
export async function openServerServices(
  settings: Settings,
  url: string,
  metrics: Metrics,
  onError: OnError,
): Promise<ServerServices> {
  const files = await openFiles(settings, metrics);
  for (const line of keepFilesPrivate([settings.configDirectory, settings.dataDirectory])) onError(line);
  files.spool.close();
  await files.db.destroy();

  const db = openDatabaseInThread(databaseFile(settings.dataDirectory), { mustExist: true });
  // The relay writes to the same spool: what the writer fails at would be relayed, fail, and so on.
  const onWriterError: OnError = (error) => onError(error, { isUnsafe: true });
  const writer = createSpoolWriter({ file: spoolFile(settings.dataDirectory), onError: onWriterError });
  await setupService('spool', settings, metrics, () => writer.ready);
  const symbolicatorCacheBytes = settings['artifacts.symbolicator-cache-bytes'];
  const digest = startDigest(
    { dataDirectory: settings.dataDirectory, symbolicatorCacheBytes },
    metrics,
    (mark) => void writer.deleteUpTo(mark).catch(onWriterError),
    // As long as digest itself fails, nothing of ours is digested either: relayed, it would only lengthen the spool.
    (error, project) => onError(error, project === null ? { isUnsafe: true } : { project }),
  );
  writer.onCommitted(digest.wake);
  const watch = watchStores({
    dataDirectory: settings.dataDirectory,
    depth: writer.depth,
    metrics,
    maxSpoolAge: settings['health.max-spool-age'],
    minFreeBytes: settings['health.min-free-bytes'],
    now: Date.now,
  });
  const forgetAddress = tellAddress(settings.dataDirectory, url, onError);
  const maxLetterAge = settings['digest.max-dead-letter-age'] * DAY_MS;
  const maxCoverageAge = settings['coverage.max-age'] * DAY_MS;
  const maxCoverage = settings['coverage.max-bytes'];
  const maxArtifactAge = settings['artifacts.max-age'] * DAY_MS;
  const maxLedgerAge = settings['ai.ledger-max-age'] * DAY_MS;
  const services = buildServices(settings, url, metrics, {
    db,
    append: writer.append,
    readReport: createReadReportInThread(),
    symbolicator: openSymbolicator(settings),
    assemble: createAssembleInThread(databaseFile(settings.dataDirectory), artifactLimits(settings)),
    onError,
    close: async () => {
      forgetAddress();
      watch.close();
      await housekeeping.close();
      // What is on disk and not digested yet is digested after the next start.
      await digest.close();
      await writer.close();
      await db.destroy();
    },
  });
  const housekeeping = startHousekeeping(
    [
      { name: 'dead letters', run: () => deleteExpiredDeadLetters(db, Date.now() - maxLetterAge) },
      { name: 'sessions', run: services.auth.deleteExpiredSessions },
      // Before a list is read it is done, too; an issue that nobody lists has it in its activity in time.
      { name: 'archives', run: createIssueStore(db).settle },
      {
        name: 'coverage',
        run: () => services.coverage.deleteExpired({ before: Date.now() - maxCoverageAge, maxSize: maxCoverage }),
      },
      { name: 'chunks', run: () => services.artifacts.store.deleteChunksBefore(Date.now() - DAY_MS) },
      { name: 'AI calls', run: () => services.aiCalls.deleteBefore(Date.now() - maxLedgerAge) },
      { name: 'source maps', run: () => services.artifacts.store.deleteOlderThan(Date.now() - maxArtifactAge) },
    ],
    (message, cause) => onError(new Error(message, { cause })),
  );
  return { ...services, checkHealth: watch.check };
}
