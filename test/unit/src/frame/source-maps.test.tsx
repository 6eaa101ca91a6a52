import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, test } from 'vitest';
import type { Event, Frame, SourceMapDebug, SourceMapReason } from '../../../../server/protocol/contract.ts';
import { commandsFor } from '../../../../src/frame/source-map-commands.ts';
import { groupByReason, looksUnmapped, summaryOf, withReason } from '../../../../src/frame/source-map-facts.ts';
import { event, issue } from '../app/fixtures.ts';
import { type Answers, openPage, refuse } from '../app/render-app.tsx';
import { localUser, reader } from '../pages/people.ts';

const minified = (part: Partial<Frame> = {}): Frame => ({
  filename: '/assets/index-1a2b.js',
  absPath: 'https://shop.example/assets/index-1a2b.js',
  function: 'r',
  lineNo: 1,
  colNo: 4711,
  context: [],
  inApp: true,
  ...part,
});
const mapped = minified({
  filename: '../../src/till.ts',
  absPath: 'https://shop.example/src/till.ts',
  function: 'pay',
  lineNo: 12,
  context: [[12, '  throw new Error("no change");']],
  map: 'index-1a2b.js.map',
});
const shopEvent = (frames: Frame[], change: Partial<Event> = {}): Event =>
  event({
    platform: 'javascript',
    release: { version: 'shop@1.4.0' },
    dist: 'web',
    entries: [
      {
        type: 'exception',
        data: {
          values: [{ type: 'Error', value: 'no change', stacktrace: { frames, hasSystemFrames: false } }],
          excOmitted: null,
        },
      },
    ],
    ...change,
  });

const told = (reasons: readonly (SourceMapReason | null)[], part: Partial<SourceMapDebug> = {}): SourceMapDebug => ({
  frames: reasons.map((reason, frameIndex) => ({
    exceptionIndex: 0,
    frameIndex,
    status: reason === null ? 'not_needed' : reason === 'source_not_included' ? 'mapped' : 'unmapped',
    reason,
    detail: reason && `Detail of ${reason}.`,
    nextStep: reason && `Run \`something\` for ${reason}.`,
  })),
  canSymbolicateAgain: false,
  ...part,
});

const eventPath = `/projects/stackmend/checkout/events/${event().eventID}/`;
const server = (frames: Frame[], debug: SourceMapDebug, more: Answers = {}): Answers => ({
  'GET /': () => localUser,
  'GET /organizations/stackmend/issues/7/': () => issue(),
  'GET /organizations/stackmend/issues/7/events/recommended/': () => shopEvent(frames),
  [`GET ${eventPath}source-map-debug/`]: () => debug,
  ...more,
});
const notice = () => screen.findByRole('region', { name: 'Source maps' });

describe('why frames are not mapped', () => {
  it('is said once above several, and in the frame that is open', async () => {
    const { user } = openPage(
      '/issues/7/',
      server([minified({ lineNo: 2 }), minified()], told(['no_debug_id', 'no_debug_id'])),
    );
    const box = within(await notice());
    const fold = box.getByRole('button', { name: '2 frames are not mapped: their files have no debug id' });
    expect(fold).toHaveAttribute('aria-expanded', 'false');
    const frame = within(screen.getByRole('list', { name: 'Frames' }));
    expect(frame.getAllByText('Not mapped.')).toHaveLength(1);
    expect(frame.getByText(/Detail of no_debug_id/)).toHaveTextContent('Run something for no_debug_id.');
    await user.click(fold);
    const commands = box.getAllByRole('list', { name: 'Commands' }).map((list) => list.textContent);
    expect(commands).toEqual([expect.stringContaining('sentry-cli sourcemaps inject ./dist')]);
    expect(commands[0]).toContain('--release=shop@1.4.0 --dist=web ./dist');
    expect(box.getByRole('link')).toHaveAttribute('href', '/settings/source-maps/?project=checkout');
  });

  it('is not asked for, and not said, where every frame is readable', async () => {
    const { sent } = openPage('/issues/7/', server([mapped, mapped], told([])));
    await screen.findByText('throw');
    // What is asked for when the page has a moment.
    await waitFor(() => expect(sent.some(({ path }) => path.endsWith('/tags/'))).toBe(true));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(sent.some(({ path }) => path.endsWith('/source-map-debug/'))).toBe(false);
  });

  it('is said of a single frame in the frame alone, which can be opened for it', async () => {
    const bare = minified({ absPath: null, filename: 'https://shop.example/x.js', colNo: 3 });
    const { user } = openPage('/issues/7/', server([bare, mapped], told(['debug_id_unknown', null])));
    // The newest frame is open; this one has nothing else to show.
    await waitFor(() => expect(screen.getAllByRole('button', { name: 'Toggle Context' })).toHaveLength(2));
    await user.click(screen.getAllByRole('button', { name: 'Toggle Context' })[1] as HTMLElement);
    expect(await screen.findByText(/Detail of debug_id_unknown/)).toBeVisible();
    expect(screen.queryByRole('region', { name: 'Source maps' })).toBeNull();
    expect(screen.queryByRole('list', { name: 'Commands' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Show the commands' }));
    expect(screen.getByRole('list', { name: 'Commands' })).toHaveTextContent(/sentry-cli .* sourcemaps upload/);
  });

  it('names the uploads that come near', async () => {
    const debug = told(['release_differs', 'release_differs']);
    for (const frame of debug.frames) {
      frame.nearest = [
        { release: 'shop@1.3.9', dist: null, dateCreated: new Date().toISOString() },
        { release: 'shop@1.3.8', dist: 'web', dateCreated: null },
      ];
    }
    openPage('/issues/7/', server([minified({ lineNo: 2 }), minified()], debug));
    const list = await screen.findByRole('list', { name: 'Uploads that have the file' });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual(['release shop@1.3.9, no dist, just now', 'release shop@1.3.8, dist web']);
  });

  it('can be dismissed for a project until there is another reason', async () => {
    const frames = [minified({ lineNo: 2 }), minified()];
    const first = openPage('/issues/7/', server(frames, told(['no_debug_id', 'no_debug_id'])));
    await first.user.click(within(await notice()).getByRole('button', { name: /^Do not show this again/ }));
    expect(screen.queryByRole('region', { name: 'Source maps' })).toBeNull();
    expect(localStorage.getItem('stackmend-source-maps-checkout')).toBe('no_debug_id');
    cleanup();
    openPage('/issues/7/', server(frames, told(['no_artifacts', 'no_artifacts'])));
    expect(await screen.findByRole('button', { name: /this project has no uploaded source maps/ })).toBeVisible();
  });

  it('says so when it could not be loaded, and asks again', async () => {
    let isBroken = true;
    const { user } = openPage(
      '/issues/7/',
      server([minified({ lineNo: 2 }), minified()], told([]), {
        [`GET ${eventPath}source-map-debug/`]: () =>
          isBroken ? refuse(500, 'The disk is full.')() : told(['no_position', 'no_position']),
      }),
    );
    expect(await screen.findByText(/could not be loaded: The disk is full/)).toBeVisible();
    isBroken = false;
    await user.click(within(await notice()).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('button', { name: /they have no line or no column/ })).toBeVisible();
  });
});

describe('symbolicating again', () => {
  const late = told(['uploaded_after_event', 'uploaded_after_event'], { canSymbolicateAgain: true });

  it('maps the event, says how many frames, and draws it anew', async () => {
    let isMapped = false;
    const { user, sent } = openPage(
      '/issues/7/',
      server([], late, {
        'GET /organizations/stackmend/issues/7/events/recommended/': () =>
          shopEvent(isMapped ? [mapped, mapped] : [minified({ lineNo: 2 }), minified()]),
        [`GET ${eventPath}source-map-debug/`]: () => (isMapped ? told([null, null]) : late),
        [`POST ${eventPath}symbolicate/`]: () => {
          isMapped = true;
          return { frames: 2, mapped: 2, mappedBefore: 0 };
        },
      }),
    );
    await user.click(within(await notice()).getByRole('button', { name: 'Symbolicate again' }));
    expect(await screen.findByText('2 of 2 frames are mapped now')).toBeVisible();
    expect(await screen.findByText('pay', { selector: '*:not(b)' })).toBeVisible();
    expect(screen.queryByText(/not mapped/i)).toBeNull();
    await waitFor(async () => expect(await notice()).toHaveFocus());
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('says when it changed nothing, and when it failed', async () => {
    let result: () => unknown = () => ({ frames: 2, mapped: 0, mappedBefore: 0 });
    const { user } = openPage(
      '/issues/7/',
      server([minified({ lineNo: 2 }), minified()], late, { [`POST ${eventPath}symbolicate/`]: () => result() }),
    );
    const button = () => notice().then((box) => within(box).findByRole('button', { name: 'Symbolicate again' }));
    await user.click(await button());
    expect(await screen.findByText('0 of 2 frames are mapped, as before')).toBeVisible();
    result = refuse(503, 'Too busy.');
    await user.click(await button());
    expect(await screen.findByText('The event could not be symbolicated: Too busy.')).toBeVisible();
  });

  it('tells who may not what is missing', async () => {
    const { user, sent } = openPage(
      '/issues/7/',
      server([minified({ lineNo: 2 }), minified()], late, { 'GET /': () => reader }),
    );
    const button = await within(await notice()).findByRole('button', { name: 'Symbolicate again' });
    await waitFor(() => expect(button).toHaveAttribute('aria-disabled', 'true'));
    expect(button).toHaveAccessibleDescription(/You need the permission event:write/);
    await user.click(button);
    expect(sent.some(({ method }) => method === 'POST')).toBe(false);
  });
});

it('shows a stack trace of no exception as it came, when asked', async () => {
  const trace = (frame: Frame) => ({ frames: [frame], hasSystemFrames: false });
  const data = { ...trace(mapped), rawStacktrace: trace(minified()) };
  const { user } = openPage(
    '/issues/7/',
    server([], told([]), {
      'GET /organizations/stackmend/issues/7/events/recommended/': () =>
        shopEvent([], { entries: [{ type: 'stacktrace', data }] }),
    }),
  );
  const frames = await screen.findByRole('list', { name: 'Frames' });
  expect(frames).toHaveTextContent('src/till.ts:12:4711 in pay');
  await user.click(screen.getByRole('checkbox', { name: 'Minified', hidden: true }));
  await waitFor(() => expect(frames).toHaveTextContent('/assets/index-1a2b.js:1:4711 in r'));
  expect(frames).not.toHaveTextContent('src/till.ts');
});

test.each<[string, Partial<Frame>, boolean]>([
  ['a built file', {}, true],
  ['an address with a query', { absPath: 'https://a.example/x.js?v=1' }, true],
  ['a module of Node itself', { absPath: 'node:internal/timers', filename: 'node:internal/timers' }, false],
  ['a page', { absPath: 'https://a.example/cart', filename: '/cart' }, false],
  ['native code', { platform: 'native' }, false],
  ['source that a person wrote', { context: [[1, 'pay()']] }, false],
  ['one line of thousands', { context: [[1, 'a'.repeat(301)]] }, true],
  ['a part of such a line', { context: [[1, '{snip} t>0)throw RangeError(e) {snip}']] }, true],
  ['a long line that was mapped', { context: [[1, 'a'.repeat(301)]], map: 'x.js.map' }, false],
  ['a mapped file whose source is missing', { absPath: 'webpack:///src/a.vue', map: 'x.js.map' }, true],
])('looks unmapped or not: %s', (_, part, expected) => {
  expect(looksUnmapped(minified(part), 'javascript')).toBe(expected);
});

test.each<[(SourceMapReason | null)[], string]>([
  [['no_debug_id'], '1 frame is not mapped: its file has no debug id'],
  [[null, 'no_mapping', 'no_mapping'], '2 frames are not mapped: their maps have nothing for these positions'],
  [
    ['no_debug_id', 'no_debug_id', 'no_position', 'source_not_included'],
    '3 frames are not mapped, for 2 reasons; 1 is mapped without source',
  ],
  [
    ['no_debug_id', 'source_not_included'],
    '1 frame is not mapped: its file has no debug id; 1 is mapped without source',
  ],
  [
    ['source_not_included', 'source_not_included'],
    '2 frames are mapped without source: their maps lack the source text',
  ],
])('sums up %j', (reasons, words) => {
  expect(summaryOf(groupByReason(withReason(told(reasons))))).toBe(words);
});

describe('the commands', () => {
  const target = { url: 'http://127.0.0.1:8765', project: 'checkout' };
  const uploadFor = (release: string | null, dist: string | null = null) =>
    commandsFor('debug_id_unknown', target, { release, dist })[0]?.code;

  it('name the server, the project and the release', () => {
    expect(uploadFor('shop@1.4.0+7', 'web')).toBe(
      'sentry-cli --url http://127.0.0.1:8765 sourcemaps upload --org stackmend --project=checkout --release=shop@1.4.0+7 --dist=web ./dist',
    );
    expect(commandsFor('no_mapping', target, {})).toEqual([]);
    const moved = commandsFor('file_not_found', target, { release: '1' }, 'https://a.example/static/js/x.js?v=1')[0]
      ?.code;
    expect(moved).toContain(" --release=1 --url-prefix='~/static/js/' ./dist");
  });

  test.each([
    ["x'; rm -rf ~ #", " --release='x'\\''; rm -rf ~ #' "],
    ['$(id)', " --release='$(id)' "],
    ['two words', " --release='two words' "],
    ['a\u001b[201~\nid\n', ' ./dist'],
  ])('run nothing that came with an event: %j', (release, part) => {
    const code = uploadFor(release);
    expect(code).toContain(part);
    expect(code).not.toContain('\n');
  });
});
