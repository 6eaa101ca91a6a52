/**
 * Nothing about a frame is hidden: of every real event of the corpus, at least 99% of the scalars in its frames, as they are
 * stored, can be read on its page once all is opened. Each has to be in the row of its own frame, as often as the frame has it:
 * variables in Variables, lines in Source, registers in Registers, as text content; all else anywhere else in the row, where the
 * whole path of a shortened one, the other form of an address and a package's path are title or tooltip texts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { corpusFiles, corpusRoot, reportMissingCorpus } from '../corpus.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { type Judgement, judge, type ShownFrame } from './fidelity/judge.ts';
import { expandAll, readTraces } from './fidelity/shown-frames.ts';
import { type StoredTrace, storedTraces } from './fidelity/stored-values.ts';

const LEAST_SHARE = 0.99;
/** The corpus has some 7,900: with far fewer, it is this test that sees nothing. */
const LEAST_VALUES = 7000;
const PROJECT = '/api/0/projects/stackmend/default';
const PRINTED = 8;

const files = corpusFiles().filter(({ kind }) => kind !== 'sentry-api');
const counts = { values: 0, found: 0 };
let server: RunningServer;
let browser: Browser;
let watched: WatchedPage;

beforeAll(async () => {
  reportMissingCorpus('the values of every frame on the page');
  [server, browser] = await Promise.all([startServer(), launchChromium()]);
  watched = await openWatchedPage(browser, server.url);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe('of the values in the frames of a real event', () => {
  it.each(files)('at least 99% can be read on its page: $path', async ({ path }) => {
    const id = await importFile(path);
    if (!id) return console.log(`fidelity: ${path} holds no event`);
    const issueId = await issueOf(id);
    const stored = storedTraces(await (await fetch(`${server.url}${PROJECT}/events/${id}/json/`)).text());
    if (stored.length === 0) return console.log(`fidelity: ${path} has no frames`);
    await watched.page.goto(`/issues/${issueId}/events/${id}/`);
    const { total, missing } = judge(stored, await shownTraces(watched.page, stored));
    report(path, { total, missing });
    expect(missing.length, describeMissing(missing)).toBeLessThanOrEqual(total * (1 - LEAST_SHARE));
    expect(watched.complaints).toEqual([]);
  });

  it.runIf(corpusRoot)('at least 99% can be read on the pages of all files', () => {
    console.log(`fidelity: ${line(counts.values, counts.found, 'all files')}`);
    expect(counts.values).toBeGreaterThan(LEAST_VALUES);
    expect(counts.found).toBeGreaterThanOrEqual(counts.values * LEAST_SHARE);
  });
});

/** Every stack trace that the page shows of the event: of each thread, and as it was before symbolication. */
async function shownTraces(page: Page, stored: readonly StoredTrace[]): Promise<ShownFrame[][]> {
  const section = page.getByRole('region', { name: 'Stack trace' });
  await section.getByRole('radio', { name: 'Full' }).check();
  const shown = await ofThreads(section);
  if (stored.some(({ path }) => path.endsWith('.raw_stacktrace'))) {
    const options = section.getByRole('button', { name: /^Options/ });
    if ((await options.count()) > 0) await options.click();
    await section
      .getByRole('checkbox', { name: /^(?:Minified|Unsymbolicated)/ })
      .or(section.getByRole('button', { name: 'Minified' }))
      .click();
    shown.push(...(await ofThreads(section)));
  }
  return shown;
}

async function ofThreads(section: Locator): Promise<ShownFrame[][]> {
  const threads = section.getByRole('combobox', { name: 'Thread', exact: true });
  const ids = (await threads.count()) > 0 ? await threads.locator('option').evaluateAll(valuesOf) : [null];
  const isNewestFirst = (await section.getByRole('combobox', { name: 'Order of frames' }).inputValue()) === 'newest';
  const shown: ShownFrame[][] = [];
  for (const id of ids) {
    if (id !== null) await threads.selectOption(id);
    await section.evaluate(expandAll);
    shown.push(...(await section.evaluate(readTraces, isNewestFirst)));
  }
  return shown;
}

/** Runs in the page. */
const valuesOf = (options: Element[]) =>
  options.map((option) => (option instanceof HTMLOptionElement ? option.value : ''));

function report(path: string, { total, missing }: Judgement): void {
  counts.values += total;
  counts.found += total - missing.length;
  console.log(
    `fidelity: ${line(total, total - missing.length, path)}${missing.length > 0 ? `\n${describeMissing(missing)}` : ''}`,
  );
}

const line = (total: number, found: number, name: string) =>
  `${String(total).padStart(6)} values ${String(found).padStart(6)} found ${((found / total) * 100).toFixed(2).padStart(6)}%  ${name}`;

const describeMissing = (missing: Judgement['missing']) =>
  [
    ...missing
      .slice(0, PRINTED)
      .map(({ path, part, value }) => `    not in ${part}: ${path} = ${JSON.stringify(value)?.slice(0, 120)}`),
    ...(missing.length > PRINTED ? [`    and ${missing.length - PRINTED} more`] : []),
  ].join('\n');

/** As a person gives a file: what an SDK's transport would refuse, such as a recording that was cut, is taken too. */
async function importFile(path: string): Promise<string | undefined> {
  const response = await fetch(`${server.url}${PROJECT}/events/`, {
    method: 'POST',
    body: new Uint8Array(readFileSync(join(corpusRoot ?? '', path))),
  });
  const { eventIDs = [] } = (await response.json()) as { eventIDs?: string[] };
  return eventIDs[0];
}

/** Once digested, the event's issue. */
const issueOf = (eventId: string) =>
  waitFor(async () => {
    const response = await fetch(`${server.url}${PROJECT}/events/${eventId}/`);
    return response.ok && ((await response.json()) as { groupID: string }).groupID;
  });
