/** A real server, uploads as they are in its database, and events as SDKs send them. */
import { join } from 'node:path';
import type { FrameToMap } from '../../../server/artifacts/symbolicate/answer.ts';
import { type Event, eventSchema, exceptionEntryData } from '../../../server/protocol/contract.ts';
import { createArtifactStore, type NewArtifactFile } from '../../../server/storage/artifacts.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { type RunningServer, runCommand, waitFor } from '../../server.ts';

export const PROJECT = 2;
export const DEBUG_ID = 'd0f3f72c-bf28-5e17-849e-e8e22d6f1fe6';
/** A slow machine, with others at work on it. */
export const PATIENCE_MS = 90_000;

type Upload = {
  release?: string | null;
  dist?: string | null;
  files: (Partial<NewArtifactFile> & { text: string | Buffer })[];
};

/** Stores an upload, as assembling one does. */
export async function upload(
  { directory }: RunningServer,
  { release = null, dist = null, files }: Upload,
): Promise<void> {
  const db = openDatabase(join(directory, 'stackmend.db'), { mustExist: true });
  const store = createArtifactStore(db);
  await store.addBundle({
    projectId: PROJECT,
    bundleId: crypto.randomUUID(),
    checksum: crypto.randomUUID(),
    release,
    dist,
    files: files.map(({ text, url = '~/assets/index.js', ...file }) => ({
      url,
      type: url.endsWith('.map') ? 'source_map' : 'minified_source',
      debugId: null,
      sourceMapUrl: null,
      ...file,
      bytes: Buffer.from(text),
    })),
  });
  await db.destroy();
}

type Sent = { frames: readonly FrameToMap[]; debugId?: string; type?: string; [field: string]: unknown };

export const newEventId = () => crypto.randomUUID().replaceAll('-', '');

/** What a browser's SDK sends of an error. */
export function browserEvent({ frames, debugId, type = 'RangeError', ...fields }: Sent) {
  return {
    platform: 'javascript',
    ...fields,
    ...(debugId && {
      debug_meta: { images: [{ type: 'sourcemap', code_file: frames[0]?.url, debug_id: debugId }] },
    }),
    exception: {
      values: [
        {
          type,
          value: 'amount of order 12 must be positive',
          mechanism: { type: 'generic', handled: false },
          stacktrace: {
            frames: frames.map(({ url, line, column, function: name }) => ({
              filename: url,
              function: name,
              lineno: line,
              colno: column,
              in_app: true,
            })),
          },
        },
      ],
    },
  };
}

/** Sends events in one envelope each. @returns their ids */
export async function send({ dsn }: Pick<RunningServer, 'dsn'>, ...events: object[]): Promise<string[]> {
  const { origin, pathname, username } = new URL(dsn);
  const ids: string[] = [];
  for (const event of events) {
    const id = newEventId();
    const body = `${JSON.stringify({ event_id: id })}\n{"type":"event"}\n${JSON.stringify(event)}\n`;
    const answer = await fetch(`${origin}/api${pathname}/envelope/?sentry_key=${username}`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    ids.push(id);
  }
  return ids;
}

const API = '/api/0/projects/stackmend/default/';

export async function ask<T = unknown>(
  { url }: RunningServer,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const answer = await fetch(`${url}${API}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** The event when it is digested. */
export const stored = (server: RunningServer, id: string): Promise<Event> =>
  waitFor(async () => {
    const answer = await fetch(`${server.url}${API}events/${id}/`);
    return answer.ok ? eventSchema.parse(await answer.json()) : null;
  }, PATIENCE_MS);

export function exceptionOf(event: Event) {
  const entry = event.entries.find(({ type }) => type === 'exception');
  const exception = exceptionEntryData.parse(entry?.data).values[0];
  if (!exception) throw new Error('The event has no exception.');
  return exception;
}

/** Function and place of each frame, oldest first. */
export const placesOf = (event: Event) =>
  (exceptionOf(event).stacktrace?.frames ?? []).map((frame) => `${frame.function} ${frame.filename}:${frame.lineNo}`);

/** A command against the server's own data, or against the server by its address. */
export const stackmend = ({ directory }: RunningServer, ...args: string[]) =>
  runCommand([join(import.meta.dirname, '..', '..', '..', 'server', 'cli.ts'), ...args], { STACKMEND_CONF: directory });
