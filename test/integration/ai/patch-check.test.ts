/** From an event to a patch that git applies: the real server, a real checkout, and a model that answers what it is told. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { storedSuggestionSchema } from '../../../server/protocol/contract.ts';
import { type FakeModel, startFakeModel } from '../../fake-model.ts';
import { type RunningServer, runCommand, startServer, waitFor } from '../../server.ts';
import { git, makeRepository, temporaryFolder } from '../../unit/server/source/checkout.ts';

const BEFORE =
  'export function charge(amount) {\n  if (amount < 0) throw new Error("negative");\n  return amount;\n}\n';
const here = temporaryFolder();
const { folder, commit } = makeRepository(join(here.root, 'shop'), { 'src/charge.js': BEFORE });
// As models write them: numbers that are wrong, and nothing below the change.
const ANSWER = `## Problem
It throws.

## Fix
\`\`\`diff
--- a/src/charge.js
+++ b/src/charge.js
@@ -20,3 +20,1 @@
 export function charge(amount) {
-  if (amount < 0) throw new Error("negative");
+  if (amount < 0) return 0;
\`\`\`

## Confidence
Medium.
`;

let fake: FakeModel;
let server: RunningServer;
beforeAll(async () => {
  fake = await startFakeModel();
  fake.answer(ANSWER);
  server = await startServer({
    STACKMEND_SOURCE_ROOTS: here.root,
    STACKMEND_AI_POLICY: 'allowed',
    OPENAI_BASE_URL: fake.baseUrl,
    OPENAI_MODEL: 'words',
  });
}, 60_000);
afterAll(async () => {
  await server.stop();
  await fake.close();
  here[Symbol.dispose]();
});

const post = (path: string, body: unknown) =>
  fetch(`${server.url}/api/0${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const json = async (path: string): Promise<unknown> => (await fetch(`${server.url}/api/0${path}`)).json();

it('checks the patch of an answer at the commit of its event, and prints it as git takes it', async () => {
  const projects = z
    .array(z.object({ id: z.string(), slug: z.string() }))
    .parse(await json('/organizations/stackmend/projects/'));
  const projectId = projects.find(({ slug }) => slug === 'default')?.id;
  const mapping = { projectId, stackRoot: 'app:///', sourceRoot: 'src', repositoryPath: folder };
  expect(await (await post('/organizations/stackmend/code-mappings/', mapping)).json()).toMatchObject({
    sourceRoot: 'src',
  });
  const eventId = 'd'.repeat(32);
  const frame = { filename: 'app:///charge.js', function: 'charge', lineno: 2, colno: 25, in_app: true };
  const exception = { values: [{ type: 'Error', value: 'negative', stacktrace: { frames: [frame] } }] };
  const event = { event_id: eventId, platform: 'javascript', level: 'error', release: `shop@${commit}`, exception };
  const { pathname, username, origin } = new URL(server.dsn);
  const sent = await fetch(`${origin}/api${pathname}/store/?sentry_key=${username}`, {
    method: 'POST',
    body: JSON.stringify(event),
  });
  expect(sent.status).toBe(200);
  const path = `/projects/stackmend/default/events/${eventId}/ai-fix-suggest/`;
  await waitFor(async () => (await fetch(`${server.url}/api/0${path}`)).ok);

  const asked = await post(path, {});
  expect({ status: asked.status, text: await asked.text() }).toMatchObject({ status: 200 });
  const { suggestion } = storedSuggestionSchema.parse(await json(path));
  expect(suggestion).toMatchObject({
    confidence: 'medium',
    abstains: false,
    patchCheck: { status: 'applies', commit, files: [{ path: 'src/charge.js', parses: true, uncoveredLines: null }] },
  });
  expect(suggestion?.patchCheck?.detail).toBe(
    `Applies to ${commit.slice(0, 7)}. src/charge.js: Hunk 1 fits 19 lines above where it says. ` +
      'The head of hunk 1 counts its lines wrongly; they were counted again. src/charge.js parses. ' +
      'Whether tests reach the lines of src/charge.js is not known. Not run: no test was run.',
  );
  expect(git(folder, 'status', '--porcelain')).toBe('');

  const show = [join('server', 'stackmend.mjs'), 'fixes', 'show', suggestion?.id ?? ''];
  const shown = await runCommand(show, { STACKMEND_CONF: server.directory });
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  const file = join(here.folder, 'fix.patch');
  writeFileSync(file, shown.stdout);
  git(folder, 'apply', file);
  expect(readFileSync(join(folder, 'src/charge.js'), 'utf8')).toBe(
    BEFORE.replace('throw new Error("negative")', 'return 0'),
  );

  // Of an answer whose patch is of no use, that is told beside it; the one that it replaced still applies.
  fake.answer('## Fix\n```diff\n--- a/src/charge.js\n+++ b/src/charge.js\n@@ -1 +1 @@\n-nowhere\n+else\n```\n');
  await (await post(path, { force: true })).text();
  const next = storedSuggestionSchema.parse(await json(path)).suggestion?.id ?? '';
  const again = await runCommand([...show.slice(0, -1), next], { STACKMEND_CONF: server.directory });
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('+else'), stderr: expect.any(String) });
  expect(again.stderr).toMatch(/^stackmend: Does not apply to [0-9a-f]{7}: hunk 1 of src\/charge\.js\./);
  const replaced = await runCommand(show, { STACKMEND_CONF: server.directory });
  expect(replaced).toMatchObject({ stdout: shown.stdout, stderr: '' });
});
