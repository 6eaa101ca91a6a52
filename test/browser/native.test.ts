/** Native and .NET detail in Chromium, on the real server: registers, images, assemblies, minidumps. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { corpusRoot, reportMissingCorpus } from '../corpus.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { sendEvent, settle } from './served.ts';

const PROJECT = '/api/0/projects/stackmend/default';
const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];
let server: RunningServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  reportMissingCorpus('registers, images and minidumps in Chromium', 6);
  [server, browser] = await Promise.all([startServer(), launchChromium()]);
  watched = await openWatchedPage(browser, server.url);
  page = watched.page;
});
beforeEach(() => watched.complaints.splice(0));
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const section = (name: string) => page.getByRole('region', { name, exact: true });
const registers = () => page.locator('dl[aria-label="Registers"]');
const corpus = (path: string) => readFileSync(join(corpusRoot ?? '', path));
/** `[register, marks]` of those that are marked, as a screen reader says them. */
const marked = () =>
  registers()
    .locator('[data-marked]')
    .evaluateAll((rows) =>
      rows.map((row) => [
        row.querySelector('dt')?.textContent,
        [...row.querySelectorAll('[data-kind]')].map((mark) => mark.lastElementChild?.textContent).join(', '),
      ]),
    );

/** Opens the event once it is digested. */
async function open(id: string): Promise<void> {
  const groupId = await waitFor(async () => {
    const response = await fetch(`${server.url}${PROJECT}/events/${id}/`);
    return response.ok && ((await response.json()) as { groupID: string }).groupID;
  });
  await page.goto(`/issues/${groupId}/events/${id}/`);
  await settle(page);
}

async function imported(path: string): Promise<string> {
  const body = new Uint8Array(corpus(path));
  const response = await fetch(`${server.url}${PROJECT}/events/`, { method: 'POST', body });
  return ((await response.json()) as { eventIDs: string[] }).eventIDs[0] ?? '';
}

/** The event of an envelope of the corpus, to be changed and sent. */
function eventOf(path: string): Record<string, unknown> & { exception: { values: Record<string, unknown>[] } } {
  const line = corpus(path).toString().split('\n')[2] ?? '';
  const { event_id: _, ...event } = JSON.parse(line);
  return event;
}

/** What axe-core knows against the page, and whether it is wider than the window, in both widths and themes. */
async function faults(): Promise<string[]> {
  const found: string[] = [];
  for (const size of WIDTHS) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await settle(page);
      await page.evaluate(axe.source);
      const violations = await page.evaluate(async () => {
        const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
        const width = document.documentElement.scrollWidth;
        return [
          ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`),
          ...(width > window.innerWidth ? [`${width} pixels wide`] : []),
        ];
      });
      found.push(...violations.map((words) => `${size.width} ${colorScheme}: ${words}`));
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  const [wide] = WIDTHS;
  if (wide) await page.setViewportSize(wide);
  return found;
}

describe('the registers of a crash', () => {
  it.runIf(corpusRoot)('say where it was, on Windows', async () => {
    await open(await imported('native/windows_registers_threads.envelope'));
    await registers().waitFor();
    expect(await marked()).toEqual([
      ['rsp', 'stack pointer'],
      ['rip', 'program counter'],
    ]);
    // The event has no address of the access that failed, and none is made up.
    expect(await page.getByText(/^Fault address/).count()).toBe(0);
    expect(await section('Stack trace').getByText('from the registers (context)').isVisible()).toBe(true);
    expect(await faults()).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });

  it.runIf(corpusRoot)('say which of them is the address that failed, in the crashed thread alone', async () => {
    const event = eventOf('native/windows_registers_threads.envelope');
    const [exception] = event.exception.values;
    await open(
      await sendEvent(server, {
        ...event,
        // The dump of the same crash as Sentry would have read it; rcx has this value.
        exception: { values: [{ ...exception, value: 'EXCEPTION_ACCESS_VIOLATION_WRITE / 0x2175f237f10' }] },
      }),
    );
    await page.getByText(/^Fault address/).waitFor();
    expect(await page.getByText(/^Fault address/).textContent()).toContain('0x000002175f237f10');
    expect(await marked()).toContainEqual(['rcx', 'equals the fault address']);
    expect(await page.getByRole('list', { name: 'Marked registers' }).textContent()).toMatch(
      /program counter: rip.*stack pointer: rsp.*equals the fault address: rcx/,
    );
    expect(await faults()).toEqual([]);
    await section('Stack trace').getByRole('button', { name: 'Next thread' }).click();
    await registers().waitFor();
    expect(await page.getByText(/^Fault address/).count()).toBe(0);
    expect(watched.complaints).toEqual([]);
  });

  it.runIf(corpusRoot)('of a null pointer on arm64 blame no register that is 0', async () => {
    const event = JSON.parse(corpus('cocoa/ios_arm64_null_deref.json').toString());
    const { event_id: _, ...rest } = event;
    const mechanism = { type: 'mach', handled: false, meta: { mach_exception: { exception: 1, code: 1, subcode: 0 } } };
    const [exception] = event.exception.values;
    await open(
      await sendEvent(server, { ...rest, timestamp: undefined, exception: { values: [{ ...exception, mechanism }] } }),
    );
    await page.getByText(/It is within the first page/).waitFor();
    expect(await marked()).toEqual([
      ['sp', 'stack pointer'],
      ['pc', 'program counter'],
    ]);
    expect(watched.complaints).toEqual([]);
  });
});

describe('images', () => {
  it.runIf(corpusRoot)('are listed with what is known of them', async () => {
    const event = eventOf('native/windows_registers_threads.envelope');
    const meta = event['debug_meta'] as { images: Record<string, unknown>[] };
    const [first, ...others] = meta.images;
    const looked = {
      debug_status: 'missing',
      unwind_status: 'found',
      features: { has_unwind_info: true, has_symbols: true, has_sources: false },
      candidates: [{}, {}],
    };
    await open(await sendEvent(server, { ...event, debug_meta: { images: [{ ...first, ...looked }, 7, ...others] } }));
    await section('Debug images').getByRole('button', { name: 'Debug images' }).click();
    const image = page.getByRole('list', { name: 'Debug images' }).getByRole('listitem').first();
    await image.waitFor();
    expect(await image.textContent()).toMatch(
      /Missing.*sentry-playground\.exe.*debug file: missing.*unwind file: found.*has unwind information, symbols.*2 candidates/,
    );
    expect(await faults()).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });
});

describe('a .NET frame', () => {
  it.runIf(corpusRoot)('names its assembly, and the file that its module is in', async () => {
    await open(await imported('dotnet/serilog_pe_dotnet.json'));
    const origin = page.getByLabel('Origin of the code').first();
    await origin.waitFor();
    expect(await origin.textContent()).toMatch(
      /^Assembly.+Version.+Culture.+PublicKeyToken.+Path\/Users\/dev\/.+\.dll/,
    );
    expect(await faults()).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });

  it('links to its source as far as that can be followed, and nowhere else', async () => {
    const frame = (source_link: string) => ({
      function: 'Pay',
      filename: 'Till.cs',
      lineno: 3,
      in_app: true,
      source_link,
    });
    const send = (link: string) =>
      sendEvent(server, {
        platform: 'csharp',
        exception: { values: [{ type: `E ${link}`, value: 'x', stacktrace: { frames: [frame(link)] } }] },
      });
    await open(await send('https://example.com/o/r/Till.cs'));
    const origin = page.getByLabel('Origin of the code');
    const link = origin.getByRole('link');
    await link.waitFor();
    expect([await link.textContent(), await link.getAttribute('rel')]).toEqual([
      'https://example.com/o/r/Till.cs',
      'noopener noreferrer nofollow',
    ]);
    await open(await send('javascript:alert(document.domain)'));
    await origin.getByText('javascript:alert(document.domain)').waitFor();
    expect(await origin.getByRole('link').count()).toBe(0);
    expect(watched.complaints).toEqual([]);
  });
});

describe('a minidump', () => {
  /** A dump of nothing, where the corpus is absent. */
  const dump = () =>
    corpusRoot ? corpus('native/linux_null_dereference.dmp') : Buffer.concat([Buffer.from('MDMP'), Buffer.alloc(60)]);
  const says = async (name: string) => {
    const row = section('Attachments').getByRole('listitem').filter({ hasText: name });
    await row.getByText('Kept as it came, and not processed into frames.').waitFor();
    expect(await row.textContent()).toContain(`minidump-stackwalk ${name}`);
    return row;
  };

  it('that a crash uploader sent is an event that says what it is, and can be downloaded as it was', async () => {
    const { username, pathname } = new URL(server.dsn);
    const body = new FormData();
    body.append('sentry', JSON.stringify({ release: 'till@1.2', tags: { channel: 'beta' } }));
    body.append('ptype', 'browser');
    body.append('upload_file_minidump', new File([new Uint8Array(dump())], 'till.dmp'));
    const response = await fetch(`${server.url}/api${pathname}/minidump/?sentry_key=${username}`, {
      method: 'POST',
      body,
    });
    expect(response.status).toBe(200);
    const id = (await response.text()).replaceAll('-', '');
    await open(id);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Minidump');
    await section('Stack trace')
      .getByText('Its minidump was stored as an attachment, and not processed into frames.')
      .first()
      .waitFor();
    const row = await says('till.dmp');
    expect(await faults()).toEqual([]);
    const href = await row.getByRole('link').getAttribute('href');
    const downloaded = await fetch(new URL(href ?? '', server.url));
    expect(Buffer.from(await downloaded.arrayBuffer()).equals(dump())).toBe(true);
    expect(watched.complaints).toEqual([]);
  });

  it('in an envelope of sentry-native says the same', async () => {
    const { username, pathname } = new URL(server.dsn);
    const id = 'c'.repeat(32);
    const event = JSON.stringify({
      platform: 'native',
      level: 'fatal',
      sdk: { name: 'sentry.native', version: '0.13' },
    });
    const bytes = dump();
    const item = {
      type: 'attachment',
      length: bytes.length,
      attachment_type: 'event.minidump',
      filename: 'native.dmp',
    };
    const head = `{"event_id":"${id}"}\n{"type":"event","length":${event.length}}\n${event}\n${JSON.stringify(item)}\n`;
    const response = await fetch(`${server.url}/api${pathname}/envelope/?sentry_key=${username}`, {
      method: 'POST',
      body: new Uint8Array(Buffer.concat([Buffer.from(head), bytes])),
    });
    expect(response.status).toBe(200);
    await open(id);
    await says('native.dmp');
    expect(watched.complaints).toEqual([]);
  });
});
