import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { frameSchema } from '../../../../server/protocol/contract.ts';
import { tracesOf } from '../../../../src/frame/event-traces.ts';
import { isFrame, readFrame, whyBroken } from '../../../../src/frame/read-frame.ts';
import { event, exceptionEvent, frame } from './make-event.tsx';

/** Values that are right for one field or another, and wrong for the others. */
const value = fc.oneof(
  fc.constantFrom(null, true, false, 'a', '', 7, -1.5, [], {}, [1, 2], { a: 1 }),
  fc.array(fc.tuple(fc.integer(), fc.option(fc.string()))),
  fc.array(fc.oneof(fc.tuple(fc.integer(), fc.integer()), fc.tuple(fc.integer()), fc.string())),
  fc.dictionary(fc.string(), fc.jsonValue()),
);
const fields = fc.constantFrom(...Object.keys(frameSchema.shape), 'unknownField', '__proto__');
const aFrame = fc
  .dictionary(fields, value, { maxKeys: 6 })
  .map((part) => ({ ...frame({ context: [[1, 'x']] }), ...part }));

it('takes what the schema takes, and nothing else', () => {
  const taken = { yes: 0, no: 0 };
  fc.assert(
    fc.property(fc.oneof({ weight: 20, arbitrary: aFrame }, value), (given) => {
      const parsed: unknown = JSON.parse(JSON.stringify(given));
      const isTaken = frameSchema.safeParse(parsed).success;
      taken[isTaken ? 'yes' : 'no'] += 1;
      expect(isFrame(parsed)).toBe(isTaken);
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(taken.yes, taken.no)).toBeGreaterThan(100);
});

it('makes of anything a frame that the schema takes, and says what was wrong with it', () => {
  fc.assert(
    fc.property(fc.oneof(aFrame, value), (given) => {
      const parsed: unknown = JSON.parse(JSON.stringify(given));
      const read = readFrame(parsed);
      expect(frameSchema.safeParse(read).success).toBe(true);
      expect(whyBroken(read) === null).toBe(isFrame(parsed));
    }),
    { numRuns: 2000 },
  );
});

it('keeps of a broken frame what can be read', () => {
  const read = readFrame({ ...frame(), lineNo: 'seven', vars: { a: 1 }, context: [[1, 'x'], 'y'], own: { b: 2 } });
  expect(read).toMatchObject({
    filename: 'app/a.py',
    lineNo: null,
    vars: { a: 1 },
    context: [[1, 'x']],
    own: { b: 2 },
  });
  expect(whyBroken(read)).toMatch(/^lineNo: /);
});

it('does not let a broken frame take its trace along, and reads an event once', () => {
  const broken = Object.assign(exceptionEvent([frame(), frame({ lineNo: 9 })]));
  broken.entries[0].data.values[0].stacktrace.frames[0] = 'no frame';
  const traces = tracesOf(broken);
  expect(traces.unreadable).toEqual([]);
  expect(traces.exceptions?.values[0]?.stacktrace?.frames.map(({ lineNo }) => lineNo)).toEqual([undefined, 9]);
  expect(tracesOf(broken)).toBe(traces);
});

it('names an entry that has no frames where they belong', () => {
  const traces = tracesOf(event([['stacktrace', { frames: 'none', hasSystemFrames: false }]]));
  expect(traces.unreadable[0]).toMatchObject({ type: 'stacktrace', reason: expect.stringMatching(/^frames: /) });
});
