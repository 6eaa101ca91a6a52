/**
 * The shapes of the HTTP API, in camelCase: with `contract-source.ts` the only thing that `src` takes from `server`. Paths and shapes are those of
 * Sentry's public Web API wherever it has one, so objects are loose: a field that is not named here passes through, and
 * what the page does not need is optional (the page is to work on an existing Sentry as well).
 */
import * as z from 'zod/mini';

export const nullish = <T extends z.core.SomeType>(schema: T) => z.optional(z.nullable(schema));
export const text = nullish(z.string());
export const number = nullish(z.number());
const flag = nullish(z.boolean());
/** Zod 4.6 has a field of `z.unknown()` present, so absence must be allowed in words. */
const anything = z.optional(z.unknown());
/** ISO 8601 with milliseconds, UTC. */
export const dateTime = z.string();
const record = z.record(z.string(), z.unknown());

const levelSchema = z.enum(['fatal', 'error', 'warning', 'info', 'debug', 'sample']);
export type Level = z.infer<typeof levelSchema>;

/* ---- Projects and keys ---- */

export const projectSchema = z.looseObject({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  platform: text,
  dateCreated: nullish(dateTime),
  /** When the first event came; null until then. The setup page waits for it. */
  firstEvent: nullish(dateTime),
  isInternal: flag,
  /** Rules for in-app frames, Sentry's syntax, one a line: `stack.module:vendor.* -app`. In one project's answer alone. */
  groupingEnhancements: text,
});
export type Project = z.infer<typeof projectSchema>;
export const projectsSchema = z.array(projectSchema);

export const projectKeySchema = z.looseObject({
  id: z.string(),
  name: text,
  public: z.string(),
  projectId: z.number(),
  isActive: z.boolean(),
  dsn: z.looseObject({ public: z.string() }),
  dateCreated: nullish(dateTime),
});
export type ProjectKey = z.infer<typeof projectKeySchema>;
export const projectKeysSchema = z.array(projectKeySchema);

/** `GET /api/0/projects/{org}/{project}/releases/`: the newest first, up to a hundred. */
const releaseSchema = z.looseObject({
  version: z.string(),
  dateCreated: nullish(dateTime),
  /** The commit that the release was built from. */
  lastCommit: nullish(z.looseObject({ id: z.string() })),
});
export const releasesSchema = z.array(releaseSchema);

/** `GET /api/0/projects/{org}/{project}/ingest/`: ours. What was refused (a ring of 100 in memory) and what was counted since the start. */
export const ingestStatusSchema = z.looseObject({
  refused: z.array(
    z.looseObject({
      /** Newest first. */
      dateReceived: dateTime,
      method: z.string(),
      path: z.string(),
      status: z.number(),
      detail: z.string(),
      /** SDK name and version as the request named it. */
      client: text,
    }),
  ),
  counts: z.array(z.looseObject({ itemType: z.string(), outcome: z.string(), quantity: z.number() })),
});
export type IngestStatus = z.infer<typeof ingestStatusSchema>;

/* ---- Issues ---- */

const issueStatusSchema = z.enum(['unresolved', 'resolved', 'ignored']);
export type IssueStatus = z.infer<typeof issueStatusSchema>;

const prioritySchema = z.enum(['high', 'medium', 'low']);
export type Priority = z.infer<typeof prioritySchema>;

/** Somebody whom an issue is assigned to, or who did something to it. */
const actorSchema = z.looseObject({
  type: z.optional(z.string()),
  id: z.string(),
  name: z.string(),
  email: text,
  /** Ours: what `assigned:` takes; in the list of those that an issue can be assigned to. */
  username: text,
});
export type Actor = z.infer<typeof actorSchema>;

/** Sentry's names. Counts are of events and users since the issue was archived. */
const statusDetailsSchema = z.looseObject({
  inNextRelease: flag,
  /** Resolved in this release: an event of it, or of an earlier one, is no regression. */
  inRelease: text,
  ignoreUntil: nullish(dateTime),
  ignoreCount: number,
  ignoreUserCount: number,
  /** Ours: how many of each came already. */
  ignoreCountSoFar: number,
  ignoreUserCountSoFar: number,
  actor: nullish(actorSchema),
});
export type StatusDetails = z.infer<typeof statusDetailsSchema>;

export const issueSchema = z.looseObject({
  id: z.string(),
  shortId: z.string(),
  title: z.string(),
  culprit: z.string(),
  permalink: text,
  logger: text,
  level: levelSchema,
  status: issueStatusSchema,
  /** What a resolved or archived issue waits for, and who set it. */
  statusDetails: z.optional(statusDetailsSchema),
  /** `new`, `ongoing`, `regressed`, `archived_forever`, `archived_until_condition_met`. */
  substatus: text,
  priority: nullish(prioritySchema),
  assignedTo: nullish(actorSchema),
  isBookmarked: z.boolean(),
  isUnhandled: flag,
  project: z.looseObject({ id: z.string(), slug: z.string(), name: z.string(), platform: text }),
  platform: text,
  type: z.string(),
  metadata: z.looseObject({ type: text, value: text, filename: text, function: text, title: text }),
  /** Events, as a decimal string (Sentry's shape). */
  count: z.string(),
  userCount: z.number(),
  firstSeen: dateTime,
  lastSeen: dateTime,
  /** Period name to `[unix seconds, events]`, oldest first. The list asks for `24h` or `14d`; the issue holds `24h` and `30d`. */
  stats: z.optional(z.record(z.string(), z.array(z.tuple([z.number(), z.number()])))),
  firstRelease: nullish(z.looseObject({ version: z.string() })),
  lastRelease: nullish(z.looseObject({ version: z.string() })),
});
export type Issue = z.infer<typeof issueSchema>;
export const issuesSchema = z.array(issueSchema);

/** Body of `PUT /api/0/organizations/{org}/issues/{id}/`; what is absent stays. */
export const issueUpdateSchema = z.object({
  status: z.optional(issueStatusSchema),
  /** Of the status that comes with it. `inRelease` may be `latest`: the newest release that the project has. */
  statusDetails: z.optional(
    z.object({
      inNextRelease: z.optional(z.boolean()),
      inRelease: z.optional(z.string()),
      /** Minutes. */
      ignoreDuration: z.optional(z.number()),
      ignoreCount: z.optional(z.number()),
      ignoreUserCount: z.optional(z.number()),
    }),
  ),
  isBookmarked: z.optional(z.boolean()),
  priority: z.optional(prioritySchema),
  /** `user:<id>`; empty or null for nobody. */
  assignedTo: nullish(z.string()),
});
export type IssueUpdate = z.infer<typeof issueUpdateSchema>;

/** `GET /api/0/organizations/{org}/issues/{id}/activities/`, newest first; the last entry of all is `first_seen`. */
export const activitySchema = z.looseObject({
  id: z.string(),
  /** `set_resolved`, `set_unresolved`, `set_ignored`, `set_regression`, `set_priority`, `assigned`, `unassigned`, `note`, `first_seen`. */
  type: z.string(),
  /** Null: the server did it by itself. */
  user: nullish(actorSchema),
  dateCreated: dateTime,
  /** Of a note `text` (Markdown); else what changed: `statusDetails`, `priority`, `assignee`, `release`. */
  data: record,
});
export type Activity = z.infer<typeof activitySchema>;
export const activitiesSchema = z.looseObject({
  activity: z.array(activitySchema),
  /** Ours: what `?cursor=` takes for older ones, also in the `Link` header; null where these are the oldest. */
  next: text,
});

/** Who an issue can be assigned to: `GET /api/0/organizations/{org}/users/`. */
export const actorsSchema = z.array(actorSchema);

/**
 * `GET /api/0/organizations/{org}/issues/{id}/events-stats/?statsPeriod=|start=&end=&environment=&query=`. Buckets follow one
 * another without gaps, oldest first; `matching` is null without a `query` or `environment`.
 */
export const eventsStatsSchema = z.looseObject({
  /** Unix milliseconds. */
  start: z.number(),
  end: z.number(),
  intervalMs: z.number(),
  total: z.looseObject({
    events: z.array(z.number()),
    users: z.array(z.number()),
    eventCount: z.number(),
    userCount: z.number(),
  }),
  matching: z.nullable(
    z.looseObject({
      events: z.array(z.number()),
      users: z.array(z.number()),
      eventCount: z.number(),
      userCount: z.number(),
    }),
  ),
  /** Releases first seen in that time. */
  releases: z.array(z.looseObject({ version: z.string(), time: z.number() })),
});
export type EventsStats = z.infer<typeof eventsStatsSchema>;

export const tagValueSchema = z.looseObject({
  key: z.optional(z.string()),
  name: text,
  value: z.string(),
  count: z.number(),
  firstSeen: nullish(dateTime),
  lastSeen: nullish(dateTime),
});
const issueTagSchema = z.looseObject({
  key: z.string(),
  name: z.string(),
  totalValues: z.number(),
  uniqueValues: nullish(z.number()),
  topValues: z.array(tagValueSchema),
});
export type IssueTag = z.infer<typeof issueTagSchema>;
export const issueTagsSchema = z.array(issueTagSchema);

/* ---- Events ---- */

/** One row of an issue's events table. */
const eventRowSchema = z.looseObject({
  id: z.string(),
  eventID: z.string(),
  groupID: text,
  title: z.string(),
  message: text,
  platform: text,
  dateCreated: dateTime,
  location: text,
  culprit: text,
  tags: z.array(z.looseObject({ key: z.string(), value: z.string() })),
  user: nullish(record),
});
export type EventRow = z.infer<typeof eventRowSchema>;
export const eventRowsSchema = z.array(eventRowSchema);

export const frameSchema = z.looseObject({
  filename: text,
  absPath: text,
  module: text,
  package: text,
  platform: text,
  function: text,
  rawFunction: text,
  symbol: text,
  lineNo: number,
  colNo: number,
  /** `[line number, text]`, in order; the line that ran has `lineNo`. A null text is a line that the SDK could not read. */
  context: z.array(z.tuple([z.number(), z.nullable(z.string())])),
  vars: nullish(record),
  inApp: z.boolean(),
  instructionAddr: text,
  symbolAddr: text,
  imageAddr: text,
  addrMode: text,
  trust: text,
  symbolicatorStatus: text,
  sourceLink: text,
  lock: anything,
  /** Frame errors, as the SDK or we noted them. */
  errors: anything,
  data: anything,
});
export type Frame = z.infer<typeof frameSchema>;

export const stacktraceSchema = z.looseObject({
  /** Oldest first. */
  frames: z.array(frameSchema),
  framesOmitted: nullish(z.tuple([z.number(), z.number()])),
  hasSystemFrames: z.boolean(),
  /** Of the last frame. Values are `0x` hex strings, exact to 64 bits. */
  registers: nullish(z.record(z.string(), z.nullable(z.union([z.string(), z.number()])))),
});
export type Stacktrace = z.infer<typeof stacktraceSchema>;

const mechanismSchema = z.looseObject({
  type: text,
  description: text,
  help_link: text,
  handled: flag,
  synthetic: flag,
  exception_id: number,
  parent_id: number,
  is_exception_group: flag,
  source: text,
  data: nullish(record),
  meta: nullish(record),
});

export const exceptionSchema = z.looseObject({
  type: text,
  value: text,
  module: text,
  threadId: nullish(z.union([z.string(), z.number()])),
  mechanism: nullish(mechanismSchema),
  stacktrace: nullish(stacktraceSchema),
  rawStacktrace: nullish(stacktraceSchema),
});
export type Exception = z.infer<typeof exceptionSchema>;

export const threadSchema = z.looseObject({
  id: nullish(z.union([z.string(), z.number()])),
  name: text,
  crashed: flag,
  current: flag,
  main: flag,
  state: text,
  stacktrace: nullish(stacktraceSchema),
  rawStacktrace: nullish(stacktraceSchema),
});
export type Thread = z.infer<typeof threadSchema>;

export const breadcrumbSchema = z.looseObject({
  timestamp: nullish(dateTime),
  type: text,
  category: text,
  message: text,
  level: text,
  data: nullish(record),
});
export type Breadcrumb = z.infer<typeof breadcrumbSchema>;

const pairs = z.array(z.tuple([z.string(), z.nullable(z.string())]));
export const requestSchema = z.looseObject({
  method: text,
  url: text,
  query: nullish(z.union([pairs, z.string()])),
  fragment: text,
  data: anything,
  cookies: nullish(pairs),
  headers: nullish(pairs),
  env: nullish(record),
  inferredContentType: text,
});
export type Request = z.infer<typeof requestSchema>;

/**
 * Sentry's discriminated list. `exception`, `stacktrace`, `threads`, `message`, `breadcrumbs`, `request`, `debugmeta`, ...
 * An entry of another type is passed through and skipped by the page.
 */
const entrySchema = z.looseObject({ type: z.string(), data: anything });
export const exceptionEntryData = z.looseObject({
  values: z.array(exceptionSchema),
  excOmitted: anything,
  hasSystemFrames: flag,
});
export const threadsEntryData = z.looseObject({ values: z.array(threadSchema) });
/** Of no exception and no thread; before source maps, too. */
export const stacktraceEntryData = z.looseObject({
  ...stacktraceSchema.shape,
  rawStacktrace: nullish(stacktraceSchema),
});
export const breadcrumbsEntryData = z.looseObject({ values: z.array(breadcrumbSchema) });
export const messageEntryData = z.looseObject({ formatted: text, message: text, params: anything });
export const debugMetaEntryData = z.looseObject({ images: nullish(z.array(record)), sdk_info: anything });

/** A `_meta` tree in the page's shape: per entry index, then as the data is laid out, annotations under `""`. */
export const eventSchema = z.looseObject({
  id: z.string(),
  eventID: z.string(),
  projectID: z.string(),
  groupID: text,
  title: z.string(),
  message: text,
  culprit: text,
  location: text,
  platform: text,
  type: z.string(),
  level: text,
  dateCreated: nullish(dateTime),
  dateReceived: nullish(dateTime),
  /** Bytes of the stored JSON. */
  size: number,
  dist: text,
  release: anything,
  metadata: record,
  tags: z.array(z.looseObject({ key: z.string(), value: z.string() })),
  user: nullish(record),
  contexts: record,
  /** `extra` of the payload. */
  context: nullish(record),
  packages: nullish(record),
  sdk: nullish(z.looseObject({ name: text, version: text })),
  errors: z.array(z.looseObject({ type: z.string(), message: text, data: nullish(record) })),
  entries: z.array(entrySchema),
  fingerprints: z.optional(z.array(z.string())),
  groupingConfig: nullish(record),
  userReport: nullish(record),
  nextEventID: text,
  previousEventID: text,
  _meta: nullish(record),
});
export type Event = z.infer<typeof eventSchema>;

const attachmentSchema = z.looseObject({
  id: z.string(),
  event_id: z.string(),
  type: z.string(),
  name: z.string(),
  mimetype: text,
  size: z.number(),
  dateCreated: dateTime,
});
export type Attachment = z.infer<typeof attachmentSchema>;
export const attachmentsSchema = z.array(attachmentSchema);

/** Answer of `POST /api/0/projects/{org}/{project}/events/` (pasted JSON) and of `create-sample`. */
export const importedSchema = z.looseObject({
  /** Event ids that were spooled, in order. */
  eventIDs: z.array(z.string()),
});
export type Imported = z.infer<typeof importedSchema>;

/* ---- stacktrace-link and coverage ---- */

/** Codecov's codes, as Sentry's page has them (sentry-behaviour 7.7). */
export const Coverage = { notApplicable: -1, covered: 0, notCovered: 1, partial: 2 } as const;
export type CoverageCode = (typeof Coverage)[keyof typeof Coverage];

/** Why a frame has no coverage; each has its words on the page, and its next step in `detail`. */
export const coverageReasonSchema = z.enum([
  'no_report',
  /** The event names none, and its commit is not known either. */
  'no_release',
  'no_report_for_release',
  /** The reports of the release are of several commits, and which one the event is of is not known. */
  'several_commits',
  'commit_differs',
  'no_file_matches',
  'two_files_match',
  /** The report names the file, and no line of it. */
  'file_without_lines',
  /** The file has coverage, and the frame's own line none. The one reason that comes with a status of 200. */
  'line_not_in_report',
  /** The frame names no file or no line. */
  'no_position',
]);
export type CoverageReason = z.infer<typeof coverageReasonSchema>;

/** Why there are no lines from the checkout for a frame; each has its words on the page. */
const sourceReasonSchema = z.enum([
  /** The project has no code mapping. */
  'no_code_mapping',
  /** No mapping's stack root is the beginning of the frame's path. */
  'stack_root_mismatch',
  /** The event's release names no commit, no tag is named like it, and none was given. */
  'no_commit',
  /** The checkout has no such commit: it was not fetched. */
  'commit_unknown',
  /** Git does not track that file at the commit. */
  'file_not_found',
  /** Might be a secret: `.env*`, keys, or what the operator lists. */
  'file_refused',
  /** A link, a submodule, binary, or too large. */
  'not_a_source_file',
  /** The file has fewer lines than the frame says. */
  'line_not_found',
  'repository_unreadable',
]);
export type SourceReason = z.infer<typeof sourceReasonSchema>;

export const stacktraceLinkSchema = z.looseObject({
  /** The code mapping that fits. */
  config: anything,
  /** The file's page on GitHub or GitLab, without a line: at the event's commit, else at the default branch. */
  sourceUrl: text,
  integrations: z.optional(z.array(z.unknown())),
  /** Sentry's: `stack_root_mismatch`, `file_not_found`. */
  error: text,
  /** Ours: the file in the checkout. */
  source: nullish(
    z.looseObject({
      /** Within the repository, with forward slashes. */
      path: text,
      /** On the server's disk, for "Open in editor"; as checked out now, whatever commit that is. */
      absPath: text,
      /** The commit that `context` is of: full hex. */
      commit: text,
      /** How the commit was found. */
      commitFrom: nullish(z.enum(['release', 'release_name', 'tag', 'query'])),
      /** Lines around the frame's, as `frame.context` has them; null with a `reason`. */
      context: nullish(z.array(z.tuple([z.number(), z.string()]))),
      reason: nullish(sourceReasonSchema),
      /** A sentence for the page, with the next step. */
      detail: text,
    }),
  ),
  codecov: nullish(
    z.looseObject({
      /** 200 coverage exists, 400 none for this frame, 404 no report in the project. */
      status: z.number(),
      /** `[line number, CoverageCode]`. */
      lineCoverage: nullish(z.array(z.tuple([z.number(), z.number()]))),
      /** Ours: `[line number, how often it ran]`, of the same lines; null where the report does not count. */
      lineHits: nullish(z.array(z.tuple([z.number(), z.number()]))),
      /** Ours: why the status is not 200, or why the frame's own line has no coverage. */
      reason: nullish(coverageReasonSchema),
      /** Ours: sentences for the page, the last of which says what to do. */
      detail: text,
      /** Ours: nearest paths of the report for `no_file_matches` (three at most), all that match for `two_files_match`. */
      candidates: nullish(z.array(z.string())),
      /** Ours: path in the report that was used. */
      path: text,
      /** Ours: commit and release of the report that was used or compared. */
      commit: text,
      release: text,
      /** Ours: the event's commit, where that is not the report's; the file's content is the same at both. */
      sameContentAs: text,
      /** Ours: the event's commit, where it is known. */
      eventCommit: text,
    }),
  ),
});
export type StacktraceLink = z.infer<typeof stacktraceLinkSchema>;

export type {
  ArtifactBundle,
  ArtifactFiles,
  CodeMapping,
  CodeMappingUpdate,
  CoverageMatches,
  CoverageReports,
  EventCoverage,
  RepoPathParsing,
  SourceMapDebug,
  SourceMapReason,
  Symbolicated,
  SymbolicatedEvents,
} from './contract-source.ts';

/* ---- ai-fix-suggest ---- */

/** What was found out about the patch of an answer, and what was not. */
export const patchCheckSchema = z.looseObject({
  /** `no_patch`: the answer has none; `not_checked`: there is nothing to check it against, see `detail`. */
  status: z.enum(['no_patch', 'not_checked', 'applies', 'does_not_apply', 'malformed']),
  /** Sentences for the badge: what was checked, what was not, and what to do. */
  detail: text,
  /** Full hex of the commit that it was tried at. */
  commit: text,
  /** The patch written anew, as `git apply` takes it; null: it does not apply, or has lines with what redaction takes out. */
  patch: text,
  files: z.optional(
    z.array(
      z.looseObject({
        path: z.string(),
        /** Does the file parse with the patch? Null: that is not known. */
        parses: nullish(z.boolean()),
        /** The first fault; or, where it is not known whether there is one, why. */
        parseError: text,
        /** The first hunk that finds no place: its number from 1, and what stands there instead. */
        failedHunk: nullish(z.number()),
        expected: nullish(z.array(z.string())),
        found: nullish(z.array(z.string())),
        /** Lines, as numbered after the patch, that it changes or adds where no test reached the lines before. */
        uncoveredLines: nullish(z.array(z.number())),
      }),
    ),
  ),
});
export type PatchCheck = z.infer<typeof patchCheckSchema>;

export const suggestionSchema = z.looseObject({
  /** Of the call in the ledger: what feedback, `fixes show` and the patch are asked by. */
  id: text,
  patchCheck: nullish(patchCheckSchema),
  text: z.string(),
  /** The event that the answer was made from: answers are shared by the events of an issue. */
  eventID: z.string(),
  model: z.string(),
  /** Host (and port) of the endpoint. */
  endpoint: z.string(),
  dateCreated: dateTime,
  /** The fix as a diff, as the answer has it, with its placeholders; null: it has none. */
  patch: text,
  /** How sure the model says it is. */
  confidence: nullish(z.enum(['high', 'medium', 'low'])),
  /** Did it give no patch, and say what it lacks? */
  abstains: flag,
  /** What the call took: tokens, US dollars (null: no price is set), milliseconds to its end. */
  inputTokens: number,
  outputTokens: number,
  cost: number,
  duration: number,
  /** What who asks thought of it, if they said so. */
  feedback: nullish(z.looseObject({ rating: z.enum(['helpful', 'not_helpful']), comment: text })),
});
export type Suggestion = z.infer<typeof suggestionSchema>;
/** `GET .../events/{id}/ai-fix-suggest/`. */
export const storedSuggestionSchema = z.looseObject({ suggestion: z.nullable(suggestionSchema) });

/** `GET .../events/{id}/ai-fix-suggest/payload/`: what the button would send, byte for byte, and whether it may. */
export const suggestPayloadSchema = z.looseObject({
  payloadId: z.string(),
  /** Chat messages exactly as they will be sent. */
  messages: z.array(z.looseObject({ role: z.string(), content: z.string() })),
  model: z.string(),
  endpoint: z.string(),
  /** Is the endpoint on this machine or in a private network? */
  isLocal: z.boolean(),
  /** False: no model is set; the panel says how to set one and offers the payload to copy. */
  configured: z.boolean(),
  /** Why not, or what is missing; a sentence. */
  detail: text,
  policy: z.enum(['allowed', 'individual_consent', 'subprocessor']),
  consented: z.boolean(),
  tokens: z.number(),
  /** A tokenizer's count, or an estimate by length. */
  tokensFrom: nullish(z.enum(['tokenizer', 'estimate'])),
  /** Tokens of the model's window, and those of it that are kept for the answer. */
  window: number,
  answerTokens: number,
  /** Is the endpoint told to stop there? Else an answer may be longer, and cost more. */
  isAnswerLimited: nullish(z.boolean()),
  /** US dollars that the call is estimated to cost: what is sent, and an answer of so many tokens; null: no price is set. */
  cost: number,
  /** Name of the endpoint in the configuration, and all that this project may choose from. */
  endpointName: text,
  endpoints: nullish(
    z.array(
      z.looseObject({
        name: z.string(),
        /** Host and port. */
        host: z.string(),
        model: z.string(),
        isLocal: z.boolean(),
        /** Why it cannot be chosen: no key, or the project is limited to local ones. */
        detail: text,
      }),
    ),
  ),
  /** What the payload is made of. */
  evidence: nullish(
    z.array(
      z.looseObject({
        /** `exception`, `frames`, `variables`, `breadcrumbs`, `request`, `coverage`, `source`, `issue`, `context`. */
        type: z.string(),
        /** `event`: as the SDK sent it; `checkout`, `coverage_report`, `stackmend`: what the operator's own tooling says. */
        origin: z.enum(['event', 'checkout', 'coverage_report', 'stackmend']),
        /** May an outsider have written it? */
        trust: z.enum(['untrusted', 'trusted']),
        tokens: z.number(),
        /** How many: frames, breadcrumbs. */
        count: z.number(),
        /** Full hex of the commit, of what came from a checkout. */
        commit: text,
      }),
    ),
  ),
  /** Sentences such as "3 values under secret names replaced". */
  redacted: z.array(z.string()),
  /** Sentences such as "12 library frames left out". */
  leftOut: z.array(z.string()),
});
export type SuggestPayload = z.infer<typeof suggestPayloadSchema>;

const suggestErrorKindSchema = z.enum([
  'not_configured',
  'restricted',
  'consent_required',
  'stale_payload',
  'refused',
  'unauthorized',
  'rate_limited',
  'timeout',
  'unreachable',
  'cut_off',
  'provider_error',
]);
export type SuggestErrorKind = z.infer<typeof suggestErrorKindSchema>;

/**
 * Body of `POST .../ai-fix-suggest/`. Without `payloadId` the server makes the payload. A stored answer of the issue is
 * answered again unless `force`, which asks the model anew and replaces it: what "ask again" beside an answer sends.
 */
export const suggestRequestSchema = z.object({
  payloadId: z.optional(z.string()),
  /** Name of an endpoint, where no payload is named. */
  endpoint: z.optional(z.string()),
  force: z.optional(z.boolean()),
});

/**
 * Events of `POST .../ai-fix-suggest/` (server-sent events): `waiting` that the endpoint is asked again in so many
 * seconds, `delta` has a text piece,
 * `done` the stored suggestion, `error` what went wrong midway. An error before the first piece is an HTTP status with
 * the same fields in its JSON body.
 */
export const suggestDeltaSchema = z.object({ text: z.string() });
/** `detail` is a sentence: why. `seconds` is 0 where nobody knows. */
export const suggestWaitingSchema = z.looseObject({
  seconds: z.number(),
  reason: z.optional(z.enum(['queue', 'retry'])),
  detail: text,
});
export const suggestErrorSchema = z.looseObject({
  detail: z.string(),
  kind: z.optional(suggestErrorKindSchema),
  retryAfter: nullish(z.number()),
});

/** `PUT .../ai-fix-suggest/feedback/`: of the answer with that id; one a user. `DELETE .../feedback/?id=` takes it back. */
export const suggestFeedbackSchema = z.object({
  id: z.string(),
  rating: z.enum(['helpful', 'not_helpful']),
  comment: z.optional(z.string()),
});
export type SuggestFeedback = z.infer<typeof suggestFeedbackSchema>;

/**
 * `GET .../ai-fix-suggest/placeholders/?id=`: what redaction replaced in what was sent for the answer of that id, below the
 * event that it was made from; empty once that cannot be told for sure. For text and code on the page alone: never for a
 * link, a copy, an export.
 */
export const placeholdersSchema = z.looseObject({ placeholders: z.record(z.string(), z.string()) });

/** `GET /organizations/{org}/ai-calls/`, newest first, and `.../ai-calls/{id}/`, which alone has request and answer. */
export const aiCallSchema = z.looseObject({
  id: z.string(),
  dateCreated: dateTime,
  /** Null, both: an event that the operator had in a file. */
  project: z.nullable(z.looseObject({ id: z.string(), slug: z.string() })),
  /** Without its title, which is of an event's words, and these are not redacted. */
  issue: z.nullable(z.looseObject({ id: z.string(), shortId: text })),
  eventID: z.string(),
  /** Null: the local user, or the operator at the terminal. */
  user: nullish(z.looseObject({ id: text, name: z.string() })),
  endpointName: z.string(),
  endpoint: z.string(),
  model: z.string(),
  status: z.enum(['success', 'failure', 'aborted']),
  errorKind: text,
  inputTokens: number,
  outputTokens: number,
  tokensFrom: z.enum(['endpoint', 'tokenizer', 'estimate']),
  /** US dollars. */
  cost: number,
  /** Milliseconds. */
  duration: z.number(),
  firstPieceAfter: number,
  redacted: z.array(z.string()),
  leftOut: z.array(z.string()),
  feedback: nullish(z.array(z.looseObject({ rating: z.string(), comment: z.string(), user: z.string() }))),
  request: nullish(z.array(z.looseObject({ role: z.string(), content: z.string() }))),
  answer: text,
  /** The fix as a diff: as `git apply` takes it where it was checked, else as the answer has it. */
  patch: text,
  /** What was found out about it, in short; null: nothing, or another answer of the issue has taken its place. */
  patchCheck: nullish(patchCheckSchema),
});
export const aiCallsSchema = z.array(aiCallSchema);
export type AiCall = z.infer<typeof aiCallSchema>;

/** `GET|PUT /projects/{org}/{project}/ai-settings/`. */
export const aiSettingsSchema = z.looseObject({
  localOnly: z.boolean(),
  /** Name of an endpoint; null: the first that is set. */
  endpoint: text,
  /** A rule a line; see the settings page for how they are written. */
  redactionRules: z.string(),
  endpoints: z.array(z.looseObject({ name: z.string(), host: z.string(), model: z.string(), isLocal: z.boolean() })),
});
export type AiSettings = z.infer<typeof aiSettingsSchema>;

/** `GET|PUT /api/0/users/me/ai-consent/`. */
export const aiConsentSchema = z.object({ consented: z.boolean() });

export const errorBodySchema = z.looseObject({ detail: z.optional(z.string()) });

/** `GET /api/0/projects/{org}/{project}/events/{id}/grouping-info/`: what the hashes are made of, in order. */
export const groupingInfoSchema = z.looseObject({
  config: z.string(),
  variants: z.array(
    z.looseObject({
      hash: z.string(),
      /** Why these parts: "by the fingerprint that the SDK sent". */
      description: z.string(),
      isPrimary: z.boolean(),
      parts: z.array(z.looseObject({ name: z.string(), value: z.string(), contributes: z.boolean(), hint: text })),
    }),
  ),
});
export type GroupingInfo = z.infer<typeof groupingInfoSchema>;

/* ---- Who may do what ---- */

/** Sentry's scope names, and ours for AI and attachments. `write` includes `read`, `admin` both. */
export const PERMISSIONS = [
  'event:read',
  'event:write',
  'event:admin',
  'attachment:read',
  'project:read',
  'project:write',
  'project:admin',
  'project:releases',
  'org:read',
  'member:admin',
  'ai:suggest',
  'ai:admin',
] as const;
const permissionSchema = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof permissionSchema>;

export const userSchema = z.looseObject({
  id: z.string(),
  username: z.string(),
  name: text,
  email: text,
  isActive: z.boolean(),
  dateJoined: nullish(dateTime),
  lastLogin: nullish(dateTime),
  /** As given; what they include is not listed. */
  permissions: z.optional(z.array(z.string())),
});
export type User = z.infer<typeof userSchema>;
export const usersSchema = z.array(userSchema);

/**
 * `GET /api/0/`, open to all: who asks. `auth` is null for nobody. `state`: `local` is a server on loopback without users,
 * whose one user is signed in by itself; `setup` waits for its first user; `users` has some.
 */
export const apiIndexSchema = z.looseObject({
  version: z.string(),
  auth: z.nullable(z.looseObject({ scopes: z.array(z.string()) })),
  user: z.nullable(userSchema),
  state: z.optional(z.enum(['local', 'setup', 'users'])),
});
export type ApiIndex = z.infer<typeof apiIndexSchema>;

/** What `PUT`s and `POST`s of a password must have; the same is said on the page. */
export const MIN_PASSWORD_LENGTH = 10;
/** The password that the server made is in the answer to the `POST` alone. */
export const createdUserSchema = z.looseObject({ ...userSchema.shape, password: text });

/** `token` is in the answer to the `POST` alone. */
export const apiTokenSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  tokenLastCharacters: text,
  dateCreated: dateTime,
  dateLastUsed: nullish(dateTime),
  token: text,
});
export type ApiToken = z.infer<typeof apiTokenSchema>;
export const apiTokensSchema = z.array(apiTokenSchema);

/** `GET .../eventids/{eventId}/`: the issue that an event belongs to. */
export const eventIdSchema = z.looseObject({ groupId: z.string(), eventId: z.string() });

/**
 * `GET /api/0/internal/sdk/`: how the page's own SDK reports to the internal project. `dsn` has the host under which the
 * page was asked for; null when reporting is off.
 */
export const browserSdkSchema = z.looseObject({
  dsn: z.nullable(z.string()),
  release: text,
  environment: text,
});
export type BrowserSdk = z.infer<typeof browserSdkSchema>;
