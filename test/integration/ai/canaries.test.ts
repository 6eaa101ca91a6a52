import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenAiModel } from '../../../server/ai/model.ts';
import { createSuggester, type Suggester } from '../../../server/ai/suggest.ts';
import { createRateLimit } from '../../../server/limits/rate-limit.ts';
import { createMetrics } from '../../../server/metrics/metrics.ts';
import type { StoredEvent } from '../../../server/protocol/event.ts';
import { createAiStore } from '../../../server/storage/ai.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import type { Database } from '../../../server/storage/tables.ts';
import { type FakeModel, startFakeModel } from '../../fake-model.ts';
import { frame, storedEvent } from '../../unit/server/ai/sample-event.ts';

/** Letters and digits drawn once; each canary gets its own by its number, so that no two are alike. */
const random = (number: number, length: number) => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let state = 7919 * (number + 1);
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return letters[state % letters.length];
  }).join('');
};

/** What to plant, around the part that must not leave. */
const KINDS: Record<string, (number: number) => { text: string; secret: string }> = {
  'e-mail': (number) => {
    const secret = `canary${number}.person@mail${number}.example`;
    return { text: `for ${secret} failed`, secret };
  },
  'IP address': (number) => {
    const secret = `198.51.${number % 250}.77`;
    return { text: `from ${secret}:443`, secret };
  },
  'card number': (number) => {
    const secret = withCheckDigit(`4${String(100_000_000_000_00 + number * 7919)}`);
    return { text: `card ${secret} declined`, secret };
  },
  'OpenAI key': (number) => ({ text: `key=sk-proj-${random(number, 40)}`, secret: random(number, 40) }),
  'GitHub token': (number) => ({ text: `remote ghp_${random(number, 36)} refused`, secret: random(number, 36) }),
  'random value': (number) => ({ text: `nonce ${random(number, 44)} seen`, secret: random(number, 44) }),
  'password in a URL': (number) => ({ text: `redis://app:hunter${number}x@cache:6379`, secret: `hunter${number}x` }),
  'named password': (number) => ({ text: `login "password": "hunter${number}y" failed`, secret: `hunter${number}y` }),
  'bearer token': (number) => ({ text: `Bearer ${random(number, 12)}9`, secret: random(number, 12) }),
  'home directory': (number) => ({ text: `open /home/person${number}/x`, secret: `person${number}` }),
};

function withCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return digits + ((10 - (sum % 10)) % 10);
}

type Place = (text: string) => Partial<StoredEvent>;
const thrown = (over: object): Partial<StoredEvent> => ({
  exception: { values: [{ type: 'E', value: 'v', ...over }] },
});
const inFrame = (over: object) => thrown({ stacktrace: { frames: [frame({ context_line: 'pay(order)', ...over })] } });

/** Every field that is described. */
const PLACES: Record<string, Place> = {
  message: (text) => ({ logentry: { formatted: text } }),
  'exception value': (text) => thrown({ value: text }),
  'exception value, where it is cut': (text) => thrown({ value: `${'x '.repeat(745)}${text}${' y'.repeat(3000)}` }),
  mechanism: (text) => thrown({ mechanism: { type: 'x', meta: { errno: { name: text } } } }),
  'source line': (text) => inFrame({ context_line: `connect(${JSON.stringify(text)})` }),
  'source before': (text) => inFrame({ pre_context: [`# ${text}`] }),
  'minified source': (text) => inFrame({ context_line: `${'a;'.repeat(300)}"${text}"${'b;'.repeat(300)}`, colno: 610 }),
  'file name': (text) => inFrame({ filename: text }),
  'function name': (text) => inFrame({ function: text }),
  variable: (text) => inFrame({ vars: { order: text } }),
  'nested variable': (text) => inFrame({ vars: { order: { lines: [{ note: text }] } } }),
  'long variable': (text) => inFrame({ vars: { order: `${'x '.repeat(210)}${text}${' y'.repeat(500)}` } }),
  'key of a variable': (text) => inFrame({ vars: { order: { [text]: 1 } } }),
  'breadcrumb message': (text) => ({ breadcrumbs: { values: [{ message: text }] } }),
  'breadcrumb data': (text) => ({ breadcrumbs: { values: [{ data: { url: text } }] } }),
  'request path': (text) => ({ request: { url: `https://shop.example/orders/${text}/` } }),
  release: (text) => ({ release: text }),
  'thread name': (text) => ({
    exception: null,
    threads: { values: [{ name: text, stacktrace: { frames: [frame()] } }] },
  }),
};

let fake: FakeModel;
let folder: string;
let db: Database;
let suggester: Suggester;
beforeAll(async () => {
  fake = await startFakeModel();
  fake.answer('Done.');
  folder = mkdtempSync(join(tmpdir(), 'stackmend-'));
  db = openDatabase(join(folder, 'stackmend.db'));
  suggester = createSuggester({
    store: createAiStore(db),
    settings: { baseUrl: fake.baseUrl, apiKey: 'sk-operator', model: 'words', policy: 'allowed' },
    createModel: createOpenAiModel,
    rateLimit: createRateLimit({ limit: 5, windowMs: 1000, now: Date.now }),
    metrics: createMetrics(),
    now: Date.now,
  });
});
afterAll(async () => {
  await fake.close();
  await db.destroy();
  rmSync(folder, { recursive: true });
});

/** What went over the wire for this event. */
async function sentFor(event: StoredEvent): Promise<string> {
  fake.requests.length = 0;
  for await (const _ of suggester.askAtTerminal(event, undefined, new AbortController().signal));
  expect(fake.requests.length).toBe(1);
  return fake.requests[0]?.text ?? '';
}

const cases = Object.entries(PLACES).flatMap(([place, plant], row) =>
  Object.entries(KINDS).map(([kind, make], column) => ({ place, kind, plant, ...make(row * 20 + column) })),
);

describe('nothing planted leaves on the wire', () => {
  it('is not shown by an event in which nothing was planted', async () => {
    const sent = await sentFor(storedEvent());
    expect(sent).toContain('amount must be positive');
  });

  it.each(cases)('$kind in $place', async ({ plant, text, secret }) => {
    const sent = await sentFor(storedEvent(plant(text)));
    expect(sent).not.toContain(secret);
    // A half is no less telling.
    expect(sent).not.toContain(secret.slice(0, Math.max(9, Math.ceil(secret.length / 2))));
  });

  it('nor what the event says of its user, its server and its request', async () => {
    const sent = await sentFor(
      storedEvent({
        user: { id: 'u-77415', username: 'canary-user', email: 'canary@mail.example', ip_address: '198.51.100.9' },
        server_name: 'canary-host-3',
        logentry: { formatted: 'u-77415 (canary-user) on canary-host-3: canary@mail.example from 198.51.100.9' },
        tags: [['canary-tag', 'canary-tag']],
        extra: { canary: 'canary-extra' },
        modules: { 'canary-module': '1' },
        contexts: { canary: { name: 'canary-context' } },
        request: {
          method: 'POST',
          url: 'https://canary.example/pay?canary-query=1#canary-fragment',
          query_string: [['canary-query', '1']],
          headers: [['X-Canary', 'canary-header']],
          cookies: [['canary-cookie', '1']],
          data: 'canary-body',
          env: { CANARY: 'canary-env' },
        },
      }),
    );
    expect(sent).not.toMatch(/canary|u-77415|198\.51/i);
  });
});
