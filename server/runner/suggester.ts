import type { LineCoverage } from '../ai/describe-frame.ts';
import { createOpenAiModel } from '../ai/model.ts';
import { createSuggester, type LoadedEvent } from '../ai/suggest.ts';
import { type Nodestore, nodeId } from '../backends/nodestore.ts';
import type { Coverage } from '../coverage/line-coverage.ts';
import { createRateLimit } from '../limits/rate-limit.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { StoredEvent, StoredFrame } from '../protocol/event.ts';
import { toEventId } from '../protocol/event-id.ts';
import { withInAppRules } from '../protocol/in-app-rules.ts';
import type { Settings } from '../settings/settings.ts';
import { createAiStore } from '../storage/ai.ts';
import type { EventStore } from '../storage/events.ts';
import { createInAppRules } from '../storage/in-app-rules.ts';
import type { ProjectStore } from '../storage/projects.ts';
import type { Database } from '../storage/tables.ts';

/** The suggester of these settings. @throws {ConfigurationError} the base URL or the policy is none */
export function buildSuggester(settings: Settings, db: Database, coverage: Coverage, metrics: Metrics) {
  return createSuggester({
    store: createAiStore(db),
    settings: {
      baseUrl: settings['openai.base-url'],
      apiKey: settings['openai.api-key'],
      model: settings['openai.model'],
      policy: settings['ai.policy'],
    },
    createModel: createOpenAiModel,
    rateLimit: createRateLimit({ limit: 5, windowMs: 1000, now: Date.now }),
    metrics,
    now: Date.now,
    coverageOf: (event, projectId) => coverageOf(coverage, event, projectId),
  });
}

/** Coverage of the event's own frames, where a report applies. */
async function coverageOf(
  coverage: Coverage,
  event: StoredEvent,
  projectId: number,
): Promise<ReadonlyMap<StoredFrame, LineCoverage>> {
  const frames = event.exception?.values.flatMap(({ stacktrace }) => stacktrace?.frames ?? []) ?? [];
  const found = new Map<StoredFrame, LineCoverage>();
  const pass = coverage.passOf({ projectId, release: event.release });
  for (const frame of frames) {
    if (!frame.in_app || frame.lineno == null) continue;
    const { file } = await pass.ofFile({
      filename: frame.filename,
      absPath: frame.abs_path,
      module: frame.module,
      platform: frame.platform ?? event.platform,
    });
    if (file) found.set(frame, file.lineCoverage);
  }
  return found;
}

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
