import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { MappedFrame } from '../../../../../server/artifacts/symbolicate/answer.ts';
import { buildProgram } from './built.ts';
import { DEBUG_ID, mapOf, mappedWith, OTHER_ID, openStore, PROJECT, URL, withDebugId } from './store.ts';

let uploads: Awaited<ReturnType<typeof openStore>>;
beforeEach(async () => {
  uploads = await openStore();
});
afterEach(() => uploads.close());

const JS = { url: '~/assets/index.js', text: 't();' };
const mapFile = (name: string, more: object = {}) => ({ url: '~/assets/index.js.map', text: mapOf(name), ...more });

describe('a real program, built and minified by Vite', () => {
  it('is shown with the functions, lines and text of its sources', async () => {
    const { code, map, frames } = await buildProgram();
    await uploads.upload({
      release: '1',
      files: [
        { ...JS, text: code },
        { url: '~/assets/index.js.map', text: map },
      ],
    });
    const { stacks } = await uploads.symbolicate({
      projectId: PROJECT,
      release: '1',
      dist: null,
      debugIds: [],
      stacks: [frames],
    });
    const shown = (stacks[0] ?? []).map((frame) =>
      frame?.status === 'mapped'
        ? `${frame.function} ${frame.absPath}:${frame.line} ${frame.isLibrary}`
        : frame?.reason,
    );
    expect(shown).toEqual([
      'no_mapping',
      'null https://shop.example/src/main.ts:9 false',
      'start https://shop.example/src/main.ts:5 false',
      'twice https://shop.example/node_modules/fancy-lib/index.js:4 true',
      'null https://shop.example/src/main.ts:6 false',
      'checkout https://shop.example/src/checkout.ts:19 false',
      'finishPayment https://shop.example/src/checkout.ts:15 false',
      'charge https://shop.example/src/checkout.ts:7 false',
    ]);
    expect(stacks[0]?.at(-1)).toMatchObject({
      filename: '../../src/checkout.ts',
      module: 'src/checkout',
      column: 17,
      context: {
        before: [
          '',
          'export class Register {',
          '  #open = true;',
          '  charge(order: Order): number {',
          '    if (order.amount <= 0) {',
        ],
        line: expect.stringContaining('throw new RangeError(`amount of order'),
        after: ['    }', '    return this.#open ? order.amount : 0;', '  }', '}', ''],
      },
      mapUrl: 'https://shop.example/assets/index.js.map',
      resolvedWith: 'release',
    });
  });
});

describe('which upload is taken', () => {
  it('that of the debug id, before the release', async () => {
    await uploads.upload({ release: '1', files: [JS, mapFile('release')] });
    await uploads.upload({ files: [{ ...JS, debugId: DEBUG_ID }, mapFile('debugid', { debugId: DEBUG_ID })] });
    expect(mappedWith(await uploads.map({}, withDebugId()))).toBe('debugid');
    expect(mappedWith(await uploads.map())).toBe('release');
  });

  it('by debug id, whatever the file is called and whatever the release is', async () => {
    const url = '~/elsewhere/x.js';
    await uploads.upload({
      release: '9',
      files: [
        { url, text: '', debugId: DEBUG_ID },
        { ...mapFile('any', { debugId: DEBUG_ID }), url: `${url}.map` },
      ],
    });
    expect(await uploads.map({}, { ...withDebugId(), release: null })).toMatchObject({
      resolvedWith: 'debug-id',
      // Beside the file as it is served.
      mapUrl: 'https://shop.example/assets/x.js.map',
      absPath: 'https://shop.example/src/any.ts',
    });
  });

  it('by the debug id of the uploaded file, when the event knows none', async () => {
    await uploads.upload({ release: '1', files: [{ ...JS, debugId: DEBUG_ID }] });
    await uploads.upload({ files: [{ ...mapFile('own', { debugId: DEBUG_ID }), url: '~/b.map' }] });
    expect(mappedWith(await uploads.map())).toBe('own');
  });

  it('by the debug id that stands in the uploaded file', async () => {
    await uploads.upload({ release: '1', files: [{ ...JS, text: `t();\n//# debugId=${DEBUG_ID}\n` }] });
    await uploads.upload({ files: [{ ...mapFile('comment', { debugId: DEBUG_ID }), url: '~/b.map' }] });
    expect(mappedWith(await uploads.map())).toBe('comment');
  });

  it('never one of another build: the release has the address with another debug id', async () => {
    await uploads.upload({
      release: '1',
      files: [{ ...JS, debugId: OTHER_ID }, mapFile('other', { debugId: OTHER_ID })],
    });
    expect(await uploads.map({}, withDebugId())).toMatchObject({ status: 'unmapped', reason: 'debug_id_unknown' });
  });

  it('never one of another project, not by debug id either', async () => {
    await uploads.upload({ project: 1, release: '1', files: [JS, mapFile('foreign', { debugId: DEBUG_ID })] });
    expect(await uploads.map({}, withDebugId())).toMatchObject({ reason: 'debug_id_unknown' });
    expect(await uploads.map()).toMatchObject({ reason: 'file_not_found' });
  });

  test.each([
    ['the whole address', 'https://shop.example/assets/index.js', URL],
    ['the whole address with its query', 'https://shop.example/assets/index.js?v=1', `${URL}?v=1`],
    ['the address without the query', 'https://shop.example/assets/index.js', `${URL}?v=1`],
    ['any host', '~/assets/index.js', URL],
    ['any host, with the query', '~/assets/index.js?v=1', `${URL}?v=1`],
    ['any host, without the query', '~/assets/index.js', `${URL}?v=1#top`],
    ['a path of a server', '/srv/app/index.js', '/srv/app/index.js'],
    ['an app', 'app:///assets/index.js', 'app:///assets/index.js'],
    ['an app as any host', '~/assets/index.js', 'app:///assets/index.js'],
    ['what browsers encode', '~/_next/[id]/index.js', 'https://shop.example/_next/%5Bid%5D/index.js?dpl=1'],
    ['what was uploaded encoded', '~/my%20shop/index.js', 'https://shop.example/my%20shop/index.js'],
    ['a file of Windows', 'file:///C:/My Shop/index.js', 'file:///C:/My%20Shop/index.js'],
    ['a name that only looks encoded', '~/100%/index.js', 'https://shop.example/100%/index.js'],
  ])('by release, by %s', async (_, url, frameUrl) => {
    await uploads.upload({
      release: '1',
      files: [
        { url, text: '//# sourceMappingURL=x.map' },
        { url: url.replace(/index.js.*/, 'x.map'), text: mapOf('found') },
      ],
    });
    expect(mappedWith(await uploads.map({ url: frameUrl }))).toBe('found');
  });

  it('the exact address before any host', async () => {
    await uploads.upload({ release: '1', files: [JS, mapFile('tilde')] });
    await uploads.upload({
      release: '1',
      files: [
        { ...JS, url: URL },
        { url: `${URL}.map`, text: mapOf('exact') },
      ],
    });
    expect(mappedWith(await uploads.map())).toBe('exact');
  });

  it('that of the dist alone', async () => {
    await uploads.upload({ release: '1', files: [JS, mapFile('none')] });
    await uploads.upload({ release: '1', dist: 'b', files: [JS, mapFile('b')] });
    expect(mappedWith(await uploads.map())).toBe('none');
    expect(mappedWith(await uploads.map({}, { dist: 'b' }))).toBe('b');
    expect(await uploads.map({}, { dist: 'c' })).toMatchObject({ reason: 'dist_differs' });
  });

  test.each([
    [
      'what was said of the file',
      { ...JS, sourceMapUrl: 'maps/a.map', text: '//# sourceMappingURL=no.map' },
      '~/assets/maps/a.map',
    ],
    [
      'its last comment',
      { ...JS, text: '//# sourceMappingURL=no.map\nx\n//# sourceMappingURL=a.map' },
      '~/assets/a.map',
    ],
    ['an older comment', { ...JS, text: '//@ sourceMappingURL=/a.map' }, '~/a.map'],
    ['a comment with the way up', { ...JS, text: '//# sourceMappingURL=../../../a.map' }, '~/a.map'],
    ['a comment with an address', { ...JS, text: '//# sourceMappingURL=https://cdn.example/a.map' }, '~/a.map'],
    ['its name', JS, '~/assets/index.js.map'],
  ])('the map by %s', async (_, file, url) => {
    await uploads.upload({ release: '1', files: [file, { url, text: mapOf('found') }] });
    expect(mappedWith(await uploads.map())).toBe('found');
  });

  it('a map without its file', async () => {
    await uploads.upload({ release: '1', files: [mapFile('alone')] });
    expect(mappedWith(await uploads.map())).toBe('alone');
  });

  test.each([
    ['base 64', (map: string) => `data:application/json;charset=utf-8;base64,${Buffer.from(map).toString('base64')}`],
    ['percents', (map: string) => `data:application/json,${encodeURIComponent(map)}`],
  ])('a map in the file itself, in %s', async (_, toUrl) => {
    await uploads.upload({
      release: '1',
      files: [{ ...JS, text: `t();\n//# sourceMappingURL=${toUrl(mapOf('inline'))}` }],
    });
    expect(await uploads.map()).toMatchObject({ status: 'mapped', mapUrl: URL, filename: '../src/inline.ts' });
  });

  it('is asked for again once something was uploaded, and not before', async () => {
    expect(await uploads.map()).toMatchObject({ reason: 'file_not_found' });
    await uploads.upload({ release: '1', files: [JS, mapFile('late')] });
    expect(mappedWith(await uploads.map())).toBe('late');
    const reads = uploads.reads.length;
    await uploads.map();
    expect(uploads.reads.length).toBe(reads);
  });
});

describe('text of a source that the map leaves out', () => {
  const bare = mapOf('bare', { sourcesContent: [null] });

  it('is null, and the frame is mapped all the same', async () => {
    await uploads.upload({ release: '1', files: [JS, { url: '~/assets/index.js.map', text: bare }] });
    expect(await uploads.map()).toMatchObject({ status: 'mapped', line: 3, column: 5, context: null });
  });

  it('comes from an uploaded file at its address', async () => {
    const source = { url: '~/src/bare.ts', type: 'source', text: 'a\nb\nthrow bare\nd' };
    await uploads.upload({ release: '1', files: [JS, { url: '~/assets/index.js.map', text: bare }, source] });
    expect(await uploads.map()).toMatchObject({ context: { before: ['a', 'b'], line: 'throw bare', after: ['d'] } });
  });

  it('comes from an uploaded file of the same upload, by debug id', async () => {
    const source = { url: 'https://shop.example/src/bare.ts', type: 'source', text: 'a\nb\nthrow it' };
    await uploads.upload({ files: [{ ...mapFile('bare', { debugId: DEBUG_ID }), text: bare }, source] });
    expect(await uploads.map({}, withDebugId())).toMatchObject({ context: { line: 'throw it' } });
  });
});

describe('frames that are no good', () => {
  const one = async (map: string, frame: object = {}) => {
    await uploads.upload({ release: '1', files: [JS, { url: '~/assets/index.js.map', text: map }] });
    return uploads.map(frame);
  };

  test.each([
    ['no line', { line: null }, 'no_position'],
    ['line 0', { line: 0 }, 'no_position'],
    ['no column', { column: null }, 'no_position'],
    ['a line beyond the file', { line: 1_000_000_000 }, 'no_mapping'],
  ])('with %s are not mapped', async (_, frame, reason) => {
    expect(await one(mapOf('a'), frame)).toMatchObject({ status: 'unmapped', reason });
  });

  it('with a huge column are mapped with the last mapping of the line', async () => {
    expect(await one(mapOf('a'), { column: Number.MAX_SAFE_INTEGER })).toMatchObject({ status: 'mapped', line: 3 });
  });

  it('with column 0, which some engines count from, are mapped with the first', async () => {
    expect(await one(mapOf('a'), { column: 0 })).toMatchObject({ status: 'mapped', line: 3 });
  });

  test.each([
    ['that is no JSON', '<!doctype html>', 'source_map_unreadable', /not JSON/],
    ['that is a page', '\n<!doctype html>', 'source_map_unreadable', /^It is not JSON but a page/],
    ['that is empty', '', 'source_map_unreadable', /^It is empty\.$/],
    ['that is cut off', mapOf('a').slice(0, -9), 'source_map_unreadable', /cut off/],
    ['with nonsense for mappings', mapOf('a', { mappings: '%' }), 'source_map_unreadable', /character 0/],
    ['nested beyond the stack', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'source_map_unreadable', /no object/],
    ['that maps to nothing', mapOf('a', { mappings: 'A' }), 'no_mapping', null],
    ['that maps to a source that it does not have', mapOf('a', { mappings: 'ACAA' }), 'no_mapping', null],
    ['whose source has no name', mapOf('a', { sources: [null] }), 'no_mapping', null],
  ])('of a map %s say so', async (_, map, reason, detail) => {
    const answer = await one(map);
    expect(answer).toMatchObject({ status: 'unmapped', reason });
    if (detail) expect(answer).toHaveProperty('detail', expect.stringMatching(detail));
  });

  it('do not keep the others from being mapped', async () => {
    await uploads.upload({ release: '1', files: [JS, mapFile('good'), { url: '~/bad.js.map', text: '{' }] });
    const bad = { url: 'https://shop.example/bad.js', line: 1, column: 1, function: null };
    const good = { ...bad, url: URL };
    const { stacks } = await uploads.symbolicate({
      projectId: PROJECT,
      release: '1',
      dist: null,
      debugIds: [],
      stacks: [[bad, good, { ...bad, url: null }]],
    });
    expect(stacks[0]?.map((answer) => answer?.status ?? null)).toEqual(['unmapped', 'mapped', null]);
  });

  it('of a map of 64 MB are refused without reading it', async () => {
    expect(await one(mapOf('a', { padding: ' '.repeat(64_000_000) }))).toMatchObject({
      reason: 'source_map_too_large',
      detail: 'It has 62 MiB; up to 50 MiB are read.',
    });
    // The file itself is read, for what it says of its map.
    expect(uploads.reads.length).toBe(1);
  });

  it('of a map that ended a thread are refused', async () => {
    await uploads.upload({ release: '1', files: [JS, mapFile('a')] });
    const [row] = await uploads.store.filesByUrl(PROJECT, '1', ['~/assets/index.js.map']);
    uploads.refused.add(row?.checksum ?? '');
    expect(await uploads.map()).toMatchObject({ reason: 'source_map_too_large' });
  });

  it('that come after the time is up say so', async () => {
    await uploads.close();
    uploads = await openStore({ limitMs: 0 });
    expect(await one(mapOf('a'))).toMatchObject({
      reason: 'symbolicator_failed',
      detail: expect.stringMatching(/longer/),
    });
  });
});

describe('hostile text', () => {
  const source = async (name: string | null, more: object = {}) => {
    await uploads.upload({
      release: '1',
      files: [JS, { url: '~/assets/index.js.map', text: mapOf('x', { sources: [name], ...more }) }],
    });
    return (await uploads.map()) as MappedFrame;
  };

  test.each([
    ['../../../../../etc/passwd', 'https://shop.example/etc/passwd'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['webpack:///./src/a.ts', 'webpack:///./src/a.ts'],
    ['//evil.example/a.ts', 'https://evil.example/a.ts'],
    ['/root.ts', 'https://shop.example/root.ts'],
    ['__proto__', 'https://shop.example/assets/__proto__'],
    ['a\u0000b', 'https://shop.example/assets/a\u2400b'],
    ['\ud800.ts', 'https://shop.example/assets/\ufffd.ts'],
    ['C:\\code\\a.ts', 'C:\\code\\a.ts'],
  ])('%j as a source is text', async (name, absPath) => {
    expect((await source(name)).absPath).toBe(absPath);
  });

  test.each([
    ['file:///C:/My%20Shop/src/till.ts', 'C:/My Shop/src/till.ts', 'My Shop/src/till'],
    ['file:///srv/caf%C3%A9/till.ts', '/srv/café/till.ts', 'srv/café/till'],
    ['file:///srv/100%/till.ts', '/srv/100%/till.ts', 'srv/100%/till'],
    ['webpack://shop/./src/%5Bid%5D.ts', './src/%5Bid%5D.ts', 'src/%5Bid%5D'],
  ])('%s is called %s', async (name, filename, module) => {
    expect(await source(name)).toMatchObject({ absPath: name, filename, module });
  });

  it('is cut where it is no name any more', async () => {
    const { absPath, filename } = await source('a/'.repeat(100_000));
    expect(absPath.length).toBeLessThanOrEqual(2048);
    expect(filename.length).toBeLessThanOrEqual(2048);
  });

  it('as a line of megabytes is cut around the column', async () => {
    const text = `${'x'.repeat(3_000_000)}HERE${'y'.repeat(3_000_000)}`;
    await uploads.upload({
      release: '1',
      // Column 3,000,000 in base 64 VLQ.
      files: [
        JS,
        {
          url: '~/assets/index.js.map',
          text: mapOf('x', { sourcesContent: [text], mappings: 'AAAAg4i3F' }).replace(
            'AAAAg4i3F',
            `AAA${vlq(3_000_000)}`,
          ),
        },
      ],
    });
    expect(((await uploads.map()) as MappedFrame).context?.line).toBe(
      `{snip} ${'x'.repeat(70)}HERE${'y'.repeat(66)} {snip}`,
    );
  });

  it('in a thousand frames gives an event no more than a megabyte of source', async () => {
    const text = `${'z'.repeat(4000)}\n`.repeat(20);
    await uploads.upload({
      release: '1',
      files: [JS, { url: '~/assets/index.js.map', text: mapOf('x', { sourcesContent: [text] }) }],
    });
    const frame = { url: URL, line: 1, column: 1, function: null };
    const { stacks } = await uploads.symbolicate({
      projectId: PROJECT,
      release: '1',
      dist: null,
      debugIds: [],
      stacks: [Array(1000).fill(frame)],
    });
    expect(stacks[0]?.every((answer) => answer?.status === 'mapped')).toBe(true);
    expect(JSON.stringify(stacks).length).toBeLessThan(1_700_000);
  });
});

function vlq(value: number): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let rest = value * 2;
  let text = '';
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    text += digits[digit + (rest > 0 ? 32 : 0)];
  } while (rest > 0);
  return text;
}

describe('what is kept in memory', () => {
  it('is bounded, and what was used last stays', async () => {
    await uploads.close();
    // Each map takes half a megabyte for the names that it may remember.
    uploads = await openStore({ maxBytes: 1_800_000 });
    const files = ['a', 'b', 'c', 'd'].map((name) => ({
      url: `~/${name}.js.map`,
      text: mapOf(name, { padding: ' '.repeat(20_000) }),
    }));
    await uploads.upload({ release: '1', files });
    const url = (name: string) => ({ url: `https://shop.example/${name}.js` });
    for (const name of ['a', 'b', 'c', 'a', 'd', 'a', 'a']) await uploads.map(url(name));
    expect(uploads.reads.length).toBe(4);
    expect(uploads.assets.bytes()).toBeLessThanOrEqual(1_800_000);
    await uploads.map(url('b'));
    expect(uploads.reads.length).toBe(5);
  });
});
