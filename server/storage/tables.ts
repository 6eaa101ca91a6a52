/**
 * The SQL schema as Kysely types. Columns are camelCase; times are Unix milliseconds; ids are integers here and strings
 * in the API; booleans are 0 and 1; JSON columns are text. `migrations.ts` makes exactly this.
 */
import type { Generated, Kysely } from 'kysely';

export type Tables = {
  project: ProjectTable;
  projectKey: ProjectKeyTable;
  issue: IssueTable;
  issueHash: IssueHashTable;
  issueUser: IssueUserTable;
  issueTag: IssueTagTable;
  issueStat: IssueStatTable;
  event: EventTable;
  eventTag: EventTagTable;
  node: NodeTable;
  attachment: AttachmentTable;
  userReport: UserReportTable;
  release: ReleaseTable;
  deploy: DeployTable;
  coverageReport: CoverageReportTable;
  coverageFile: CoverageFileTable;
  artifactChunk: ArtifactChunkTable;
  artifactBlob: ArtifactBlobTable;
  artifactBundle: ArtifactBundleTable;
  artifactFile: ArtifactFileTable;
  codeMapping: CodeMappingTable;
  aiPayload: AiPayloadTable;
  aiSuggestion: AiSuggestionTable;
  aiConsent: AiConsentTable;
  aiCall: AiCallTable;
  aiFeedback: AiFeedbackTable;
  deadLetter: DeadLetterTable;
  digestState: DigestStateTable;
  user: UserTable;
  userPermission: UserPermissionTable;
  session: SessionTable;
  apiToken: ApiTokenTable;
  activity: ActivityTable;
};
export type Database = Kysely<Tables>;

type ProjectTable = {
  id: Generated<number>;
  slug: string;
  name: string;
  platform: string | null;
  dateCreated: number;
  firstEvent: number | null;
  /** Last number handed out for a short id. */
  issueCounter: Generated<number>;
  /** Rules for in-app frames, one a line. */
  groupingEnhancements: Generated<string>;
  /** May only endpoints on this machine or in a private network be asked for a fix? */
  aiLocalOnly: Generated<number>;
  /** Name of the endpoint that is asked unless another is chosen; null: the first that is set. */
  aiEndpoint: string | null;
  /** What else is redacted before anything leaves, a rule a line. */
  redactionRules: Generated<string>;
};

type ProjectKeyTable = {
  publicKey: string;
  projectId: number;
  label: string;
  isActive: Generated<number>;
  dateCreated: number;
};

type IssueTable = {
  id: Generated<number>;
  projectId: number;
  /** Counts within the project, from 1; the short id is the slug and this number in base 32. */
  number: number;
  title: string;
  culprit: string;
  location: string | null;
  type: string;
  level: string;
  platform: string;
  logger: string | null;
  /** JSON of `StoredEvent.metadata`. */
  metadata: string;
  status: 'unresolved' | 'resolved' | 'ignored';
  substatus: string | null;
  isBookmarked: Generated<number>;
  isUnhandled: Generated<number>;
  primaryHash: string;
  groupingConfig: string;
  firstSeen: number;
  lastSeen: number;
  /** Events ever received. */
  timesSeen: number;
  userCount: Generated<number>;
  firstRelease: string | null;
  lastRelease: string | null;
  priority: Generated<'high' | 'medium' | 'low'>;
  /** JSON of the contract's `StatusDetails`, with what else is needed to tell when its condition is met. */
  statusDetails: Generated<string>;
  assigneeId: Generated<number | null>;
};

type IssueHashTable = { projectId: number; hash: string; issueId: number };
/** Who was seen on an issue, for its user count. `user` is the value of the `user` tag. */
type IssueUserTable = { issueId: number; user: string };
/** Counts of every tag value of an issue; what tagstore and the issue search read. */
type IssueTagTable = {
  issueId: number;
  key: string;
  value: string;
  timesSeen: number;
  firstSeen: number;
  lastSeen: number;
};
/** Events of an issue by hour; `hour` is Unix milliseconds at its start. What tsdb reads. */
type IssueStatTable = { issueId: number; hour: number; timesSeen: number };

type EventTable = {
  id: Generated<number>;
  projectId: number;
  /** 32 hex digits. */
  eventId: string;
  issueId: number;
  timestamp: number;
  receivedAt: number;
  title: string;
  message: string | null;
  culprit: string;
  location: string | null;
  level: string;
  platform: string;
  release: string | null;
  environment: string | null;
  /** JSON of `StoredEvent.user`. */
  user: string | null;
  /** JSON of `StoredEvent.tags`: what a row of the events table shows. `eventTag` is for searching. */
  tags: string;
  /** How much there is to read; the recommended event is the richest of the newest. */
  richness: number;
};
type EventTagTable = { issueId: number; key: string; value: string; eventRowId: number };
/** nodestore: `id` is `<projectId>:<eventId>`, `data` the payload's JSON, compressed with zstd. */
type NodeTable = { id: string; data: Buffer };

type AttachmentTable = {
  id: Generated<number>;
  projectId: number;
  eventId: string;
  name: string;
  contentType: string;
  attachmentType: string;
  size: number;
  dateCreated: number;
  data: Buffer;
};
type UserReportTable = {
  id: Generated<number>;
  projectId: number;
  eventId: string;
  name: string | null;
  email: string | null;
  comments: string;
  dateCreated: number;
};
type ReleaseTable = {
  projectId: number;
  version: string;
  commitSha: string | null;
  dateCreated: number;
  /** When it was finalized. */
  dateReleased: Generated<number | null>;
  /** As whoever made it says; maybe a page about it. */
  url: Generated<string | null>;
};
/** That a release went to an environment; of all its projects. Times as the tool says. */
type DeployTable = {
  id: Generated<number>;
  version: string;
  environment: string;
  name: string | null;
  url: string | null;
  dateStarted: number | null;
  dateFinished: number;
};

type CoverageReportTable = {
  id: Generated<number>;
  projectId: number;
  release: string | null;
  /** Lower-case hex, full or shortened as given. */
  commitSha: string | null;
  format: string;
  /** File name as uploaded. */
  name: string;
  /** When it was uploaded, the last time if several; what `coverage.max-age` counts from. */
  dateCreated: number;
  fileCount: Generated<number>;
  lineCount: Generated<number>;
  /** Characters of its paths and lines. */
  size: Generated<number>;
  /** 0: its tool says whether a line ran, not how often. */
  countsHits: Generated<number>;
  /** SHA-256 (hex) of the upload: the same one twice would double the hits. Null before version 004. */
  checksum: Generated<string | null>;
};
/** `lines` is JSON: `[[line number, CoverageCode, hits], ...]` in order. `path` has forward slashes. */
type CoverageFileTable = { reportId: number; path: string; lines: string };

/** A piece of an upload until it is assembled. `checksum` is the SHA-1 (hex) of `data`, as Sentry's clients count. */
type ArtifactChunkTable = { checksum: string; size: number; data: Buffer; dateCreated: number };
/** Content of an uploaded file, once however often it came; `checksum` and `size` are of it unpacked, `data` is zstd. */
type ArtifactBlobTable = { checksum: string; size: number; data: Buffer };
/** One upload for one project: an artifact bundle, or a release file by itself. */
type ArtifactBundleTable = {
  id: Generated<number>;
  projectId: number;
  /** The bundle's own UUID, lower-case with dashes; made here where the upload has none. */
  bundleId: string;
  /** SHA-1 (hex) of the upload. */
  checksum: string;
  release: string | null;
  dist: string | null;
  fileCount: number;
  /** Bytes of its files, unpacked. */
  size: number;
  dateCreated: number;
  /** Uploaded again, or an event's frames were mapped with it; what `artifacts.max-age` counts from. */
  dateLastUsed: number;
  /** 0 while its files are being stored, and while they are being deleted: nobody sees it then. */
  isComplete: Generated<number>;
};
type ArtifactFileTable = {
  /** `artifactBundle.id`. */
  bundle: number;
  /** As uploaded: `~/assets/index.js`, or a whole address. */
  url: string;
  /** Of the bundle's manifest: `minified_source`, `source_map`, `source`, ... */
  type: string;
  /** Lower-case with dashes. */
  debugId: string | null;
  /** What the file says of its map: `sourcemap` of the manifest's headers, else `SourceMap` as sent. */
  sourceMapUrl: string | null;
  /** Of `artifactBlob`. */
  checksum: string;
};
/** Frames whose path begins with `stackRoot` are files below `sourceRoot` of the checkout at `repositoryPath`. */
type CodeMappingTable = {
  id: Generated<number>;
  projectId: number;
  stackRoot: string;
  sourceRoot: string;
  /** Absolute path on this machine, below one of `source.roots`. */
  repositoryPath: string;
  /** Address of its pages, as https://github.com/acme/shop; null: what its remote `origin` says. */
  repositoryUrl: string | null;
  /** Null: told from the address. */
  provider: 'github' | 'gitlab' | null;
  /** What links lead to when the event's commit is not known; null: none. */
  defaultBranch: string | null;
  dateCreated: number;
};

/** What an answer depends on beside its event: none is answered under another. */
type AiScopeColumns = {
  /** Its name in the configuration, and its address. */
  endpointName: string;
  endpoint: string;
  model: string;
  promptVersion: string;
  policy: string;
  /** Hash of the project's redaction rules; empty without any. */
  rules: string;
};
type AiPayloadTable = AiScopeColumns & {
  id: string;
  projectId: number;
  eventId: string;
  issueId: number;
  /** JSON of the exact messages. */
  messages: string;
  /** JSON of two lists of sentences for the panel. */
  redacted: string;
  leftOut: string;
  dateCreated: number;
};
type AiSuggestionTable = AiScopeColumns & {
  projectId: number;
  primaryHash: string;
  eventId: string;
  text: string;
  /** The call that brought it: `aiCall.id`; null once the ledger has it no more. */
  callId: number | null;
  dateCreated: number;
};
/** Ledger: one call to a model, as it went over the wire: with placeholders where something was redacted. */
type AiCallTable = {
  id: Generated<number>;
  /** Null, both: an event that the operator had in a file. */
  projectId: number | null;
  issueId: number | null;
  eventId: string;
  /** Null: the local user, the operator at the terminal, or who is gone. */
  userId: number | null;
  userName: string | null;
  /** Its name in the configuration, and the address that was called. */
  endpointName: string;
  endpoint: string;
  model: string;
  promptVersion: string;
  /** JSON of the exact messages. */
  request: string;
  /** What came, whole or until it broke off. */
  answer: string;
  status: 'success' | 'failure' | 'aborted';
  /** The contract's `SuggestErrorKind`. */
  errorKind: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  /** Who counted: the endpoint, a tokenizer, or an estimate by length. */
  tokensFrom: 'endpoint' | 'tokenizer' | 'estimate';
  /** Millionths of a US dollar, by the price that was set; null: none is. */
  cost: number | null;
  /** Milliseconds, to the end and to the first piece. */
  duration: number;
  firstPieceAfter: number | null;
  /** What was redacted and left out, as the panel said: JSON of two lists of sentences. */
  redacted: string;
  leftOut: string;
  /** JSON of the contract's `PatchCheck`; null: nothing was found out. */
  patchCheck: string | null;
  dateCreated: number;
};
/** What somebody thought of an answer; one a user and call. */
type AiFeedbackTable = {
  callId: number;
  /** Its id, or `local`. */
  user: string;
  rating: 'helpful' | 'not_helpful';
  comment: string;
  dateCreated: number;
};
/** One row per user: its id, or `local` for the one of a server without users. */
type AiConsentTable = { user: string; dateConsented: number };

/** An envelope that could not be digested, whole, with its reason. */
type DeadLetterTable = {
  id: Generated<number>;
  projectId: number;
  eventId: string | null;
  receivedAt: number;
  dateFailed: number;
  reason: string;
  body: Buffer;
};
/** One row: `id` 1. Spool rows at or below `spoolMark` are digested. */
type DigestStateTable = { id: number; spoolMark: number };

type UserTable = {
  id: Generated<number>;
  /** Unique without regard to case, as is `email` where there is one. */
  username: string;
  email: string | null;
  name: string | null;
  /** argon2id, in PHC form. */
  passwordHash: string;
  isActive: Generated<number>;
  dateCreated: number;
  lastLogin: number | null;
};
type UserPermissionTable = { userId: number; permission: string };
/** `id` is the SHA-256 (hex) of what the cookie holds: who reads the table cannot sign in with it. */
type SessionTable = { id: string; userId: number; dateCreated: number; lastSeen: number };
/** `hash` is the SHA-256 (hex) of the token; `scopes` is a JSON list. */
type ApiTokenTable = {
  id: Generated<number>;
  userId: number;
  name: string;
  hash: string;
  lastCharacters: string;
  scopes: string;
  dateCreated: number;
  lastUsed: number | null;
};

/**
 * What was done to an issue, by whom and when; types are the contract's. `userName` is who it was then: `userId` is null for
 * the local user, the operator, the server itself, and for who is gone.
 */
type ActivityTable = {
  id: Generated<number>;
  issueId: number;
  userId: number | null;
  userName: string | null;
  type: string;
  /** JSON. */
  data: Generated<string>;
  dateCreated: number;
};
