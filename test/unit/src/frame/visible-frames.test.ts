import { expect, test } from 'vitest';
import { defaultFrameIndex, hasOnlyFullView, leadHint, visibleFrames } from '../../../../src/frame/visible-frames.ts';
import { frame } from './make-event.tsx';

/** `a` is an app frame, `s` one of a library; each on a line of its own. */
const frames = (letters: string) =>
  [...letters].map((letter, index) => frame({ inApp: letter === 'a', lineNo: index + 1 }));
type Options = Partial<Parameters<typeof visibleFrames>[1]>;
/** `1`, `1+2` (two hidden before it), `.1` (shown by a button), `1x3` (repeated thrice), `[2,5)` (omitted). */
const rows = (all: ReturnType<typeof frames>, options: Options = {}) =>
  visibleFrames(all, { isFull: false, opened: new Set(), unfolded: new Set(), ...options })
    .map((row) =>
      row.kind === 'omitted'
        ? `[${row.from},${row.to})`
        : `${row.isSubFrame ? '.' : ''}${row.index}${row.hidden.length ? `+${row.hidden.length}` : ''}${row.repeats.length ? `x${row.repeats.length}` : ''}`,
    )
    .join(' ');

test.each<[string, string, Options, string]>([
  ['app frames and their caller', 'ssaaa', {}, '1+1 2 3 4'],
  ['the run that a button shows', 'ssaaa', { opened: new Set([1]) }, '.0 1+1 2 3 4'],
  ['everything in the full view', 'ssaaa', { isFull: true }, '0 1 2 3 4'],
  ['a library frame that is the newest', 'asss', {}, '0 3+2'],
  ['runs between app frames', 'sssasssa', {}, '2+2 3 6+2 7'],
  ['nothing of nothing', '', {}, ''],
  ['the gap before the first frame after it', 'aaaa', { omitted: [2, 10] }, '0 1 [2,10) 2 3'],
  ['a gap after all frames', 'aa', { omitted: [7, 10] }, '0 1 [7,10)'],
  ['no gap that is empty', 'aa', { omitted: [1, 1] }, '0 1'],
])('shows %s', (_, letters, options, expected) => expect(rows(frames(letters), options)).toBe(expected));

test('collapses repeats into the last one', () => {
  expect(rows([frame(), frame(), frame()])).toBe('2x2');
});

test('shows repeats before the one that they are folded into, in a run as well', () => {
  expect(rows([frame(), frame(), frame()], { unfolded: new Set([2]) })).toBe('.0 .1 2x2');
  const library = frame({ inApp: false, lineNo: 9 });
  const run = [frame(), library, library, frame({ inApp: false, lineNo: 10 }), frame()];
  expect(rows(run, { opened: new Set([3]) })).toBe('0 .2x1 3+1 4');
  expect(rows(run, { opened: new Set([3]), unfolded: new Set([2]) })).toBe('0 .1 .2x1 3+1 4');
});

test('counts a repeated frame once in a hidden run', () => {
  const library = frame({ inApp: false, lineNo: 9 });
  expect(rows([frame(), library, library, frame({ inApp: false, lineNo: 10 }), frame()])).toBe('0 3+1 4');
});

test.each([
  ['another line', { lineNo: 2 }],
  ['another address', { instructionAddr: '0x2' }],
  ['another package', { package: 'b' }],
  ['another function', { function: 'g' }],
  ['app code calling into a library', { inApp: false }],
])('does not collapse %s', (_, part) => expect(rows([frame(), frame(part)], { isFull: true })).toBe('0 1'));

test.each([
  ['asas', 2],
  ['aasss', 1],
  ['sss', 2],
  ['', -1],
])('of %s expands frame %i', (letters, index) => expect(defaultFrameIndex(frames(letters))).toBe(index));

test.each([
  ['aa', true],
  ['ss', true],
  ['as', false],
])('%s has only a full view: %s', (letters, only) => expect(hasOnlyFullView(frames(letters))).toBe(only));

test.each([
  ['calls app code', 'sa', 0, 'error', 'Called from'],
  ['is the newest', 'as', 1, 'error', 'Crashed in non-app'],
  ['hangs', 'as', 1, 'hang', 'Occurred in non-app'],
  ['is of no error', 'as', 1, 'message', 'Occurred in non-app'],
  ['is app code', 'as', 0, 'error', null],
  ['calls a library', 'ssa', 0, 'error', null],
] as const)('leads in a frame that %s', (_, letters, index, kind, words) => {
  const all = frames(letters);
  expect(leadHint(frame({ inApp: letters[index] === 'a' }), all[index + 1], kind)).toBe(words);
});
