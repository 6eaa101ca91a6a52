import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { MsgpackError, readMsgpack } from '../../../../server/ingest/msgpack.ts';

const read = (hex: string) => readMsgpack(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 1_000);

describe('MessagePack', () => {
  test.each<[string, unknown]>([
    ['00 7f e0 ff', [0, 127, -32, -1]],
    ['cc ff cd ffff ce ffffffff', [255, 65535, 4294967295]],
    ['cf ffffffffffffffff cf 0000000000000001', ['18446744073709551615', 1]],
    ['d0 80 d1 8000 d2 80000000', [-128, -32768, -2147483648]],
    ['d3 8000000000000000 d3 ffffffffffffffff', ['-9223372036854775808', -1]],
    ['ca 3fc00000 cb 3ff8000000000000', [1.5, 1.5]],
    ['ca 7fc00000 cb 7ff0000000000000', [null, null]],
    ['c0 c2 c3', [null, false, true]],
    ['a2 c3bc d9 01 61 da 0001 62 db 00000001 63', ['\u00fc', 'a', 'b', 'c']],
    ['c4 01 61 c5 0001 62 c6 00000001 63', ['a', 'b', 'c']],
    ['92 01 91 02 dc 0001 03 dd 00000001 04', [[1, [2]], [3], [4]]],
    ['81 a1 61 01 de 0001 01 02 df 00000001 c0 03', [{ a: 1 }, { '1': 2 }, { null: 3 }]],
    ['', []],
  ])('%s is %j', (hex, values) => expect(read(hex)).toEqual(values));

  it('keeps a key that is a prototype in a dictionary as any other', () => {
    const [value] = read('81 a9 5f5f70726f746f5f5f 81 a1 61 01');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(JSON.stringify(value)).toBe('{"__proto__":{"a":1}}');
  });

  test.each([
    ['cut text', 'a2 61'],
    ['a list that says four billion items', 'dd ffffffff 01'],
    ['a map without its last value', '81 a1 61'],
    ['an extension', 'd4 00 00'],
    ['the byte that is never used', 'c1'],
    ['depth', `${'91'.repeat(70)}01`],
    ['more values than may be', '00'.repeat(1_001)],
  ])('refuses %s', (_, hex) => expect(() => read(hex)).toThrow(MsgpackError));

  it('reads any bytes or says why not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          JSON.stringify(readMsgpack(Buffer.from(bytes), 1_000));
        } catch (error) {
          expect(error).toBeInstanceOf(MsgpackError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
