import { expect, it, test } from 'vitest';
import { envelopesOf } from '../../../../server/api/import.ts';
import { parseEnvelope, serializeEnvelope } from '../../../../server/protocol/envelope.ts';

const id = '0123456789abcdef0123456789abcdef';
const bytes = (text: string) => new TextEncoder().encode(text);
const eventsOf = (input: string | Uint8Array) => {
  const { eventIDs, envelopes } = envelopesOf(input);
  const payloads = envelopes.map((envelope) => {
    const { headers, items } = parseEnvelope(envelope);
    return { headers, event: JSON.parse(new TextDecoder().decode(items[0]?.payload)) };
  });
  return { eventIDs, payloads };
};

it('takes what an SDK sends, with its id', () => {
  const { eventIDs, payloads } = eventsOf(JSON.stringify({ event_id: id.toUpperCase(), message: 'hé' }));
  expect(eventIDs).toEqual([id]);
  expect(payloads).toEqual([{ headers: { event_id: id }, event: { event_id: id, message: 'hé' } }]);
});

it('gives an id to an event without one', () => {
  const { eventIDs, payloads } = eventsOf('{"exception": []}');
  expect(eventIDs[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(payloads[0]?.event.event_id).toBe(eventIDs[0]);
});

it('takes a list, and one event a line', () => {
  const events = [{ message: 'a' }, { message: 'b' }];
  expect(eventsOf(JSON.stringify(events)).payloads.map(({ event }) => event.message)).toEqual(['a', 'b']);
  const lines = events.map((event) => JSON.stringify(event)).join('\n');
  expect(eventsOf(`${lines}\n`).payloads.map(({ event }) => event.message)).toEqual(['a', 'b']);
});

it('takes an envelope whole, attachments and all', () => {
  const payload = bytes(JSON.stringify({ event_id: id, message: 'm' }));
  const attachment = new Uint8Array([0, 255, 10, 13]);
  const envelope = serializeEnvelope({
    headers: { dsn: 'http://x' },
    items: [
      { headers: { type: 'attachment', filename: 'a.bin' }, payload: attachment },
      { headers: { type: 'event' }, payload },
    ],
  });
  const { eventIDs, envelopes } = envelopesOf(envelope);
  expect(eventIDs).toEqual([id]);
  const parsed = parseEnvelope(envelopes[0] ?? new Uint8Array());
  expect(parsed.headers).toEqual({ dsn: 'http://x', event_id: id });
  expect(parsed.items[0]?.payload).toEqual(attachment);
});

it('takes the answer of the API', () => {
  const answer = {
    eventID: id,
    entries: [{ type: 'message', data: { formatted: 'hello' } }],
    tags: [{ key: 'level', value: 'info' }],
  };
  expect(eventsOf(JSON.stringify(answer)).payloads[0]?.event).toMatchObject({
    event_id: id,
    level: 'info',
    logentry: { formatted: 'hello' },
  });
});

it('minds no byte order mark', () => {
  expect(eventsOf(bytes('\uFEFF{"message": "m"}')).payloads).toHaveLength(1);
});

test.each<[string, string, RegExp]>([
  ['nothing', ' \n', /Nothing was sent/],
  ['text', 'hello', /JSON/],
  ['broken JSON', '{"message": "m"', /JSON/],
  ['a number', '5', /not a JSON object/],
  ['an empty list', '[]', /list is empty/],
  ['a list of numbers', '[1, 2]', /Event 1 is not a JSON object/],
  ['an object that is no event', '{"name": "package", "version": "1"}', /without any field of an event/],
  ['a transaction', '{"type": "transaction", "event_id": "x"}', /transaction/],
  ['a prototype', '{"__proto__": {"event_id": "x"}}', /without any field/],
  ['an envelope without an event', '{}\n{"type":"session"}\n{}\n', /no event, only: session/],
  ['a broken envelope', '{}\n{"type":"event","length":1}\n{}\n', /no newline follows there/],
  ['a broken line', '{"message":"a"}\n{"message":\n', /Line 2 is not JSON/],
  ['too many', JSON.stringify(Array(101).fill({ message: 'm' })), /too many/],
  [
    'nesting without end',
    `{"message":"m","extra":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`,
    /nested too deeply/,
  ],
])('refuses %s', (_, input, message) => {
  expect(() => envelopesOf(input)).toThrow(
    expect.objectContaining({ status: 400, message: expect.stringMatching(message) }),
  );
});

it('keeps the event of a recorded envelope whose last attachment was cut', () => {
  const { eventIDs, payloads } = eventsOf(
    `{"event_id":"${id}"}\n{"type":"event"}\n{"message":"whole"}\n{"type":"attachment","length":100}\nonly this`,
  );
  expect(eventIDs).toEqual([id]);
  expect(payloads[0]?.event.message).toBe('whole');
});
