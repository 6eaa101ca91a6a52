/**
 * Secrets of every kind in every field of an event, and in a checkout's files: none is in what leaves the machine, nor in
 * what is kept or told of it. The events are put into the store as they are, past the scrubbing that would take some of them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSqlNodestore, type Nodestore, nodeId } from '../../../server/backends/nodestore.ts';
import type { StoredEvent } from '../../../server/protocol/event.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import type { Database } from '../../../server/storage/tables.ts';
import { type FakeModel, startFakeModel } from '../../fake-model.ts';
import { type RunningServer, runCommand, startServer, waitFor } from '../../server.ts';
import { frame } from '../../unit/server/ai/sample-event.ts';
import { makeRepository, temporaryFolder } from '../../unit/server/source/checkout.ts';
import { BY_LOOKS, BY_NAME, type Planted } from './canary-secrets.ts';
import { placeOf, post, suggest } from './injection-run.ts';

type Canary = Planted & { kind: string; place: string };
/** Text of one canary after another, each of its own. */
type Next = (place: string) => string;

/** Every field that a stranger or an SDK may fill, whether it is described or not. */
function planted(next: Next, isByName: boolean): Partial<StoredEvent> {
  // A name of a function or a file has no `password=` in it.
  const name = (place: string) => (isByName ? 'plain' : next(place));
  return {
    logentry: { formatted: next('message'), message: next('message template'), params: [next('message parameter')] },
    transaction: name('transaction'),
    server_name: 'web',
    environment: name('environment'),
    dist: name('dist'),
    logger: name('logger'),
    tags: [
      ['note', next('tag value')],
      [name('tag key'), 'x'],
    ],
    extra: { note: next('extra'), deep: { list: [next('deep extra')] } },
    modules: { [name('module list')]: next('module version') },
    user: { id: '1', data: { note: next('user data') }, geo: { city: next('user geo') } },
    contexts: {
      runtime: { name: next('runtime'), version: '3' },
      os: { name: next('system'), version: '1' },
      note: { text: next('own context') },
    },
    request: {
      method: 'POST',
      url: `https://shop.example/pay/${encodeURI(next('request address'))}?q=${next('request query in the address')}#${next('fragment')}`,
      query_string: [['q', next('query')]],
      headers: [['X-Note', next('header')]],
      cookies: [['note', next('cookie')]],
      data: { note: next('body') },
      env: { NOTE: next('environment of the request') },
    },
    breadcrumbs: {
      values: [
        {
          timestamp: 1,
          category: name('breadcrumb category'),
          message: next('breadcrumb message'),
          data: { url: next('breadcrumb data'), deep: { list: [next('deep breadcrumb data')] } },
        },
      ],
    },
    threads: {
      values: [
        {
          id: 1,
          name: next('thread name'),
          stacktrace: { frames: [frame({ vars: { x: next('variable of a thread') } })] },
        },
      ],
    },
    exception: {
      values: [
        { type: name('older type'), value: next('older exception'), module: name('module of the exception') },
        {
          type: name('type'),
          value: `${next('exception value')} ${'x '.repeat(700)}${next('exception value, where it is cut')}${' y'.repeat(2500)} ${next('end of the exception value')}`,
          mechanism: {
            type: 'x',
            description: next('mechanism'),
            data: { note: next('mechanism data') },
            meta: { errno: { name: next('mechanism meta') } },
          },
          stacktrace: {
            frames: [
              frame({
                function: name('function'),
                module: name('module'),
                filename: name('file'),
                abs_path: name('whole path'),
                package: name('package'),
              }),
              frame({ context_line: `${'a;'.repeat(300)}"${next('minified source')}"${'b;'.repeat(300)}`, colno: 610 }),
              frame({
                filename: 'src/vault.py',
                abs_path: '/srv/app/src/vault.py',
                function: 'open_vault',
                lineno: 4,
                context_line: undefined,
                vars: {
                  order: next('variable'),
                  deep: { lines: [{ note: next('deep variable') }] },
                  long: `${'x '.repeat(150)}${next('long variable')}${' y'.repeat(300)}`,
                  keys: { [next('key of a variable')]: 1 },
                },
              }),
              frame({
                pre_context: [`# ${next('source before')}`, ''],
                context_line: `connect(${JSON.stringify(next('source line'))})`,
                post_context: [`// ${next('source after')}`],
                vars: { one: next('variable of the crash') },
              }),
            ],
          },
        },
      ],
    },
  };
}

const kinds = { ...BY_LOOKS, ...BY_NAME };
const canaries: Canary[] = [];
let number = 0;
function nextOf(kind: string): Next {
  return (place) => {
    const made = kinds[kind]?.(++number) ?? { text: '', secret: '' };
    canaries.push({ kind, place, ...made });
    return made.text;
  };
}

const here = temporaryFolder();
/** A line for each kind, as a literal or a comment of a function that the crash is in. */
function vault(kind: string): string {
  const next = nextOf(kind);
  return [
    'import os',
    '',
    'def open_vault():',
    `    key = ${JSON.stringify(next('line of the checkout'))}  # opens the vault`,
    `    # ${next('comment of the checkout')}`,
    '    return connect(key)',
    '',
  ].join('\n');
}

let fake: FakeModel;
let server: RunningServer;
let db: Database;
let nodestore: Nodestore;
const sent = new Map<string, string>();
/** All that a page or a command is given of a suggestion, but for what the page puts back. */
const given: string[] = [];
const vaults = new Map<string, string>();

beforeAll(async () => {
  fake = await startFakeModel();
  server = await startServer({
    OPENAI_BASE_URL: fake.baseUrl,
    OPENAI_API_KEY: 'sk-operator',
    OPENAI_MODEL: 'canaries',
    STACKMEND_AI_POLICY: 'allowed',
    STACKMEND_SOURCE_ROOTS: here.root,
    STACKMEND_METRICS_BACKEND: 'prometheus',
    STACKMEND_LOGGING_LEVEL: 'trace',
  });
  db = openDatabase(join(server.directory, 'stackmend.db'), { mustExist: true });
  nodestore = createSqlNodestore(db);
  for (const kind of Object.keys(kinds)) sent.set(kind, await sendAll(kind));
}, 600_000);
afterAll(async () => {
  await db?.destroy();
  await server?.stop();
  await fake?.close();
  here[Symbol.dispose]();
});

/** One event and one checkout with every place of a kind. @returns the bytes of the request to the endpoint */
async function sendAll(kind: string): Promise<string> {
  const slug = `kind-${Object.keys(kinds).indexOf(kind)}`;
  const text = vault(kind);
  vaults.set(kind, text);
  const { folder, commit } = makeRepository(join(here.root, slug), { 'src/vault.py': text });
  const { username, pathname } = new URL(server.dsn);
  const plain = { platform: 'python', message: slug, fingerprint: [slug], release: `${slug}@${commit}` };
  const response = await fetch(`${server.url}/api${pathname}/store/?sentry_key=${username}&sentry_version=7`, {
    method: 'POST',
    body: JSON.stringify(plain),
  });
  const { id } = (await response.json()) as { id: string };
  const key = nodeId(2, id);
  const stored = await waitFor(() => nodestore.get(key));
  const event = { ...stored, ...planted(nextOf(kind), kind in BY_NAME), release: stored.release };
  const root = `/srv/${slug}/`;
  const whole: StoredEvent = JSON.parse(JSON.stringify(event).replaceAll('/srv/app/', root));
  await nodestore.set([{ id: key, event: whole }]);
  const mapping = { projectId: '2', stackRoot: root, sourceRoot: '', repositoryPath: folder };
  const mapped = await fetch(`${server.url}/api/0/organizations/stackmend/code-mappings/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(mapping),
  });
  expect(mapped.status).toBe(201);
  fake.scenario('no-choices');
  const { request, payload, body } = await suggest(server, fake, id);
  given.push(payload, body, await patchTheVault(id, request.text), await comment(kind, id), await failWithEchoes(id));
  return request.text;
}

/** An answer that changes the line of the vault as the model saw it, and one next to it: the check reads the file. */
async function patchTheVault(id: string, request: string): Promise<string> {
  const [seen = ''] = /(?<=\\") {4}key = (?:[^"\\]|\\.)*?# opens the vault/.exec(request) ?? [];
  const key: string = JSON.parse(`"${JSON.parse(`"${seen}"`)}"`);
  const patches = [key, '    key = "another"'].map((line) =>
    [
      '--- a/src/vault.py',
      '+++ b/src/vault.py',
      '@@ -3,2 +3,2 @@',
      ' def open_vault():',
      `-${line}`,
      '+    key = None',
    ].join('\n'),
  );
  const bodies: string[] = [];
  for (const patch of patches) {
    fake.answer(`## Fix\n\n\`\`\`diff\n${patch}\n\`\`\`\n\n## Confidence\nHigh`);
    bodies.push(await post(`${placeOf(server, id)}ai-fix-suggest/`, { force: true }));
  }
  expect(bodies[0]).toContain('"patchCheck"');
  return bodies.join('\n');
}

/** A user quotes what the event's page shows. */
async function comment(kind: string, id: string): Promise<string> {
  const place = `${placeOf(server, id)}ai-fix-suggest/`;
  const stored = await (await fetch(place)).text();
  const { suggestion } = JSON.parse(stored) as { suggestion: { id: string } };
  const quoted = canaries.filter((canary) => canary.kind === kind).map(({ text }) => text);
  const feedback = { id: suggestion.id, rating: 'not_helpful', comment: quoted.join('\n').slice(0, 4000) };
  const headers = { 'Content-Type': 'application/json' };
  const kept = await fetch(`${place}feedback/`, { method: 'PUT', headers, body: JSON.stringify(feedback) });
  expect(kept.status).toBe(204);
  return stored + (await (await fetch(place)).text());
}

/** What an endpoint says of a failure may be all that it was sent. */
async function failWithEchoes(id: string): Promise<string> {
  const bodies: string[] = [];
  for (const scenario of ['echo-error', 'echo-midway'] as const) {
    fake.scenario(scenario);
    bodies.push(await post(`${placeOf(server, id)}ai-fix-suggest/`, { force: true }));
  }
  expect(bodies.join('\n')).not.toContain('open_vault');
  return bodies.join('\n');
}

/** Of a value in JSON, as JSON has it. */
const written = (text: string) => JSON.stringify(text).slice(1, -1);
const isIn = (text: string, secret: string) => text.includes(secret) || text.includes(written(secret));
/** A half is no less telling, where it is no other's. */
function halfOf({ kind, secret }: Canary): string {
  const half = secret.slice(0, Math.max(9, Math.ceil(secret.length / 2)));
  return canaries.filter((other) => other.kind === kind && other.secret.startsWith(half)).length > 1 ? secret : half;
}

describe('secrets of every kind in every field', () => {
  it('are many, of many kinds, in many fields', () => {
    expect(canaries.length).toBeGreaterThanOrEqual(200);
    expect(Object.keys(kinds).length).toBeGreaterThanOrEqual(35);
    expect(new Set(canaries.map(({ place }) => place)).size).toBeGreaterThanOrEqual(50);
    expect(new Set(canaries.map(({ secret }) => secret)).size).toBe(canaries.length);
    if (process.env['REDACTION_FIGURES'])
      console.log(`${canaries.length} canaries of ${Object.keys(kinds).length} kinds`);
  });

  it('are in what is stored, and in the checkouts', async () => {
    const rows = await db.selectFrom('node').select('id').execute();
    const events = await Promise.all(rows.map(async ({ id }) => JSON.stringify(await nodestore.get(id))));
    const stored = events.join('\n');
    const files = Object.keys(kinds).map((_, index) =>
      readFileSync(join(here.root, `kind-${index}`, 'src/vault.py'), 'utf8'),
    );
    const missing = canaries.filter(({ place, secret }) =>
      place.endsWith('of the checkout')
        ? !files.some((file) => isIn(file, secret))
        : !isIn(stored, secret) && !stored.includes(encodeURI(secret)) && !stored.includes(written(written(secret))),
    );
    expect(missing.map(({ kind, place }) => `${kind} in ${place}`)).toEqual([]);
  });

  it('stand in fields that are sent, else nothing is shown here', () => {
    const plain = sent.get('e-mail') ?? '';
    // Of e-mail addresses each place has its own placeholder.
    const placeholders = new Set(plain.match(/\[email \d+\]/g));
    expect(placeholders.size).toBeGreaterThanOrEqual(20);
    expect(plain).toContain('opens the vault');
    for (const text of sent.values()) expect(text).toContain('open_vault');
  });

  it.each(Object.keys(kinds))('%s: none leaves on the wire', (kind) => {
    const text = sent.get(kind) ?? '';
    const left = canaries.filter(
      (canary) => canary.kind === kind && (isIn(text, canary.secret) || isIn(text, halfOf(canary))),
    );
    expect(left.map(({ place, secret }) => `${place}: ${secret}`)).toEqual([]);
  });

  it('none is in the log, in metrics, in what is kept of a call, or in what pages and commands are given of it', async () => {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('ai_request');
    const tables = ['aiPayload', 'aiSuggestion', 'aiCall', 'aiFeedback'] as const;
    const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()));
    const kept = JSON.stringify(rows);
    expect(kept).toContain('open_vault');
    expect(rows.map((all) => all.length > 0)).toEqual([true, true, true, true]);
    const ledger = `${server.url}/api/0/organizations/stackmend/ai-calls/`;
    const exported = await (await fetch(`${ledger}export/`)).text();
    const ofKinds = Object.keys(kinds).length;
    expect(exported.split('\n').filter((line) => line.includes('"failure"')).length).toBeGreaterThanOrEqual(ofKinds);
    expect(exported).toContain('not_helpful');
    const listed = await (await fetch(ledger)).text();
    const log = server.output();
    // Not the whole of it, but what the endpoint said of its failure.
    expect(log.includes('[email 1]') && log.includes('did not take the request')).toBe(true);
    const command = [join('server', 'cli.ts'), 'fixes', 'export'];
    const { code, stdout } = await runCommand(command, { STACKMEND_CONF: server.directory, PORT: '0' });
    expect([code, stdout.split('\n').length]).toEqual([0, exported.split('\n').length]);
    // Each line once: much of it stands in all of them.
    const all = [log, metrics, kept, exported, listed, stdout, ...given].join('\n');
    const told = [...new Set(all.split(/\n|(?:\\)+n/))].join('\n');
    const left = canaries.filter(({ secret }) => isIn(told, secret) || isIn(told, written(secret)));
    expect(left.map(({ kind, place }) => `${kind} in ${place}`)).toEqual([]);
    expect(told).not.toContain('sk-operator');
  }, 120_000);
});
