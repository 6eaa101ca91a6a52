import { describe, expect, it, test } from 'vitest';
import type { Event } from '../../../../server/protocol/contract.ts';
import { matcherOf } from '../../../../src/components/find-field.tsx';
import { createImageLookup, parseAddress } from '../../../../src/frame/native-address.ts';
import {
  imageTypeOf,
  kindOfAttachment,
  minidumpHeaderOf,
  textOfBytes,
} from '../../../../src/pages/issue-details/sections/attachment-kinds.ts';
import { formOf, headlineOf } from '../../../../src/pages/issue-details/sections/context-forms.ts';
import { crumbsOf, filterCrumbs, formatBefore } from '../../../../src/pages/issue-details/sections/crumbs.ts';
import { debugImagesOf, findImages } from '../../../../src/pages/issue-details/sections/debug-images.ts';
import { factsOf } from '../../../../src/pages/issue-details/sections/facts.ts';
import { groupErrors } from '../../../../src/pages/issue-details/sections/processing-errors.ts';
import { event } from '../app/fixtures.ts';

const happened = Date.parse('2026-11-22T12:00:00Z');

describe('a value of a context in people’s units', () => {
  test.each([
    ['device', 'free_memory', { free_memory: 2_147_483_648, memory_size: 8_589_934_592 }, '2.1 GB, 25%'],
    ['device', 'free_memory', { free_memory: 9e9, memory_size: 8_589_934_592 }, '9.0 GB'],
    ['device', 'memory_size', { memory_size: '8589934592' }, '8.6 GB'],
    ['device', 'memory_size', { memory_size: -1 }, null],
    ['device', 'memory_size', { memory_size: 'much' }, null],
    ['device', 'battery_level', { battery_level: 17.25 }, '17.3%'],
    ['device', 'processor_frequency', { processor_frequency: 2910 }, '2.91 GHz'],
    ['device', 'boot_time', { boot_time: '2026-11-20T12:00:00Z' }, '2d before the event'],
    ['device', 'boot_time', { boot_time: '2026-11-23T12:00:00Z' }, null],
    ['gpu', 'memory_size', { memory_size: 8192 }, '8.2 GB'],
    ['anything', 'heap_size_bytes', { heap_size_bytes: 1500 }, '1.5 kB'],
    ['anything', 'memory_size', { memory_size: 1500 }, null],
    ['constructor', 'constructor', { constructor: 1 }, null],
  ])('%s: %s of %j is %s', (type, key, context, expected) =>
    expect(formOf(type, key, context, happened)).toBe(expected),
  );

  it('has a headline of the known types alone', () => {
    expect(headlineOf('device', { manufacturer: 'Google', model: 'Pixel 8', arch: 'arm64' })).toBe(
      'Google Pixel 8, arm64',
    );
    expect(headlineOf('app', { app_name: 'Shop', app_version: { not: 'a text' }, app_build: 7 })).toBe('Shop (7)');
    expect(headlineOf('constructor', {})).toBe('');
  });
});

describe('the facts that explain most', () => {
  const facts = (change: Partial<Event>) =>
    Object.fromEntries(factsOf(event(change)).map((fact) => [fact.label, fact]));

  it('are those that the event has', () => {
    const found = facts({
      tags: [
        { key: 'handled', value: 'no' },
        { key: 'release', value: 'shop@1.4.0' },
        { key: 'user', value: 'id:17', query: 'user.id:"17"' },
      ],
      release: { version: 'shop@1.4.0', shortVersion: '1.4.0' },
      contexts: { trace: { trace_id: 'abcdef0123456789' }, browser: { name: 'Firefox', version: '140.0' } },
    });
    expect(found['Handled']).toMatchObject({ text: 'no', isBad: true, tag: { key: 'handled' } });
    expect(found['Release']).toMatchObject({ text: '1.4.0', whole: 'shop@1.4.0', tag: { key: 'release' } });
    expect(found['User']).toMatchObject({ text: 'ada@example.com', whole: 'id:17', tag: { query: 'user.id:"17"' } });
    expect(found['Browser']).toMatchObject({ text: 'Firefox 140.0', tag: null });
    expect(found['Trace']).toMatchObject({ text: 'abcdef01', whole: 'abcdef0123456789', tag: null });
    expect(found['Device']).toBeUndefined();
  });

  it('are none of an event that has nothing, and odd values are no facts', () => {
    const odd = { trace: 7, browser: ['x'], device: { model: 5 } };
    expect(factsOf(event({ tags: [], user: null, contexts: odd, entries: [], release: 3 }))).toEqual([]);
  });
});

describe('breadcrumbs', () => {
  const values = [
    { timestamp: '2026-11-22T11:59:50Z', category: 'http.lib', type: 'http', level: 'info', message: 'GET /cart' },
    'no breadcrumb',
    { timestamp: '2026-11-22T11:59:57.600Z', category: 'ui.click', level: 'warning', message: 'Pay now' },
  ];
  const crumbs = crumbsOf(event({ entries: [{ type: 'breadcrumbs', data: { values } }] }));

  it('come newest first, and one that is none hides no other', () => {
    expect(crumbs.map(({ index, before }) => [index, before])).toEqual([
      [2, 2400],
      [1, null],
      [0, 10_000],
    ]);
    expect(crumbs[1]).toMatchObject({ crumb: null, sent: 'no breadcrumb' });
  });

  test.each([
    [{ kind: 'http', level: '', search: '' }, [0]],
    [{ kind: 'ui', level: '', search: '' }, [2]],
    [{ kind: '', level: 'warning', search: '' }, [2]],
    [{ kind: '', level: '', search: 'now PAY' }, [2]],
    [{ kind: '', level: '', search: 'no breadcrumb' }, [1]],
    [{ kind: 'http', level: 'warning', search: '' }, []],
    [{ kind: '', level: '', search: ' ' }, [2, 1, 0]],
  ])('filtered by %j', (filter, expected) =>
    expect(filterCrumbs(crumbs, filter).map(({ index }) => index)).toEqual(expected),
  );

  test.each([
    [2400, '-2.40s'],
    [-400, '+0.40s'],
    [182_000, '-3m 02s'],
    [3_720_000, '-1h 02m'],
    [3 * 86_400_000, '-3d'],
    [0, '0s'],
  ])('%d ms before the event is %s', (milliseconds, words) => expect(formatBefore(milliseconds)).toBe(words));

  it('are not there when the entry is none, and shown as sent when it is something else', () => {
    expect(crumbsOf(event({ entries: [] }))).toEqual([]);
    expect(crumbsOf(event({ entries: [{ type: 'breadcrumbs', data: { values: 'text' } }] }))).toHaveLength(1);
  });
});

describe('debug images', () => {
  const images = [
    { type: 'elf', code_file: '/lib/b.so', image_addr: '0x2000', image_size: 256, debug_id: 'b-id' },
    { type: 'elf', code_file: '/lib/a.so', image_addr: '0x1000', image_size: '0x100', debug_status: 'found' },
    { type: 'elf', code_file: 'C:\\lib\\c.dll', image_addr: '0x3000' },
    { type: 'sourcemap', code_file: 'https://a.example/app.js', debug_id: 's-id' },
    'no image',
  ];
  const frames = [
    { instructionAddr: '0x2010', symbolicatorStatus: 'missing', inApp: true, context: [] },
    { instructionAddr: '0x10', addrMode: 'rel:2', symbolicatorStatus: 'malformed', inApp: true, context: [] },
    {
      absPath: 'webpack:///a.ts',
      origAbsPath: 'https://a.example/app.js',
      map: 'app.js.map',
      inApp: true,
      context: [],
    },
  ];
  const found = debugImagesOf(
    event({
      entries: [
        { type: 'debugmeta', data: { images } },
        { type: 'stacktrace', data: { frames, hasSystemFrames: false } },
      ],
    }),
  );

  it('have a status, by the image or by the frames in it', () => {
    expect(found.map(({ name, status, frames }) => [name, status, frames])).toEqual([
      ['b.so', 'missing', 1],
      ['a.so', 'found', 0],
      ['c.dll', 'malformed', 1],
      ['app.js', 'found', 1],
      ['image', 'unknown', null],
    ]);
  });

  test.each([
    ['0x1000', 'a.so'],
    ['0x10FF', 'a.so'],
    ['0x1100', undefined],
    ['0x3000', undefined],
    ['b-id', 'b.so'],
    ['lib b.so', 'b.so'],
    ['malformed', 'c.dll'],
  ])('%s finds %s', (search, name) => expect(findImages(found, search, matcherOf(search))[0]?.name).toBe(name));

  it('are looked up by their place in relative mode; an image without a size holds no address', () => {
    const lookup = createImageLookup([
      { start: 0x1000n, end: 0x1000n },
      { start: null, end: null },
    ]);
    expect(lookup(0x1000n)).toBeNull();
    expect(lookup(5n, 'rel:1')).toEqual({ start: null, end: null });
    expect(lookup(5n, 'rel:9')).toBeNull();
    expect(lookup(null)).toBeNull();
  });

  test.each([
    ['0xffffffffffffffff', 0xffffffffffffffffn],
    ['12', 12n],
    [12, 12n],
    [-1, null],
    ['0x', null],
    ['0x1ffffffffffffffff', null],
    [{}, null],
  ])('the address %j', (sent, address) => expect(parseAddress(sent)).toBe(address));
});

describe('an attachment', () => {
  test.each([
    ['event.attachment', 'image/png', 'x', 'image'],
    ['event.attachment', 'image/svg+xml', 'x.svg', 'text'],
    ['event.attachment', 'text/html; charset=utf-8', 'x', 'text'],
    ['event.attachment', 'application/problem+json', 'x', 'json'],
    ['event.attachment', null, 'APP.LOG', 'text'],
    ['event.attachment', 'application/octet-stream', 'x.bin', 'none'],
    ['event.attachment', 'application/octet-stream', 'constructor', 'none'],
    ['event.view_hierarchy', 'application/json', 'x.json', 'viewHierarchy'],
    ['event.minidump', 'application/x-dmp', 'x', 'minidump'],
  ])('%s of %s called %s is shown as %s', (type, mimetype, name, kind) =>
    expect(kindOfAttachment({ type, mimetype, name })).toBe(kind),
  );

  it('is a picture, a text or a minidump by its bytes', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(imageTypeOf(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).toBe('image/jpeg');
    expect(imageTypeOf(bytes('<svg xmlns="http://www.w3.org/2000/svg">'))).toBeNull();
    expect(imageTypeOf(new Uint8Array())).toBeNull();
    expect(textOfBytes(bytes('grün'))).toBe('grün');
    expect(textOfBytes(new Uint8Array([0xff, 0xfe, 0x61, 0]))).toBe('a');
    expect(textOfBytes(new Uint8Array([1, 0, 2]))).toBeNull();
    expect(minidumpHeaderOf(bytes('x'.repeat(64)))).toBeNull();
    expect(minidumpHeaderOf(bytes('MDMP'))).toBeNull();
  });
});

it('processing errors of one kind come together; an unknown kind in its own words', () => {
  const groups = groupErrors([
    { type: 'invalid_data', message: 'x', data: { name: 'a' } },
    { type: 'of_tomorrow', message: null, data: { a: 1 } },
    { type: 'invalid_data', message: 'x', data: { name: 'b' } },
    { type: 'constructor', message: 'Its own words.', data: null },
  ]);
  expect(groups.map(({ title, places }) => [title, places.length])).toEqual([
    ['Values were not of the kind that belongs there, and were left out.', 2],
    ['of tomorrow.', 1],
    ['Its own words.', 1],
  ]);
});
