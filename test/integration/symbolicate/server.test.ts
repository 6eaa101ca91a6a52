/** Frames of minified files, over the real server: events by envelope, uploads in its database, answers of the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceMapDebug, Symbolicated } from '../../../server/protocol/contract.ts';
import { type RunningServer, startServer } from '../../server.ts';
import { type Built, buildProgram } from '../../unit/server/artifacts/symbolicate/built.ts';
import {
  ask,
  browserEvent,
  DEBUG_ID,
  exceptionOf,
  PATIENCE_MS,
  placesOf,
  send,
  stackmend,
  stored,
  upload,
} from './harness.ts';

let server: RunningServer;
let built: Built;
beforeAll(async () => {
  [server, built] = await Promise.all([startServer(), buildProgram()]);
}, PATIENCE_MS);
afterAll(() => server?.stop());

const MAPPED = [
  '? https://shop.example/assets/index.js:1',
  '? ../../src/main.ts:9',
  'start ../../src/main.ts:5',
  'twice ../../node_modules/fancy-lib/index.js:4',
  '? ../../src/main.ts:6',
  'checkout ../../src/checkout.ts:19',
  'finishPayment ../../src/checkout.ts:15',
  'charge ../../src/checkout.ts:7',
];

const files = (debugId: string | null = null) => [
  { text: built.code, debugId },
  { url: '~/assets/index.js.map', text: built.map, debugId },
];
const debug = (id: string) => ask<SourceMapDebug>(server, 'GET', `events/${id}/source-map-debug/`);
const again = (id: string) => ask<Symbolicated>(server, 'POST', `events/${id}/symbolicate/`);
const reasons = ({ frames }: SourceMapDebug) => [...new Set(frames.flatMap(({ reason }) => reason ?? []))];

describe('an event whose maps are uploaded', { timeout: PATIENCE_MS }, () => {
  it('is shown, titled and grouped by its sources', async () => {
    await upload(server, { files: files(DEBUG_ID) });
    const [id = ''] = await send(server, browserEvent({ frames: built.frames, debugId: DEBUG_ID, type: 'FirstError' }));
    const event = await stored(server, id);
    expect(placesOf(event)).toEqual(MAPPED);
    expect(event).toMatchObject({
      title: 'FirstError: amount of order 12 must be positive',
      culprit: 'charge(src/checkout)',
      location: '../../src/checkout.ts',
      errors: [],
    });
    const { stacktrace, rawStacktrace } = exceptionOf(event);
    expect(rawStacktrace?.frames.map((frame) => frame.function)).toEqual(built.frames.map((frame) => frame.function));
    expect(stacktrace?.frames.map(({ inApp }) => inApp)).toEqual([false, true, true, false, true, true, true, true]);
    expect(stacktrace?.frames.at(-1)).toMatchObject({
      absPath: 'https://shop.example/src/checkout.ts',
      map: 'index.js.map',
      mapUrl: 'https://shop.example/assets/index.js.map',
      origFunction: 't.charge',
      origLineNo: 1,
    });
    expect(stacktrace?.frames.at(-1)?.context).toHaveLength(11);
    expect(reasons(await debug(id))).toEqual([]);
  });

  it('lands in one issue with the same error of another build', async () => {
    const other = await buildProgram({ url: 'https://shop.example/assets/index-Xy7_9aBc.js', isOther: true });
    const debugId = DEBUG_ID.replace('d0', 'e1');
    const url = '~/assets/index-Xy7_9aBc.js';
    await upload(server, {
      files: [
        { url, text: other.code, debugId },
        { url: `${url}.map`, text: other.map, debugId },
      ],
    });
    const [one = '', two = ''] = await send(
      server,
      browserEvent({ frames: built.frames, debugId: DEBUG_ID, type: 'BuildError' }),
      browserEvent({ frames: other.frames, debugId, type: 'BuildError' }),
    );
    const [first, second] = [await stored(server, one), await stored(server, two)];
    const names = (frames: Built['frames']) => frames.map((frame) => frame.function);
    expect(names(other.frames)).not.toEqual(names(built.frames));
    expect(placesOf(second).slice(-3)).toEqual(MAPPED.slice(-3));
    expect(second.groupID).toBe(first.groupID);
  });
});

describe('a late upload', { timeout: PATIENCE_MS }, () => {
  it('maps the stored event when it is asked to, and the next one lands in the same issue', async () => {
    const event = browserEvent({ frames: built.frames, release: 'late', type: 'LateError' });
    const [first = ''] = await send(server, event);
    const before = await stored(server, first);
    expect(before.culprit).toContain('index.js');
    // The upload for debug ids has a file of this name, and the event has none.
    expect(reasons(await debug(first))).toEqual(['no_debug_id']);

    await upload(server, { release: 'late', files: files() });
    const late = await debug(first);
    expect(late.canSymbolicateAgain).toBe(true);
    expect(reasons(late)).toEqual(['uploaded_after_event']);

    expect(await again(first)).toEqual({ frames: 8, mapped: 7, mappedBefore: 0 });
    const after = await stored(server, first);
    expect(placesOf(after)).toEqual(MAPPED);
    expect(after).toMatchObject({ groupID: before.groupID, culprit: 'charge(src/checkout)', errors: [] });
    const issue = await fetch(`${server.url}/api/0/issues/${before.groupID}/`).then((answer) => answer.json());
    expect(issue).toMatchObject({ culprit: 'charge(src/checkout)', metadata: { filename: '../../src/checkout.ts' } });

    expect(await again(first)).toEqual({ frames: 8, mapped: 7, mappedBefore: 7 });
    expect(await stored(server, first)).toEqual(after);
    expect((await debug(first)).canSymbolicateAgain).toBe(false);

    const [next = ''] = await send(server, event);
    expect(await stored(server, next)).toMatchObject({ groupID: before.groupID });
    expect(placesOf(await stored(server, next))).toEqual(MAPPED);
  });

  it('changes the issue by its newest event alone', async () => {
    const event = (name: string, at: number) =>
      browserEvent({ frames: built.frames, release: 'order', fingerprint: ['order'], type: name, timestamp: at });
    const now = Date.now() / 1000;
    const [older = '', newer = ''] = await send(server, event('Older', now - 60), event('Newer', now));
    const { groupID } = await stored(server, newer);
    await stored(server, older);
    await upload(server, { release: 'order', files: files() });
    const culprit = async () =>
      ((await fetch(`${server.url}/api/0/issues/${groupID}/`).then((answer) => answer.json())) as { culprit: string })
        .culprit;
    const minified = await culprit();
    await again(older);
    expect(await culprit()).toBe(minified);
    await again(newer);
    expect(await culprit()).toBe('charge(src/checkout)');
  });

  it('is of use to the commands: why, all events of the release, and why no more', async () => {
    const events = Array.from({ length: 30 }, () =>
      browserEvent({ frames: built.frames, release: 'many', type: 'ManyError' }),
    );
    const ids = await send(server, ...events);
    for (const id of ids) await stored(server, id);
    const [id = ''] = ids;
    const explained = await stackmend(server, 'sourcemaps', 'explain', id);
    expect(explained.stdout).toContain('exception 1, frame 8 in https://shop.example/assets/index.js: not mapped');
    expect(explained.stdout).toContain('sentry-cli sourcemaps inject ./dist && sentry-cli sourcemaps upload ./dist');

    await upload(server, { release: 'many', files: files() });
    const remote = ['--url', server.url];
    const done = await stackmend(
      server,
      'sourcemaps',
      'symbolicate',
      '--release',
      'many',
      '--project',
      'default',
      ...remote,
    );
    expect(done).toEqual({ code: 0, stdout: '30 events: 210 of 240 frames mapped (0 before).\n', stderr: '' });
    const one = await stackmend(server, 'sourcemaps', 'symbolicate', id);
    expect(one.stdout).toBe('1 event: 7 of 8 frames mapped (as before).\n');
    const json = await stackmend(server, 'sourcemaps', 'explain', id, '--json', ...remote);
    expect(reasons(JSON.parse(json.stdout))).toEqual([]);
  });

  it.each([
    [['explain', 'nonsense'], /"?nonsense"? is no event id/],
    [['explain', '0'.repeat(32)], /There is no event/],
    [['symbolicate'], /Say which events/],
    [['symbolicate', '--release', '1'], /Say which events/],
    [['symbolicate', '--release', '1', '--project', 'nowhere'], /No project has the slug "nowhere"/],
  ])('and commands that are used wrongly say so: %j', async (args, message) => {
    const { code, stderr } = await stackmend(server, 'sourcemaps', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
