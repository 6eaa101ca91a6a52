import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { createSuggester } from '../../../../server/ai/suggest.ts';
import { CommandError } from '../../../../server/commands/context.ts';
import { type OpenAiCommandServices, register } from '../../../../server/commands/openai.ts';
import { normalizeEvent } from '../../../../server/digest/normalize.ts';
import { createRateLimit } from '../../../../server/limits/rate-limit.ts';
import { createMetrics } from '../../../../server/metrics/metrics.ts';
import { createAiStore } from '../../../../server/storage/ai.ts';
import { createAiCallStore } from '../../../../server/storage/ai-calls.ts';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';
import type { Database } from '../../../../server/storage/tables.ts';
import { endpointsAt } from '../../../fake-endpoints.ts';
import { type FakeModel, startFakeModel } from '../../../fake-model.ts';
import { storedEvent } from '../ai/sample-event.ts';

const STORED = 'a'.repeat(32);
const PAYLOAD = { exception: { values: [{ type: 'KeyError', value: 'mail ann@example.com' }] }, platform: 'python' };

let folder: string;
let fake: FakeModel;
let db: Database;
let output: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stackmend-'));
  db = openDatabase(join(folder, 'stackmend.db'));
  await migrate(db);
  fake = await startFakeModel();
  fake.answer('Use get().\u001b[31m');
  output = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += text;
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await fake.close();
  await db.destroy();
  rmSync(folder, { recursive: true });
});

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

type Settings = { baseUrl: string; apiKey: string; model: string; policy: string };

/** Runs `stackmend openai` with the arguments, and says in which order it configured and read. */
async function run(args: string[], { policy = 'individual_consent', ...endpoint }: Partial<Settings> = {}) {
  const steps: string[] = [];
  const services: OpenAiCommandServices = {
    suggester: createSuggester({
      store: createAiStore(db),
      calls: createAiCallStore(db),
      settings: { policy },
      endpoints: endpointsAt({ baseUrl: fake.baseUrl, ...endpoint }),
      rateLimit: createRateLimit({ limit: 5, windowMs: 1000, now: Date.now }),
      metrics: createMetrics(),
      now: Date.now,
    }),
    findEvent: async (eventId) => (eventId === STORED ? { event: storedEvent(), projectId: 2, issueId: null } : null),
    prepareEvent: (payload) => ({
      ...storedEvent(),
      ...normalizeEvent(payload, { projectId: 2, eventId: STORED, receivedAt: Date.now(), remoteAddress: null }),
      culprit: '',
    }),
  };
  const program = new Command().exitOverride();
  register(program, {
    configure: async () => {
      steps.push('configure');
      return services;
    },
    api: () => Promise.reject(new Error('It changes nothing.')),
    print: (line) => {
      output += `${line}\n`;
    },
    printJson: (value) => {
      output += `${JSON.stringify(value, null, 2)}\n`;
    },
    readFile: (path) => {
      steps.push('read');
      return readFile(path);
    },
  });
  await program.parseAsync(['openai', ...args], { from: 'user' });
  return steps;
}

describe('stackmend openai', () => {
  it('configures, then loads, then streams the answer and ends the line', async () => {
    expect(await run(['--event', file('event.json', JSON.stringify(PAYLOAD))])).toEqual(['configure', 'read']);
    // Without the control character that would colour the terminal.
    expect(output).toBe('Use get().[31m\n');
    expect(fake.requests[0]?.text).toContain('KeyError');
    expect(fake.requests[0]?.text).not.toContain('ann@example.com');
  });

  it('takes the id of a stored event, with dashes too, and another model', async () => {
    await run([
      '--event',
      STORED.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-').toUpperCase(),
      '--model',
      'whole',
    ]);
    expect(output).toBe('Use get().[31m\n');
    expect(fake.requests[0]?.model).toBe('whole');
  });

  it('prints the described event as JSON, indented by two, without a key or a call', async () => {
    const path = file('event.json', JSON.stringify(PAYLOAD));
    await run(['--event', path, '--dump-prompt'], { baseUrl: 'https://api.openai.com/v1', policy: 'subprocessor' });
    expect(output).toBe(`${JSON.stringify(JSON.parse(output), null, 2)}\n`);
    expect(JSON.parse(output).exceptions[0]).toMatchObject({ type: 'KeyError', message: 'mail [email 1]' });
    expect(fake.requests).toEqual([]);
  });

  it('reads an envelope', async () => {
    const item = `{"type":"event"}\n${JSON.stringify(PAYLOAD)}`;
    await run(['--event', file('event.envelope', `{"event_id":"${STORED}"}\n${item}\n`), '--dump-prompt']);
    expect(JSON.parse(output).exceptions[0].type).toBe('KeyError');
  });

  test.each([
    ['a missing option', [], /Which event/],
    ['a missing file', ['--event', '/nowhere/event.json'], /^\/nowhere\/event\.json: there is no such file/],
    ['an unknown event', ['--event', 'b'.repeat(32)], /no stored event b{32}/],
  ])('says in one line what is wrong with %s', async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(CommandError);
    await expect(run(args)).rejects.toThrow(message);
  });

  test.each([
    ['cut JSON', '{"exception":\n{"values":'],
    ['no JSON', 'Traceback (most recent call last):\n  File'],
    ['nothing', ''],
    ['JSON that is no event', '[1, 2]'],
    ['two events', JSON.stringify([PAYLOAD, PAYLOAD])],
  ])('says in one line what is wrong with a file of %s', async (_, text) => {
    const failure = run(['--event', file('event.json', text)]);
    await expect(failure).rejects.toThrow(CommandError);
    await expect(failure).rejects.toThrow(/^\S+event\.json: [^\n]+$/);
    expect(fake.requests).toEqual([]);
  });

  it('says how to set a key where OpenAI is asked without one', async () => {
    const failure = run(['--event', STORED], { baseUrl: 'https://api.openai.com/v1' });
    await expect(failure).rejects.toThrow(/OPENAI_API_KEY/);
  });

  it('takes the command for consent, but not where the policy lets nobody', async () => {
    await run(['--event', STORED], { policy: 'individual_consent' });
    await expect(run(['--event', STORED], { policy: 'subprocessor' })).rejects.toThrow(/subprocessor/);
    expect(fake.requests.length).toBe(1);
  });

  it('ends the line before it says that the answer broke off', async () => {
    await expect(run(['--event', STORED, '--model', 'ends-early'])).rejects.toMatchObject({ kind: 'cut_off' });
    expect(output).toBe('The cause is\n');
  });
});
