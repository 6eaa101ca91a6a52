import type { Router } from 'express';
import type { Search } from '../backends/search.ts';
import type { Tagstore } from '../backends/tagstore.ts';
import type { Tsdb } from '../backends/tsdb.ts';
import type { IngestStatus } from '../protocol/contract.ts';
import type { StoredEvent } from '../protocol/event.ts';
import type { NewEnvelope } from '../storage/spool.ts';
import type { Database } from '../storage/tables.ts';

/** All that the API needs, handed in: it opens nothing and reads no setting by itself. */
export type ApiServices = {
  /** Reads and (rarely, briefly) writes. */
  db: Database;
  nodestore: { get(id: string): Promise<StoredEvent | null>; delete(ids: string[]): Promise<unknown> };
  eventstream: { deleteIssue(issueId: number): Promise<unknown> };
  search: Search;
  tagstore: Tagstore;
  tsdb: Tsdb;
  /** Puts an envelope in the spool; resolves when it is on disk. */
  append: (envelope: NewEnvelope) => Promise<void>;
  /** Requests that ingest refused, newest first: those to this project, and those to none that exists. */
  refused: (projectId: number) => IngestStatus['refused'];
  /** What ingest counted since the start. */
  counts: (projectId: number) => IngestStatus['counts'];
  /** Sample events as JSON, by name. */
  samples: () => Promise<{ name: string; text: string }[]>;
  /** Where clients reach this server, without a slash at the end: in DSNs and permalinks. */
  url: string;
  /** Bytes of pasted JSON. */
  maxImportBytes: number;
  /** Routers of other rooms that read their bodies themselves (coverage); they come before the JSON parser. */
  uploads: Router[];
  /** Routers of other rooms whose bodies are JSON. */
  extra: Router[];
  /** Unix milliseconds. */
  now: () => number;
};
