import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { prepareEnvelope } from '../../../server/digest/prepare.ts';
import { corpusRoot, reportMissingCorpus } from '../../corpus.ts';
import { KEY, OTHER_KEY, post, type Served, serve, UNKNOWN_KEY } from './serve.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());
afterEach(async () => {
  expect(served.errors).toEqual([]);
  await served.writer.deleteUpTo(Number.MAX_SAFE_INTEGER);
});

const BOUNDARY = '---MultipartBoundary-0123456789abcdef---';
const PATH = `/api/2/minidump/?sentry_key=${KEY}`;
/** 20 November 2023, in seconds. */
const WRITTEN_AT = 1_700_438_400;

/** A header and zeros: of a dump nothing else is read here. */
function dump(size = 64, magic = 'MDMP'): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.write(magic, 'latin1');
  if (magic === 'MDMP') bytes.writeUInt32LE(WRITTEN_AT, 20);
  else bytes.writeUInt32BE(WRITTEN_AT, 20);
  return bytes;
}
type Field = [name: string, data: string | Buffer, filename?: string, type?: string];

/** A form as Crashpad writes it. */
function form(fields: Field[], boundary = BOUNDARY): Buffer {
  const parts = fields.map(([name, data, filename, type]) =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"`),
      Buffer.from(filename === undefined ? '' : `; filename="${filename}"`),
      Buffer.from(type === undefined ? '\r\n\r\n' : `\r\nContent-Type: ${type}\r\n\r\n`),
      Buffer.from(data),
      Buffer.from('\r\n'),
    ]),
  );
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
}
const dumpField = (data: Buffer = dump()): Field => ['upload_file_minidump', data, 'a.dmp', 'application/octet-stream'];
const multipart = (boundary = BOUNDARY) => ({ 'Content-Type': `multipart/form-data; boundary=${boundary}` });
const send = (fields: Field[], headers: Record<string, string> = {}) =>
  post(served, form(fields), { path: PATH, headers: { ...multipart(), ...headers } });

/** MessagePack as sentry-native's writer makes it: the shortest form of each value. */
function pack(value: unknown): Buffer {
  const head = (first: number, size: number, number: number): Buffer => {
    const bytes = Buffer.alloc(1 + size, first);
    bytes.writeUIntBE(number, 1, size);
    return bytes;
  };
  if (value === null) return Buffer.from([0xc0]);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xc3 : 0xc2]);
  if (typeof value === 'string') return Buffer.concat([head(0xda, 2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') {
    if (Number.isInteger(value) && value >= -32 && value < 128) return Buffer.from([value & 0xff]);
    const bytes = Buffer.alloc(9, 0xcb);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  const entries = Object.entries(value as object);
  return Buffer.concat([head(0xde, 2, entries.length), ...entries.flat().map(pack)]);
}

/** What digest makes of the one envelope that is on disk. */
function stored() {
  const rows = served.spooled();
  expect(rows).toHaveLength(1);
  const [row] = rows;
  if (!row) throw new Error('Nothing was stored.');
  const { event, attachments } = prepareEnvelope(row);
  if (!event) throw new Error('No event was stored.');
  return { row, event, attachments };
}

describe('a minidump', () => {
  it('is on disk as an attachment of an event once its id is answered, as a UUID in plain text', async () => {
    const response = await send([['prod', 'Till'], ['ver', '1.2'], dumpField()]);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const id = await response.text();
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const { row, event, attachments } = stored();
    expect(row).toMatchObject({ projectId: 2, eventId: id.replaceAll('-', ''), remoteAddress: '127.0.0.1' });
    expect(event).toMatchObject({
      event_id: id.replaceAll('-', ''),
      platform: 'native',
      level: 'fatal',
      type: 'error',
      timestamp: WRITTEN_AT,
      extra: { prod: 'Till', ver: '1.2' },
      exception: { values: [{ type: 'Minidump', mechanism: { type: 'minidump', handled: false } }] },
      errors: null,
    });
    expect(event.title).toMatch(/^Minidump: The process crashed\./);
    expect(attachments).toMatchObject([
      { name: 'a.dmp', contentType: 'application/x-dmp', attachmentType: 'event.minidump' },
    ]);
    expect(attachments[0]?.data.equals(dump())).toBe(true);
  });

  it.skipIf(corpusRoot === null)('that Breakpad wrote comes out byte for byte', async () => {
    const bytes = readFileSync(join(corpusRoot ?? '', 'native/linux_null_dereference.dmp'));
    expect((await send([dumpField(bytes)])).status).toBe(200);
    const { event, attachments } = stored();
    expect(attachments[0]?.data.equals(bytes)).toBe(true);
    expect(event.timestamp).toBe(bytes.readUInt32LE(20));
  });

  it('of a browser or curl is the same: FormData of the platform', async () => {
    const body = new FormData();
    body.append('sentry[release]', 'till@2');
    body.append('upload_file_minidump', new File([new Uint8Array(dump())], 'ü "1".dmp'));
    const response = await fetch(served.url + PATH, { method: 'POST', body });
    expect(response.status).toBe(200);
    const { event, attachments } = stored();
    expect(event.release).toBe('till@2');
    expect(attachments[0]?.name).toBe('ü "1".dmp');
  });

  test.each<[string, (fields: Field[]) => Buffer, Record<string, string>]>([
    ['a body in gzip', (fields) => zlib.gzipSync(form(fields)), { 'Content-Encoding': 'gzip' }],
    ['a dump in gzip', () => form([dumpField(zlib.gzipSync(dump()))]), {}],
    ['a dump in zstd', () => form([dumpField(zlib.zstdCompressSync(dump()))]), {}],
    ['the dump alone', () => dump(), { 'Content-Type': 'application/octet-stream' }],
    ['the dump alone in gzip', () => zlib.gzipSync(dump()), { 'Content-Type': 'application/x-dmp' }],
    [
      'the dump alone in a packed body',
      () => zlib.gzipSync(dump()),
      { 'Content-Type': '', 'Content-Encoding': 'gzip' },
    ],
    ['a quoted boundary', (fields) => form(fields, 'a b'), { 'Content-Type': 'multipart/form-data; boundary="a b"' }],
    ['a boundary of one character', (fields) => form(fields, 'x'), multipart('x')],
    ['text before and after', (fields) => Buffer.from(`hi\r\n${form(fields).toString('latin1')}bye`, 'latin1'), {}],
    ['no line break at the end', (fields) => form(fields).subarray(0, -2), {}],
    [
      'its own boundary in the dump',
      () => form([dumpField(Buffer.concat([dump(), Buffer.from(`x--${BOUNDARY}`)]))]),
      {},
    ],
  ])('is taken as %s', async (_, bodyOf, headers) => {
    const response = await post(served, bodyOf([dumpField()]), { path: PATH, headers: { ...multipart(), ...headers } });
    expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(stored().attachments[0]?.data.subarray(0, 64).equals(dump())).toBe(true);
  });

  it('of a machine with the other order of bytes is one, too', async () => {
    expect((await send([dumpField(dump(64, 'PMDM'))])).status).toBe(200);
    expect(stored().event.timestamp).toBe(WRITTEN_AT);
  });

  it('has other files as attachments, under their own types (RFC 7578: text, when they say none)', async () => {
    await send([
      dumpField(),
      ['log', 'hello\r\n', 'app.log', 'text/plain'],
      ['view', 'x', ''],
      ['__proto__', 'y', 'z'],
    ]);
    expect(
      stored()
        .attachments.map(({ data, ...rest }) => [...Object.values(rest), data.toString()])
        .slice(1),
    ).toEqual([
      ['app.log', 'text/plain', 'event.attachment', 'hello\r\n'],
      ['view', 'text/plain', 'event.attachment', 'x'],
      ['z', 'text/plain', 'event.attachment', 'y'],
    ]);
  });

  it.each(['/api/2/minidump', '/prefix/api/2/minidump/', '/api/2/minidump//'])('is taken at %s', async (path) => {
    const response = await post(served, form([dumpField()]), {
      path,
      headers: { ...multipart(), 'X-Sentry-Auth': `Sentry sentry_key=${KEY}, sentry_client=crashpad/1` },
    });
    expect(response.status).toBe(200);
    expect(stored().row.client).toBe('crashpad/1');
  });
});

describe('the fields beside it', () => {
  const ID = '9EC79C33-EC99-42AB-8353-589FCB2E04DC';
  test.each<[string, Field[], object]>([
    [
      'the event as JSON',
      [['sentry', JSON.stringify({ event_id: ID, release: 'a@1', level: 'error', platform: 'c' })]],
      {
        event_id: ID.replaceAll('-', '').toLowerCase(),
        release: 'a@1',
        level: 'error',
        platform: 'c',
      },
    ],
    [
      'the event in pieces, in any order',
      [
        ['sentry__2', '"a@1"}'],
        ['sentry__1', '{"release":'],
      ],
      { release: 'a@1' },
    ],
    ['its time', [['sentry', '{"timestamp":1700438401.5}']], { timestamp: 1_700_438_401.5 }],
    [
      'exceptions of its own',
      [['sentry', '{"exception":[{"type":"E","value":"v"}]}']],
      { title: 'E: v', exception: { values: [{ type: 'E' }] } },
    ],
    [
      'parts in brackets and with underscores, over the JSON',
      [
        ['sentry', '{"release":"a@1","tags":{"old":"1"}}'],
        ['sentry[release]', 'a@2'],
        ['sentry[tags][gpu]', '3'],
        ['sentry___user___id', '42'],
      ],
      {
        release: 'a@2',
        user: { id: '42' },
        tags: expect.arrayContaining([
          ['gpu', '3'],
          ['old', '1'],
        ]),
      },
    ],
    [
      'extra of its own and of the form',
      [
        ['sentry', '{"extra":{"a":1}}'],
        ['b', 'c'],
      ],
      { extra: { a: 1, b: 'c' } },
    ],
    ['JSON that is cut, as it is', [['sentry', '{"release":']], { extra: { sentry: '{"release":' } }],
    ['JSON that is no object', [['sentry', '[1]']], { extra: { sentry: '[1]' } }],
    [
      'a part that would be within a text',
      [
        ['sentry', '{"release":"a@1"}'],
        ['sentry[release][x]', 'y'],
      ],
      { release: 'a@1', extra: { 'sentry[release][x]': 'y' } },
    ],
    [
      'names that are no place',
      [
        ['sentry[]', '1'],
        ['sentry[a', '2'],
        ['sentry___', '3'],
        [`sentry${'[a]'.repeat(9)}`, '4'],
      ],
      { extra: { 'sentry[]': '1', 'sentry[a': '2', sentry___: '3', [`sentry${'[a]'.repeat(9)}`]: '4' } },
    ],
    ['an id that is none', [['sentry', '{"event_id":"x"}']], { event_id: expect.stringMatching(/^[0-9a-f]{32}$/) }],
  ])('are %s', async (_, fields, expected) => {
    expect((await send([...fields, dumpField()])).status).toBe(200);
    expect(stored().event).toMatchObject(expected);
  });

  it('are over what sentry-native wrote beside the dump, which is read from its MessagePack', async () => {
    const event = {
      release: 'a@1',
      environment: 'live',
      tags: { a: 'b' },
      extra: { n: -3, big: 2 ** 40, half: 0.5, none: null, yes: true },
    };
    const first = pack({ timestamp: '2026-11-22T10:00:01Z', message: 'second' });
    const second = Buffer.concat([
      pack({ timestamp: '2026-11-22T10:00:02Z', message: 'third' }),
      pack({ timestamp: '2026-11-22T10:00:00Z', message: 'first' }),
    ]);
    await send([
      ['__sentry-event', pack(event), '__sentry-event'],
      ['attachment', first, '__sentry-breadcrumb1'],
      ['__sentry-breadcrumb2', second, '__sentry-breadcrumb2'],
      ['sentry[release]', 'a@2'],
      dumpField(),
    ]);
    const { event: read, attachments } = stored();
    expect(attachments.map(({ attachmentType }) => attachmentType)).toEqual(['event.minidump']);
    expect(read).toMatchObject({ release: 'a@2', environment: 'live', level: 'fatal', extra: event.extra });
    expect(read.tags).toContainEqual(['a', 'b']);
    expect(read.breadcrumbs?.values.map(({ message }) => message)).toEqual(['first', 'second', 'third']);
  });

  it('are taken without what sentry-native wrote when that cannot be read: then it is a file', async () => {
    await send([
      ['__sentry-event', pack({ release: 'a@1' }).subarray(0, -2), '__sentry-event'],
      ['__sentry-breadcrumb1', Buffer.alloc(0), '__sentry-breadcrumb1'],
      ['__sentry-breadcrumb2', Buffer.alloc(300_000), '__sentry-breadcrumb2'],
      dumpField(),
    ]);
    const { event, attachments } = stored();
    expect(event.release ?? null).toBeNull();
    expect(attachments.map(({ name }) => name)).toEqual(['a.dmp', '__sentry-event', '__sentry-breadcrumb2']);
  });

  it('reach no prototype', async () => {
    await send([
      ['sentry[__proto__][polluted]', '1'],
      ['sentry___constructor___prototype___polluted', '1'],
      ['__proto__', '1'],
      ['sentry', '{"__proto__":{"polluted":1}}'],
      dumpField(),
    ]);
    expect(Object.getPrototypeOf(stored().event)).toBe(Object.prototype);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('what is refused', () => {
  const headers = multipart();
  const cut = form([dumpField()]).subarray(0, -12);
  const manyFields = Array.from({ length: 501 }, (): Field => ['a', '1']);
  test.each<[string, Buffer | string, Record<string, string>, number, RegExp]>([
    ['an empty body', '', headers, 400, /no last boundary/],
    ['an empty body of no type', '', {}, 400, /Send a minidump as upload_file_minidump/],
    ['JSON', '{}', { 'Content-Type': 'application/json' }, 400, /Send a minidump as upload_file_minidump/],
    ['a form without boundary', form([dumpField()]), { 'Content-Type': 'multipart/form-data' }, 400, /boundary/],
    [
      'a boundary of control characters',
      '--\x01',
      { 'Content-Type': 'multipart/form-data; boundary="\t"' },
      400,
      /boundary/,
    ],
    ['a form with another boundary', form([dumpField()]), multipart('other'), 400, /no last boundary/],
    ['a form that was cut', cut, headers, 400, /Was it cut/],
    ['a form of nothing', `--${BOUNDARY}--\r\n`, headers, 400, /no file named/],
    ['a form without a dump', form([['a', 'b']]), headers, 400, /no file named upload_file_minidump/],
    ['an empty dump', form([dumpField(Buffer.alloc(0))]), headers, 400, /does not start with MDMP/],
    ['something else', form([dumpField(Buffer.alloc(64, 'ELF!'))]), headers, 400, /does not start with MDMP/],
    ['a dump that is its magic alone', form([dumpField(Buffer.from('MDMP'))]), headers, 400, /not a minidump/],
    ['gzip of something else', form([dumpField(zlib.gzipSync('x'.repeat(99)))]), headers, 400, /not start with MDMP/],
    ['gzip that was cut', form([dumpField(zlib.gzipSync(dump(4096)).subarray(0, 30))]), headers, 400, /not whole gzip/],
    ['a part without head', `--${BOUNDARY}\r\n--${BOUNDARY}--\r\n`, headers, 400, /no head/],
    ['a part without name', `--${BOUNDARY}\r\nX: y\r\n\r\n1\r\n--${BOUNDARY}--\r\n`, headers, 400, /cannot be read/],
    ['more than 500 parts', form(manyFields), headers, 400, /more than 500 parts/],
    ['a long head', form([['a'.repeat(9_000), '1']]), headers, 400, /too long heads/],
    [
      'long heads together',
      form(Array.from({ length: 40 }, (): Field => ['a'.repeat(8_000), '1'])),
      headers,
      400,
      /heads/,
    ],
    [
      'a dump over 20 MiB',
      zlib.gzipSync(form([dumpField(dump(21_000_000))])),
      { ...headers, 'Content-Encoding': 'gzip' },
      413,
      /unpacks to over|attachment item/,
    ],
    ['a bomb as dump', form([dumpField(zlib.gzipSync(dump(100_000_000)))]), headers, 413, /unpacks to over/],
    ['an event over 1 MiB', form([['note', 'x'.repeat(1_100_000)], dumpField()]), headers, 413, /event item/],
  ])('is %s', async (_, body, given, status, detail) => {
    const response = await post(served, body, { path: PATH, headers: given });
    expect([response.status, (await response.json()).detail]).toEqual([status, expect.stringMatching(detail)]);
    expect(served.spooled()).toEqual([]);
  });

  test.each<[string, string, number, RegExp]>([
    ['without a key', '/api/2/minidump/', 401, /Missing authorization/],
    ['with an unknown key', `/api/2/minidump/?sentry_key=${UNKNOWN_KEY}`, 403, /No project/],
    ['with the key of another project', `/api/2/minidump/?sentry_key=${OTHER_KEY}`, 403, /another project/],
  ])('is one %s', async (_, path, status, detail) => {
    const response = await post(served, form([dumpField()]), { path, headers });
    expect([response.status, (await response.json()).detail]).toEqual([status, expect.stringMatching(detail)]);
    expect(served.spooled()).toEqual([]);
  });
});

describe('any form', () => {
  it('is answered with 200 or a reason, and what was taken can be digested', async () => {
    const line = fc.constantFrom(
      `--${BOUNDARY}`,
      `--${BOUNDARY}--`,
      `--${BOUNDARY}  `,
      '',
      '--',
      'MDMP'.padEnd(40, '\0'),
      '\x1f\x8b\x08',
      'x',
      'Content-Disposition: form-data; name="upload_file_minidump"; filename="a"',
      'Content-Disposition: form-data; name="sentry"',
      'Content-Disposition: form-data; name="sentry[a][b]"',
      "Content-Disposition: form-data; name*=UTF-8''%ff",
      'Content-Disposition: form-data; name="',
      'Content-Type: \\"',
      'Content-Disposition: attachment',
      ': ',
      '{"exception":1}',
      '\ud800',
    );
    const body = fc.array(line, { maxLength: 14 }).map((lines) => `--${BOUNDARY}\r\n${lines.join('\r\n')}`);
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const response = await post(served, text, { path: PATH, headers: multipart() });
        expect([200, 400]).toContain(response.status);
      }),
      { numRuns: 300 },
    );
    for (const row of served.spooled()) expect(prepareEnvelope(row).event?.event_id).toBe(row.eventId);
  });

  const SIZE = 19 * 1024 * 1024;
  const repeated = (text: string) => Buffer.alloc(SIZE, text);
  const head = 'Content-Disposition: form-data; name="upload_file_minidump"; filename="a"';
  const inHead = (text: string) =>
    Buffer.concat([Buffer.from(`--${BOUNDARY}\r\n${head}`), repeated(text), form([dumpField()])]);
  test.each<[string, Buffer]>([
    ['line breaks', inHead('\r\n')],
    ['almost boundaries', repeated(`\r\n--${BOUNDARY.slice(1)}`)],
    ['boundaries with something behind them', repeated(`\r\n--${BOUNDARY}x`)],
    ['boundaries with spaces behind them', Buffer.concat([Buffer.from(`--${BOUNDARY}`), repeated(' ')])],
    ['boundaries alone', repeated(`--${BOUNDARY}\r\n`)],
    ['small parts', repeated(`--${BOUNDARY}\r\n${head}\r\n\r\n\r\n`)],
    ['parameters', inHead('; a="b"')],
    ['escapes', inHead('; a="\\')],
    ['fields of a head', inHead('\r\nX: y')],
    ['a dump of noise', form([dumpField(Buffer.concat([dump(), randomBytes(SIZE - 64)]))])],
  ])('of %s takes little time and memory', async (_, body) => {
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    let stall = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
      stall = Math.max(stall, performance.now() - last);
      last = performance.now();
    }, 1);
    const response = await post(served, body, { path: PATH, headers: multipart() });
    clearInterval(timer);
    expect([200, 400]).toContain(response.status);
    // The client's copy, the body while it grows, and the envelope; a parser that copies held over 200 MB.
    expect(peak - before).toBeLessThan(150_000_000);
    // Node's own parser alone, given such a head, stood still for several seconds.
    expect(stall).toBeLessThan(1_500);
  });
});

reportMissingCorpus('The intake of a real minidump', 1);
