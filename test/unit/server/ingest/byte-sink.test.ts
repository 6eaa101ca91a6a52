import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBudget } from '../../../../server/ingest/budget.ts';
import { bytesOf, createByteSink, push } from '../../../../server/ingest/byte-sink.ts';

const tooLarge = (): Error => new RangeError('too large');

describe('a byte sink', () => {
  it('gathers any chunks in order, and holds no more than twice their bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 60 }), (chunks) => {
        const budget = createBudget(1e9);
        const lease = budget.lease();
        const sink = createByteSink(1e9, lease, tooLarge);
        for (const chunk of chunks) push(sink, Buffer.from(chunk));
        expect(bytesOf(sink).equals(Buffer.concat(chunks))).toBe(true);
        expect(budget.inFlight()).toBeLessThanOrEqual(Math.max(2 * Buffer.concat(chunks).length, 64 * 1024));
        lease.release();
        lease.release();
        expect(budget.inFlight()).toBe(0);
      }),
    );
  });

  it('costs a sender of single bytes what they are, not an object each', () => {
    const budget = createBudget(1e9);
    const sink = createByteSink(1e9, budget.lease(), tooLarge);
    for (let index = 0; index < 100_000; index += 1) push(sink, Buffer.from([index & 0xff]));
    expect(sink.length).toBe(100_000);
    expect(budget.inFlight()).toBeLessThanOrEqual(200_000);
  });

  it('takes exactly what it may, and not a byte more', () => {
    const sink = createByteSink(100_000, createBudget(1e9).lease(), tooLarge);
    push(sink, Buffer.alloc(1));
    push(sink, Buffer.alloc(99_999));
    expect(bytesOf(sink)).toHaveLength(100_000);
    expect(() => push(sink, Buffer.alloc(1))).toThrow('too large');
  });

  it('stops where all requests together hold too much', () => {
    const budget = createBudget(100);
    const other = budget.lease();
    other.take(60);
    const sink = createByteSink(1e9, budget.lease(), tooLarge);
    expect(() => push(sink, Buffer.alloc(41))).toThrow(expect.objectContaining({ status: 503, retryAfter: 5 }));
    other.release();
    push(sink, Buffer.alloc(41));
    expect(budget.inFlight()).toBe(41);
  });
});
