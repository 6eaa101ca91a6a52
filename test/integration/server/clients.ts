import type { RunningServer } from '../../server.ts';
import { waitFor } from '../../server.ts';

/** Path under which a DSN's server takes envelopes, with the key in the query as `@sentry/node` has it. */
export function envelopeUrl(dsn: string): string {
  const { protocol, host, username, pathname } = new URL(dsn);
  return `${protocol}//${host}/api${pathname}/envelope/?sentry_version=7&sentry_key=${username}`;
}

export function envelopeOf(event: { event_id: string } & Record<string, unknown>): string {
  return `${JSON.stringify({ event_id: event.event_id })}\n{"type":"event"}\n${JSON.stringify(event)}\n`;
}

/** An event id that says which client sent it, and as its how-manieth. */
export const eventId = (client: number, count: number) =>
  client.toString(16).padStart(8, '0') + count.toString(16).padStart(24, '0');

export function send(dsn: string, event: { event_id: string } & Record<string, unknown>): Promise<Response> {
  return fetch(envelopeUrl(dsn), { method: 'POST', body: envelopeOf(event) });
}

/** GETs JSON under `/api/0`; null while that is not there. */
export async function getJson<T>(server: Pick<RunningServer, 'url'>, path: string): Promise<T | null> {
  const response = await fetch(`${server.url}/api/0${path}`);
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

export type IssueJson = { id: string; title: string; count: string; firstSeen: string };

/** The issues of the default project, as soon as there are `count`. */
export function issuesOnce(server: RunningServer, count: number): Promise<IssueJson[]> {
  return waitFor(async () => {
    const issues = await getJson<IssueJson[]>(server, '/organizations/stackmend/issues/?query=&project=2');
    return issues && issues.length >= count ? issues : null;
  });
}
