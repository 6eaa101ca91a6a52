/** Every real event of the corpus goes in as its SDK would send it, and its page opens in Chromium without a complaint. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage } from '../chromium.ts';
import { CORPUS_EVENT_FILES, type CorpusFile, corpusFiles, corpusRoot, reportMissingCorpus } from '../corpus.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';

/** Envelopes without an error event: accepted, but there is no page of theirs. */
const WITHOUT_EVENT = [
  'edge/empty.envelope',
  'edge/no_length_eof.envelope',
  'edge/transaction_only.envelope',
  'edge/unknown_item_type.envelope',
];
/** Refused, and why: a stated length that swallows the line break after it, and one longer than what is left. */
const CUT = 'flutter/web_exception_screenshot.envelope';
const REFUSED = ['edge/two_items_bom.envelope', CUT];

const files = corpusFiles().filter(
  ({ path, kind }) => kind !== 'sentry-api' && !WITHOUT_EVENT.includes(path) && !REFUSED.includes(path),
);
let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  reportMissingCorpus('the page of every real event');
  // A model that is set and never asked: the panel is then as a user has it.
  const environment = {
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    OPENAI_MODEL: 'local',
    STACKMEND_AI_POLICY: 'allowed',
  };
  [server, browser] = await Promise.all([startServer(environment), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function send({ path, kind }: CorpusFile): Promise<{ status: number; id: string | undefined }> {
  const { username, pathname } = new URL(server.dsn);
  const route = kind === 'json' ? 'store' : 'envelope';
  const response = await fetch(`${server.url}/api${pathname}/${route}/?sentry_key=${username}&sentry_version=7`, {
    method: 'POST',
    body: new Uint8Array(withOwnDsn(readFileSync(join(corpusRoot ?? '', path)), kind)),
  });
  const answer = (await response.json()) as { id?: string };
  return { status: response.status, id: answer.id };
}

/** The header of a recorded envelope names the DSN of whoever recorded it; an SDK of ours would name ours. */
function withOwnDsn(body: Buffer, kind: CorpusFile['kind']): Buffer {
  const end = body.indexOf('\n');
  if (kind === 'json' || end < 0) return body;
  const header = { ...JSON.parse(body.subarray(0, end).toString()), dsn: server.dsn };
  return Buffer.concat([Buffer.from(JSON.stringify(header)), body.subarray(end)]);
}

/** A recording whose last attachment was cut is refused on the wire, and taken from a person: its event is whole. */
async function importFile(path: string): Promise<string> {
  const response = await fetch(`${server.url}/api/0/projects/stackmend/default/events/`, {
    method: 'POST',
    body: new Uint8Array(readFileSync(join(corpusRoot ?? '', path))),
  });
  const { eventIDs } = (await response.json()) as { eventIDs: string[] };
  return eventIDs[0] ?? '';
}

/** Once digested, the event's issue. */
const issueOf = (eventId: string) =>
  waitFor(async () => {
    const response = await fetch(`${server.url}/api/0/projects/stackmend/default/events/${eventId}/`);
    return response.ok && ((await response.json()) as { groupID: string }).groupID;
  });

describe('a real event', () => {
  it.each(files)('of $path has a page with no console error and no foreign request', async (file) => {
    const { status, id } = await send(file);
    expect(status).toBe(200);
    await expectPage(id ?? '');
  });

  it.each(corpusRoot ? [CUT] : [])('of %s is taken from a file, though it was cut', async (path) => {
    await expectPage(await importFile(path));
  });

  async function expectPage(id: string): Promise<void> {
    const issueId = await issueOf(id);
    const { page, context, complaints } = await openWatchedPage(browser, server.url);
    await page.goto(`/issues/${issueId}/events/${id}/`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('region', { name: 'Suggest fix' }).getByRole('button', { name: 'Suggest fix' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.getByText(/could not|something went wrong/i).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  }

  it.runIf(corpusRoot)('of every file that there is', () => {
    expect(corpusFiles().filter(({ kind }) => kind !== 'sentry-api')).toHaveLength(CORPUS_EVENT_FILES);
  });

  it.each(corpusRoot ? WITHOUT_EVENT : [])('is not what %s holds: accepted, and nothing stored', async (path) => {
    expect((await send({ path, kind: 'envelope' })).status).toBe(200);
  });

  it.each(corpusRoot ? REFUSED : [])('is not what %s holds: refused with the reason', async (path) => {
    expect((await send({ path, kind: 'envelope' })).status).toBe(400);
  });
});
