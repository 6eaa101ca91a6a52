/**
 * An issue's page with a 50-frame event in Chromium, cold (no cache, a new context each time), beside a document that
 * holds nothing: the difference is ours. Prints milliseconds to interactive and kilobytes of compressed JavaScript.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../chromium.ts';
import { startServer, waitFor } from '../server.ts';

const ROUNDS = 7;

export async function benchmarkPage(): Promise<void> {
  const server = await startServer();
  const empty = createServer((_, response) => response.end('<!doctype html><title>Empty</title><h1>Empty</h1>'));
  await new Promise<void>((resolve) => empty.listen(0, '127.0.0.1', resolve));
  const emptyUrl = `http://127.0.0.1:${(empty.address() as AddressInfo).port}/`;
  const browser = await launchChromium();
  try {
    const url = await issuePage(server.url, server.dsn);
    const ours: Visit[] = [];
    const bare: Visit[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await visit(browser, emptyUrl, 'h1'));
      ours.push(await visit(browser, url, '[aria-current="true"]'));
    }
    const interactive = median(ours.map(({ milliseconds }) => milliseconds));
    const base = median(bare.map(({ milliseconds }) => milliseconds));
    const scripts = Math.max(...ours.map(({ scriptBytes }) => scriptBytes));
    console.log(`page: 50-frame event, cold, to interactive   ${interactive.toFixed(0)} ms (goal under 1000)`);
    console.log(
      `      an empty document in the same rounds    ${base.toFixed(0)} ms; ratio ${(interactive / base).toFixed(1)}`,
    );
    console.log(`      compressed JavaScript                   ${(scripts / 1024).toFixed(1)} KB (goal under 170)`);
  } finally {
    await browser.close();
    empty.close();
    await server.stop();
  }
}

type Visit = { milliseconds: number; scriptBytes: number };

/** Until `selector` is there and the page's thread has been idle. */
async function visit(browser: Browser, url: string, selector: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  const scripts = new Set<string>();
  let scriptBytes = 0;
  network.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) scriptBytes += encodedDataLength;
  });
  const start = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator(selector).first().waitFor();
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  const milliseconds = performance.now() - start;
  await page.waitForLoadState('networkidle');
  await context.close();
  return { milliseconds, scriptBytes };
}

async function issuePage(url: string, dsn: string): Promise<string> {
  const { username, pathname } = new URL(dsn);
  const response = await fetch(`${url}/api${pathname}/store/?sentry_key=${username}&sentry_version=7`, {
    method: 'POST',
    body: JSON.stringify(fiftyFrames()),
  });
  const { id } = (await response.json()) as { id: string };
  const issueId = await waitFor(async () => {
    const found = await fetch(`${url}/api/0/projects/stackmend/default/events/${id}/`);
    return found.ok && ((await found.json()) as { groupID: string }).groupID;
  });
  return `${url}/issues/${issueId}/events/${id}/`;
}

/** A python event of 50 frames, every second of the program's own, each with source and ten variables. */
function fiftyFrames() {
  const lines = (from: number) =>
    Array.from({ length: 5 }, (_, index) => `    step_${from + index} = ledger.post(${index})`);
  const frames = Array.from({ length: 50 }, (_, index) => ({
    filename: `ledger/module_${index}.py`,
    abs_path: `/srv/app/ledger/module_${index}.py`,
    module: `ledger.module_${index}`,
    function: `post_${index}`,
    lineno: 100 + index,
    in_app: index % 2 === 1,
    pre_context: lines(index),
    context_line: `    raise ValueError("entry %d does not balance" % entry.id)`,
    post_context: lines(index + 6),
    vars: Object.fromEntries(
      Array.from({ length: 10 }, (_, n) => [`value_${n}`, { id: String(n), tags: ["'a'", "'b'"] }]),
    ),
  }));
  const values = [{ type: 'ValueError', value: 'entry 7 does not balance', stacktrace: { frames } }];
  return { platform: 'python', level: 'error', release: 'ledger@1.0.0', exception: { values } };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
