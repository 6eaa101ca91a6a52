import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { EnvelopeError, parseEnvelope, serializeEnvelope } from '../../../../server/protocol/envelope.ts';
import { corpusFiles, corpusRoot, reportMissingCorpus } from '../../../corpus.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const read = (body: Uint8Array): [string, string][] =>
  parseEnvelope(body).items.map(({ headers, payload }) => [headers.type, Buffer.from(payload).toString()]);

describe('parseEnvelope', () => {
  test.each<[string, string, [string, string][]]>([
    ['a header alone', '{}', []],
    ['a header and a newline', '{}\n', []],
    [
      'an attachment of no bytes, then an event',
      '{}\n{"type":"attachment","length":0}\n\n{"type":"event"}\n{}',
      [
        ['attachment', ''],
        ['event', '{}'],
      ],
    ],
    [
      'an item without length, up to the newline',
      '{}\n{"type":"event"}\n{"a":1}\n{"type":"x"}\nb\n',
      [
        ['event', '{"a":1}'],
        ['x', 'b'],
      ],
    ],
    ['a length of null as none', '{}\n{"type":"event","length":null}\n{}', [['event', '{}']]],
    ['an item header at the very end as an empty payload', '{}\n{"type":"session"}', [['session', '']]],
    ['newlines inside a payload with its length', '{}\n{"type":"a","length":3}\n\n\n\n\n', [['a', '\n\n\n']]],
    ['a length that counts bytes, not characters', '{}\n{"type":"a","length":4}\n€x\n', [['a', '€x']]],
    ['a carriage return in front of an implicit end as payload', '{}\n{"type":"a"}\nb\r\n', [['a', 'b\r']]],
    ['unknown types and headers', '{"new":[1]}\n{"type":"tomorrow","new":{}}\nx', [['tomorrow', 'x']]],
    [
      'a header with __proto__ as a plain key',
      '{"__proto__":{"dsn":"x"}}\n{"type":"a","__proto__":{"length":99}}\nx',
      [['a', 'x']],
    ],
  ])('reads %s', (_, body, items) => expect(read(bytes(body))).toEqual(items));

  test.each<[string, string | Buffer, RegExp]>([
    ['nothing', '', /envelope header is not a line of JSON/],
    ['a header that is a list', '[]', /not a JSON object/],
    ['a header that is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), /UTF-8/],
    ['a byte order mark', '\ufeff{}', /byte order mark/],
    ['an item without type', '{}\n{"length":1}\nx', /Item 1 has no "type"/],
    ['an item header that is not JSON', '{}\n{"type":"a"}\nx\nnonsense', /header of item 2/],
    ['a length larger than the body', '{}\n{"type":"event","length":99}\n{}', /Was the envelope cut/],
    ['a length smaller than the payload', '{}\n{"type":"event","length":1}\n{}', /no newline follows/],
    ['negative length, which would walk backwards for ever', '{}\n{"type":"a","length":-16}\n', /not a byte count/],
    ['a length of NaN', '{}\n{"type":"a","length":"NaN"}\n', /not a byte count/],
    ['a length with a fraction', '{}\n{"type":"a","length":0.5}\n', /not a byte count/],
    ['a length beyond what a number holds', '{}\n{"type":"a","length":1e300}\n', /not a byte count/],
    ['a nested length', '{}\n{"type":"a","length":[1]}\nx', /not a byte count/],
    ['a header line without end', `{"a":"${'x'.repeat(40_000)}"}`, /longer than 32768 bytes/],
    ['a deeply nested header', `${'['.repeat(30_000)}`, /not a line of JSON/],
    ['more items than anyone sends', `{}\n${'{"type":"x"}\n\n'.repeat(1_001)}`, /more than 1000 items/],
  ])('refuses %s', (_, body, message) => {
    const parse = (): unknown => parseEnvelope(Buffer.from(body));
    expect(parse).toThrow(EnvelopeError);
    expect(parse).toThrow(message);
  });

  it('keeps the fields of a trace header of 8 KiB', () => {
    const { headers } = parseEnvelope(bytes(JSON.stringify({ trace: { baggage: 'b'.repeat(8_192) } })));
    expect(headers['trace']).toEqual({ baggage: 'b'.repeat(8_192) });
  });

  it('never fails with anything but an EnvelopeError', () => {
    const pieces = fc.constantFrom(
      '{}',
      '\n',
      '{"type":"event"}',
      '{"type":"a","length":3}',
      'abc',
      '\r',
      '\ufeff',
      '{"',
    );
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(pieces, { maxLength: 12 }).map((parts) => new Uint8Array(bytes(parts.join('')))),
    );
    fc.assert(
      fc.property(body, (any) => {
        try {
          parseEnvelope(any);
        } catch (error) {
          expect(error).toBeInstanceOf(EnvelopeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads back what serializeEnvelope wrote', () => {
    const item = fc.record({ headers: fc.record({ type: fc.string() }), payload: fc.uint8Array({ maxLength: 50 }) });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 5 }), (items) => {
        const { items: found } = parseEnvelope(serializeEnvelope({ headers: { event_id: 'a' }, items }));
        expect(found.map(({ payload }) => new Uint8Array(payload))).toEqual(items.map(({ payload }) => payload));
        expect(found.map(({ headers }) => headers.type)).toEqual(items.map(({ headers }) => headers.type));
      }),
    );
  });
});

describe('envelopes of the corpus', () => {
  reportMissingCorpus('envelopes as SDKs sent them', 14);
  /** Their lengths no longer fit: newlines converted, or an image run through a text editor. */
  const DAMAGED = ['edge/two_items_bom.envelope', 'flutter/web_exception_screenshot.envelope'];
  const envelopes = corpusFiles().filter(({ kind }) => kind === 'envelope');
  const load = (path: string): Buffer => readFileSync(join(corpusRoot ?? '', path));

  test.each(envelopes.map(({ path }) => path).filter((path) => !DAMAGED.includes(path)))('%s is read', (path) => {
    expect(() => parseEnvelope(load(path))).not.toThrow();
  });

  it.skipIf(!corpusRoot)('keeps a byte order mark and CR LF inside an attachment', () => {
    const [attachment, event] = parseEnvelope(load('edge/binary_before_event.envelope')).items;
    expect(Buffer.from(attachment?.payload ?? []).toString()).toBe('\ufeffHello\r\n');
    expect(event?.headers.type).toBe('event');
  });

  it.skipIf(!corpusRoot)(
    'refuses the envelope whose image lost bytes, and takes it as a file that somebody kept',
    () => {
      const damaged = load('flutter/web_exception_screenshot.envelope');
      expect(() => parseEnvelope(damaged)).toThrow(/Was the envelope cut/);
      const { items } = parseEnvelope(damaged, { allowCut: true });
      expect(items.map(({ headers, payload }) => [headers.type, payload.byteLength])).toEqual([
        ['event', 11_639],
        ['attachment', 47_000],
      ]);
      expect(parseEnvelope(serializeEnvelope({ headers: {}, items })).items).toHaveLength(2);
    },
  );

  it.skipIf(!corpusRoot)('refuses the envelope whose newlines were converted, since its length no longer fits', () => {
    expect(() => parseEnvelope(load('edge/two_items_bom.envelope'))).toThrow(/no newline follows/);
  });
});
