import { expect, it } from 'vitest';
import { copyEnvelope } from '../../../../server/sdk/copy-envelope.ts';
import { envelopeWith, typesOf } from './envelopes.ts';

it('has headers and a list of its own, and leaves the original as it was', () => {
  const original = envelopeWith(['event', 'trace_metric']);
  const before = structuredClone(original);
  const [first, second] = [copyEnvelope(original), copyEnvelope(original)];
  expect(first).toEqual(original);
  first[0]['dsn'] = 'mine';
  first[1].length = 0;
  expect(second).toEqual(before);
  expect(original).toEqual(before);
});

it('has the items that it is given', () => {
  const original = envelopeWith(['event', 'trace_metric']);
  expect(typesOf(copyEnvelope(original, original[1].slice(1)))).toEqual(['trace_metric']);
  expect(typesOf(original)).toEqual(['event', 'trace_metric']);
});
