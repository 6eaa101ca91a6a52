import { describe, expect, it, vi } from 'vitest';
import { patchTransportForInstrumentation } from '../../../../server/sdk/instrumentation.ts';
import { createSpoolTransport } from '../../../../server/sdk/transports.ts';
import { countLines, envelopeWith } from './envelopes.ts';

const COUNTED = 'internal.sent_requests.relay.events';

/** A transport over this `append`, whose calls and counts are noted in one order. */
function instrumented(append: (body: Buffer) => Promise<void>) {
  const order: string[] = [];
  const transport = createSpoolTransport(
    (body) => {
      order.push('sent');
      return append(body);
    },
    () => {},
  );
  const patched = patchTransportForInstrumentation(transport, 'relay', (key) => void order.push(key));
  return { transport, patched, order };
}

describe('patchTransportForInstrumentation', () => {
  it('gives the same transport back, which counts each request before it is sent', async () => {
    const { transport, patched, order } = instrumented(async () => {});
    expect(patched).toBe(transport);
    await patched.send(envelopeWith(['event']));
    await patched.send(envelopeWith(['client_report']));
    expect(order).toEqual([COUNTED, 'sent', COUNTED, 'sent']);
  });

  it('counts a request that fails then', async () => {
    const { patched, order } = instrumented(() => Promise.reject(new Error('disk')));
    await expect(patched.send(envelopeWith(['event']))).rejects.toThrow('disk');
    expect(order).toEqual([COUNTED, 'sent']);
  });

  it('counts none that the full queue drops', async () => {
    const { patched, order } = instrumented(() => new Promise(() => {}));
    for (let count = 0; count < 100; count += 1) void patched.send(envelopeWith(['event']));
    expect(order.filter((step) => step === COUNTED)).toHaveLength(64);
    expect(await patched.send(envelopeWith(['event']))).toEqual({});
  });

  it('leaves a transport alone that has no function to send with', () => {
    const { incr, lines } = countLines();
    const transport = { send: vi.fn(), flush: vi.fn() };
    const before = { ...transport };
    expect(patchTransportForInstrumentation(transport, 'upstream', incr)).toBe(transport);
    expect(transport).toEqual(before);
    expect(lines).toEqual([]);
  });
});
