import { createCheckAnswer } from '../ai/check/check-answer.ts';
import { createTryInThread } from '../ai/check/try-in-thread.ts';
import type { Endpoints } from '../ai/endpoints.ts';
import type { IssueCounts } from '../ai/evidence.ts';
import { gatherInTime } from '../ai/evidence-in-time.ts';
import { createPreparerInThread } from '../ai/preparer-in-thread.ts';
import { createSuggester, type LoadedEvent } from '../ai/suggest.ts';
import { type Nodestore, nodeId } from '../backends/nodestore.ts';
import type { Coverage } from '../coverage/line-coverage.ts';
import { createRateLimit } from '../limits/rate-limit.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { toEventId } from '../protocol/event-id.ts';
import { withInAppRules } from '../protocol/in-app-rules.ts';
import type { Settings } from '../settings/settings.ts';
import type { Source } from '../source/source.ts';
import { createAiStore } from '../storage/ai.ts';
import type { AiCallStore } from '../storage/ai-calls.ts';
import type { EventStore } from '../storage/events.ts';
import { createInAppRules } from '../storage/in-app-rules.ts';
import type { ProjectStore } from '../storage/projects.ts';
import type { Database } from '../storage/tables.ts';

/** Milliseconds for all that is gathered about an event before somebody sees what would be sent. */
const MAX_GATHERING_MS = 2000;

/** The suggester of these settings. @throws {ConfigurationError} the policy is none */
export function buildSuggester(
  settings: Settings,
  db: Database,
  {
    coverage,
    source,
    calls,
    endpoints,
    onError,
  }: {
    coverage: Coverage;
    source: Source;
    calls: AiCallStore;
    endpoints: Endpoints;
    onError: (error: unknown) => void;
  },
  metrics: Metrics,
) {
  return createSuggester({
    store: createAiStore(db),
    calls,
    settings: { policy: settings['ai.policy'] },
    endpoints,
    rateLimit: createRateLimit({ limit: 5, windowMs: 1000, now: Date.now }),
    metrics,
    now: Date.now,
    preparer: createPreparerInThread(),
    evidenceOf: gatherInTime({ source, coverage, countsOf: createCountsOf(db) }, MAX_GATHERING_MS),
    checkAnswer: createCheckAnswer({ source, coverage, tryPatch: createTryInThread(), onError }),
  });
}

const createCountsOf =
  (db: Database) =>
  async (projectId: number, issueId: number): Promise<IssueCounts | null> => {
    const counts = await db
      .selectFrom('issue')
      .select(['timesSeen', 'userCount', 'firstSeen', 'lastSeen'])
      .where('projectId', '=', projectId)
      .where('id', '=', issueId)
      .executeTakeFirst();
    return counts ?? null;
  };

/** Looks an event up within its project, under the project's in-app rules, with the issue that its answer is kept under. */
export function createLoadEvent(db: Database, projects: ProjectStore, events: EventStore, nodestore: Nodestore) {
  const inAppRules = createInAppRules(projects);
  return async (projectSlug: string, eventId: string): Promise<LoadedEvent | null> => {
    const project = await projects.bySlug(projectSlug);
    const id = toEventId(eventId);
    const row = project && id && (await events.byEventId(project.id, id));
    const event = row && (await nodestore.get(nodeId(row.projectId, row.eventId)));
    if (!event) return null;
    const { primaryHash } = await db
      .selectFrom('issue')
      .select('primaryHash')
      .where('id', '=', row.issueId)
      .executeTakeFirstOrThrow();
    const rules = await inAppRules.ofProject(row.projectId);
    return { event: withInAppRules(event, rules), issueId: row.issueId, projectId: row.projectId, primaryHash };
  };
}
