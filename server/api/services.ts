import type { Response, Router } from 'express';
import type { Auth } from '../auth/auth.ts';
import type { SetupLink } from '../auth/setup-link.ts';
import type { Search } from '../backends/search.ts';
import type { Tagstore } from '../backends/tagstore.ts';
import type { Tsdb } from '../backends/tsdb.ts';
import type { IngestStatus } from '../protocol/contract.ts';
import type { StoredEvent } from '../protocol/event.ts';
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
  /** Spools what a person hands over (see `createImport`). */
  importEvents: (projectSlug: string, bytes: Uint8Array) => Promise<{ eventIDs: string[] }>;
  /** Spools the sample of this name, or all. @throws {NotFoundError} there is none of this name */
  loadSamples: (project: { id: number; slug: string }, name?: string) => Promise<{ eventIDs: string[] }>;
  /** Requests that ingest refused, newest first: those to this project, and those to none that exists. */
  refused: (projectId: number) => IngestStatus['refused'];
  /** What ingest counted since the start. */
  counts: (projectId: number) => IngestStatus['counts'];
  /** Where clients reach this server, without a slash at the end: in DSNs and permalinks. */
  url: string;
  /** Bytes of pasted JSON. */
  maxImportBytes: number;
  auth: Auth;
  /** Holds a session's secret in the browser. */
  sessionCookie: { set(res: Response, value: string): void; clear(res: Response): void };
  /** What lets the first user be made from elsewhere. Null on loopback, where the local user makes it. */
  setupLink: Pick<SetupLink, 'isValid' | 'use'> | null;
  /** What the page's own error reports say of this server; null: nobody reports. */
  browserSdk: { release: string; environment: string } | null;
  /** Routers with services of their own. */
  extra: Router[];
  /** Unix milliseconds. */
  now: () => number;
};
