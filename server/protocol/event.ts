/**
 * The stored event: what nodestore keeps. Scrubbed and normalized, in the SDK's own snake_case
 * (https://develop.sentry.dev/sdk/data-model/event-payloads/). `normalizeEvent` makes it; every list is in its one
 * canonical form here, so a reader never asks "list or map?". Unknown fields are kept beside the known ones.
 */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One annotation, under the key `""` of a `_meta` node (sentry-behaviour 11.8). */
export type Annotation = {
  /** [rule id, type, start?, end?]; type: a x s m p e; start inclusive, end exclusive, in UTF-16 units of the new value. */
  rem?: [string, string, number?, number?][];
  /** Kind, or kind and data: `invalid_data`, `missing_attribute`, `invalid_attribute`, `value_too_long`, ... */
  err?: (string | [string, JsonObject])[];
  /** Original length. */
  len?: number;
  /** Original value. */
  val?: Json;
};
/** Mirrors the payload's structure; list items sit under their index as a string. */
export type Meta = { ''?: Annotation } & { [key: string]: Meta | Annotation | undefined };

export type Level = 'fatal' | 'error' | 'warning' | 'info' | 'debug';

export type StoredFrame = {
  filename?: string | null;
  abs_path?: string | null;
  module?: string | null;
  package?: string | null;
  platform?: string | null;
  function?: string | null;
  raw_function?: string | null;
  lineno?: number | null;
  colno?: number | null;
  context_line?: string | null;
  pre_context?: (string | null)[] | null;
  post_context?: (string | null)[] | null;
  source_link?: string | null;
  in_app?: boolean | null;
  stack_start?: boolean | null;
  vars?: JsonObject | null;
  /** Addresses are strings, `0x` and lower-case hex, so that 64 bits survive. */
  instruction_addr?: string | null;
  addr_mode?: string | null;
  symbol_addr?: string | null;
  image_addr?: string | null;
  symbol?: string | null;
  trust?: string | null;
  lock?: Json;
  errors?: Json;
  data?: JsonObject | null;
};

export type StoredStacktrace = {
  /** Oldest first: the last frame is the one that raised. */
  frames?: StoredFrame[] | null;
  /** Registers of the LAST frame: name to `0x` hex string. */
  registers?: { [name: string]: string | null } | null;
  frames_omitted?: [number, number] | null;
  lang?: string | null;
};

type StoredMechanism = {
  type: string;
  description?: string | null;
  help_link?: string | null;
  handled?: boolean | null;
  synthetic?: boolean | null;
  exception_id?: number | null;
  parent_id?: number | null;
  is_exception_group?: boolean | null;
  source?: string | null;
  data?: JsonObject | null;
  meta?: JsonObject | null;
};

export type StoredException = {
  type?: string | null;
  value?: string | null;
  module?: string | null;
  thread_id?: string | number | null;
  mechanism?: StoredMechanism | null;
  stacktrace?: StoredStacktrace | null;
  raw_stacktrace?: StoredStacktrace | null;
  raw_type?: string | null;
  raw_value?: string | null;
  raw_module?: string | null;
};

export type StoredThread = {
  id?: string | number | null;
  name?: string | null;
  crashed?: boolean | null;
  current?: boolean | null;
  main?: boolean | null;
  state?: string | null;
  held_locks?: JsonObject | null;
  stacktrace?: StoredStacktrace | null;
  raw_stacktrace?: StoredStacktrace | null;
};

export type StoredBreadcrumb = {
  /** Seconds since the epoch, fractions kept; null when the SDK sent none that could be read. */
  timestamp?: number | null;
  type?: string | null;
  category?: string | null;
  message?: string | null;
  level?: string | null;
  data?: JsonObject | null;
  event_id?: string | null;
};

/** Pairs keep order and duplicates. */
export type Pairs = [string, string | null][];

export type StoredRequest = {
  method?: string | null;
  url?: string | null;
  query_string?: Pairs | null;
  fragment?: string | null;
  data?: Json;
  cookies?: Pairs | null;
  headers?: Pairs | null;
  env?: JsonObject | null;
  inferred_content_type?: string | null;
};

export type StoredUser = {
  id?: string | null;
  email?: string | null;
  username?: string | null;
  ip_address?: string | null;
  name?: string | null;
  geo?: JsonObject | null;
  data?: JsonObject | null;
};

export type ProcessingError = { type: string; name?: string; value?: Json; reason?: string };

export type StoredEvent = {
  /** 32 lower-case hex digits. */
  event_id: string;
  /** Project id as on the wire: digits. */
  project: string;
  type: 'error' | 'default';
  platform: string;
  level: Level;
  /** Seconds since the epoch, fractions kept: when it happened, by the SDK's clock (corrected when in the future). */
  timestamp: number;
  /** Seconds since the epoch: when we accepted it. */
  received: number;
  logger?: string | null;
  transaction?: string | null;
  server_name?: string | null;
  release?: string | null;
  dist?: string | null;
  environment?: string | null;
  /** Protocol version of the client, `7` as a rule. */
  version?: string | null;
  /** Sorted as the SDK sent them; derived tags (level, release, environment, browser, ...) are here too. */
  tags: [string, string][];
  modules?: { [name: string]: string | null } | null;
  extra?: JsonObject | null;
  fingerprint?: string[] | null;
  errors?: ProcessingError[] | null;
  logentry?: { message?: string | null; formatted?: string | null; params?: Json } | null;
  exception?: { values: StoredException[]; exc_omitted?: [number, number] | null } | null;
  /** A stack trace of no exception (older SDKs' `stacktrace` at the top). */
  stacktrace?: StoredStacktrace | null;
  /** As it came, where its frames were mapped. */
  raw_stacktrace?: StoredStacktrace | null;
  threads?: { values: StoredThread[] } | null;
  breadcrumbs?: { values: StoredBreadcrumb[] } | null;
  request?: StoredRequest | null;
  user?: StoredUser | null;
  contexts?: { [name: string]: JsonObject | null } | null;
  sdk?: {
    name?: string | null;
    version?: string | null;
    integrations?: string[] | null;
    packages?: { name?: string | null; version?: string | null }[] | null;
    settings?: JsonObject | null;
  } | null;
  debug_meta?: { sdk_info?: JsonObject | null; images?: JsonObject[] | null } | null;
  template?: JsonObject | null;
  _meta?: Meta | null;

  /* Derived by digest. */
  title: string;
  culprit: string;
  /** File of the frame that the issue is about; null when there is none. */
  location: string | null;
  metadata: { type?: string; value?: string; filename?: string; function?: string; title?: string };
  /** Hex MD5 of the group key; the first is the primary one. */
  hashes: string[];
  grouping_config: { id: string };
};
