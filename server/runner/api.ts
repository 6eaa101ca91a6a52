import type { Router } from 'express';
import { aiCallRoutes } from '../api/ai-calls.ts';
import { suggestRoutes } from '../api/ai-fix-suggest.ts';
import { aiSettingsRoutes } from '../api/ai-settings.ts';
import { type ApiServices, createApi } from '../api/api.ts';
import { artifactRoutes } from '../api/artifacts.ts';
import { codeMappingRoutes } from '../api/code-mappings.ts';
import { coverageRoutes } from '../api/coverage.ts';
import { createNewestEvents, eventCoverageRoutes } from '../api/event-coverage.ts';
import { releaseFileRoutes } from '../api/release-files.ts';
import { releaseRoutes } from '../api/releases.ts';
import { repositoryRoutes } from '../api/repositories.ts';
import { createScope } from '../api/scope.ts';
import { sourceMapDebugRoutes } from '../api/source-map-debug.ts';
import { stacktraceLinkRoutes } from '../api/stacktrace-link.ts';
import { createAssembler } from '../artifacts/assembler.ts';
import { createSqlSearch } from '../backends/search.ts';
import { createSqlTagstore } from '../backends/tagstore.ts';
import { createSqlTsdb } from '../backends/tsdb.ts';
import type { RefusedRequest } from '../ingest/refused-requests.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Settings } from '../settings/settings.ts';
import { createAiStore } from '../storage/ai.ts';
import { createReleaseStore } from '../storage/releases.ts';
import type { Services } from './services.ts';
import { readVersion } from './version.ts';

/** Most uploads are assembled by then; sentry-cli without --wait asks once, and would hear of no fault after that. */
const PATIENCE_MS = 20_000;

/** The API over the services of a running server. */
export function createApiOf(
  services: Services,
  settings: Settings,
  refused: () => RefusedRequest[],
  metrics: Metrics,
  log: (message: string, error: unknown) => void,
  signIn: Pick<ApiServices, 'sessionCookie' | 'setupLink'>,
): Router {
  const { db, auth, nodestore, eventstream, coverage, events, source, codeMappings } = services;
  const scope = createScope(db);
  const search = createSqlSearch(db);
  const releases = createReleaseStore(db);
  const answers = createAiStore(db);
  const artifacts = {
    ...services.artifacts,
    assembler: createAssembler({ ...services.artifacts, patienceMs: PATIENCE_MS, log }),
  };
  return createApi({
    db,
    nodestore,
    eventstream,
    search,
    tagstore: createSqlTagstore(db),
    tsdb: createSqlTsdb(db),
    importEvents: services.importEvents,
    loadSamples: services.loadSamples,
    refused: (projectId) =>
      refused().filter((request) => request.projectId === projectId || request.projectId === null),
    counts: () =>
      metrics
        .counts()
        .flatMap(({ key, tags: { itemType = '', outcome = '' }, value }) =>
          key === 'ingest.items' ? [{ itemType, outcome, quantity: value }] : [],
        ),
    url: services.url,
    maxImportBytes: settings['ingest.max-unpacked-bytes'],
    auth,
    ...signIn,
    browserSdk: settings['sdk.enabled']
      ? {
          release: settings['sdk.release'] || `stackmend@${readVersion()}`,
          environment: settings['sdk.environment'],
        }
      : null,
    extra: [
      artifactRoutes({ scope, artifacts, url: services.url }),
      releaseFileRoutes({ scope, artifacts, releases }),
      releaseRoutes({ scope, artifacts, releases, now: Date.now }),
      coverageRoutes({ scope, coverage, releases, newestEvents: createNewestEvents(services) }),
      eventCoverageRoutes({ scope, coverage, db, nodestore, search }),
      stacktraceLinkRoutes({ scope, coverage, events, source }),
      codeMappingRoutes({ scope, mappings: codeMappings, source }),
      repositoryRoutes({ scope, mappings: codeMappings, source }),
      sourceMapDebugRoutes({ ...services, search, scope }),
      suggestRoutes({ ...services, log }),
      aiCallRoutes({ scope, db, calls: services.aiCalls }),
      aiSettingsRoutes({ scope, answers, endpoints: services.endpoints }),
    ],
    now: Date.now,
  });
}
