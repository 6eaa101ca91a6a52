import { expect, it } from 'vitest';
import { createLateTransport } from '../../../../server/sdk/late-transport.ts';
import { envelopeWith, fakeTransport, TAKEN } from './envelopes.ts';

it('keeps the first envelopes until there is a transport, and then sends through it', async () => {
  const late = createLateTransport(2);
  const sending = [late.send(envelopeWith(['event'])), late.send(envelopeWith(['client_report']))];
  await expect(late.send(envelopeWith(['event']))).rejects.toThrow('no transport');
  const target = fakeTransport();
  late.connect(target);
  expect(await Promise.all(sending)).toEqual([TAKEN, TAKEN]);
  expect(await late.send(envelopeWith(['event']))).toEqual(TAKEN);
  expect(target.sent.map(([, items]) => items[0]?.[0].type)).toEqual(['event', 'client_report', 'event']);
});

it('loses what waited when there will be none', async () => {
  const late = createLateTransport();
  const sending = late.send(envelopeWith(['event']));
  late.connect(null);
  await expect(sending).rejects.toThrow('no transport');
  await expect(late.send(envelopeWith(['event']))).rejects.toThrow('no transport');
  expect(await late.flush(10)).toBe(true);
});

it('is not flushed while something waits, and asks the transport then', async () => {
  const late = createLateTransport();
  void late.send(envelopeWith(['event']));
  let isFlushed: boolean | undefined;
  void late.flush(1000).then((result) => {
    isFlushed = result;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isFlushed).toBeUndefined();
  const target = { ...fakeTransport(), flush: async () => false };
  late.connect(target);
  await expect.poll(() => isFlushed).toBe(false);
});
