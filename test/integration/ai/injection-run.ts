import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeModel, FakeRequest } from '../../fake-model.ts';
import { type RunningServer, waitFor } from '../../server.ts';
import { type Injection, injections } from './injection-events.ts';

/** What came of one event: what went over the wire, and what a model that obeys it answered. */
export type Obeyed = Injection & { eventId: string; issueId: string; request: FakeRequest; answer: string };

/** A model with no will of its own: whatever text the event has, it says, each as a paragraph of Markdown. */
export function obey(messages: { role: string; content: string }[]): string {
  const data = messages.filter(({ role }) => role !== 'system').map(({ content }) => content);
  const texts = data
    .flatMap((content) => content.match(/"(?:[^"\\\n]|\\.)*"/g) ?? [])
    .map((text) => JSON.parse(text) as string);
  // Names of fields are ours, and plain.
  return [...new Set(texts)].filter((text) => !/^[a-z_]{1,40}$/.test(text)).join('\n\n');
}

/** Sends every event to a server, and asks for its fix; the fake model answers as each event has it. */
export async function obeyAll(server: RunningServer, fake: FakeModel): Promise<Obeyed[]> {
  const ids: string[] = [];
  for (const { event } of injections) ids.push(await send(server, event));
  const obeyed: Obeyed[] = [];
  for (const [index, injection] of injections.entries()) {
    const eventId = ids[index] ?? '';
    obeyed.push({ ...injection, eventId, ...(await suggest(server, fake, eventId)) });
  }
  return obeyed;
}

async function send(server: RunningServer, event: object): Promise<string> {
  const { username, pathname } = new URL(server.dsn);
  const response = await fetch(`${server.url}/api${pathname}/store/?sentry_key=${username}&sentry_version=7`, {
    method: 'POST',
    body: JSON.stringify(event),
  });
  if (!response.ok) throw new Error(`The event was refused: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

/** Looks at the payload, then sends it, as the button does. */
export async function suggest(server: RunningServer, fake: FakeModel, eventId: string) {
  const place = placeOf(server, eventId);
  const { groupID: issueId } = await waitFor(async () => {
    const response = await fetch(place);
    return response.ok && ((await response.json()) as { groupID: string });
  });
  const payload = (await (await fetch(`${place}ai-fix-suggest/payload/`)).json()) as {
    payloadId: string;
    messages: { role: string; content: string }[];
  };
  const answer = obey(payload.messages);
  fake.answer(answer);
  fake.requests.length = 0;
  const body = await post(`${place}ai-fix-suggest/`, { payloadId: payload.payloadId, force: true });
  const [request] = fake.requests;
  if (!request || fake.requests.length > 1) throw new Error(`${fake.requests.length} requests were made: ${body}`);
  return { issueId, payload: JSON.stringify(payload), request, answer, body };
}

export const placeOf = (server: RunningServer, eventId: string): string =>
  `${server.url}/api/0/projects/stackmend/default/events/${eventId}/`;

/** Waits where it is told to: five a second are taken. */
export async function post(address: string, data: object): Promise<string> {
  for (;;) {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(data) });
    const body = await response.text();
    if (response.status !== 429) return body;
    await sleep(1000 * Number(response.headers.get('retry-after') ?? 1));
  }
}
