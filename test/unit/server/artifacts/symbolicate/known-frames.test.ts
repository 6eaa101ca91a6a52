import { expect, it } from 'vitest';
import type {
  FrameAnswer,
  FrameToMap,
  SymbolicateRequest,
} from '../../../../../server/artifacts/symbolicate/answer.ts';
import { createKnownFrames } from '../../../../../server/artifacts/symbolicate/known-frames.ts';
import { URL } from './store.ts';

const frame = (column: number, more: Partial<FrameToMap> = {}): FrameToMap => ({
  url: URL,
  line: 1,
  column,
  function: 't',
  ...more,
});
const request = (...frames: FrameToMap[]): SymbolicateRequest => ({
  projectId: 2,
  release: '1',
  dist: null,
  debugIds: [],
  stacks: [frames],
});

const mapped = (column: number, line = 'x'): FrameAnswer => ({
  status: 'mapped',
  absPath: 'a.ts',
  filename: 'a.ts',
  module: 'a',
  function: null,
  dependsOnCaller: false,
  line: column,
  column: 1,
  context: { before: [], line, after: [] },
  isLibrary: false,
  mapUrl: 'a.map',
  resolvedWith: 'release',
  uploaded: 1,
  bundle: 7,
});

function setUp(answer: (frame: FrameToMap) => FrameAnswer = ({ column }) => mapped(column ?? 0), maxBytes?: number) {
  /** Columns of what was asked for, each time; null for what was left out. */
  const asked: (number | null)[][] = [];
  const ask = createKnownFrames(async ({ stacks }) => {
    asked.push(stacks.flat().map(({ url, column }) => (url === null ? null : column)));
    return { stacks: stacks.map((stack) => stack.map((each) => (each.url === null ? null : answer(each)))) };
  }, maxBytes);
  const linesOf = async (of: SymbolicateRequest, state = 'a') =>
    (await ask(of, state)).stacks
      .flat()
      .map((each) => (each?.status === 'mapped' ? each.line : (each?.reason ?? null)));
  return { ask, asked, linesOf };
}

it('asks for a frame once, and answers for all in their order', async () => {
  const { asked, linesOf } = setUp();
  expect(await linesOf(request(frame(1), frame(2)))).toEqual([1, 2]);
  expect(await linesOf(request(frame(2), frame(1), frame(2)))).toEqual([2, 1, 2]);
  expect(await linesOf(request(frame(1), frame(2)))).toEqual([1, 2]);
  expect(asked.length).toBe(1);
});

it('asks again for a frame that is called from elsewhere, where that may have named it', async () => {
  const { asked, linesOf } = setUp(({ column }) => ({ ...mapped(column ?? 0), dependsOnCaller: true }) as FrameAnswer);
  for (const callers of [[1], [1], [3], [1]])
    await linesOf(request(...callers.map((column) => frame(column)), frame(2)));
  expect(asked).toEqual([
    [1, 2],
    [3, 2],
  ]);
});

it('asks with the callers of what it does not know, and leaves out the others', async () => {
  const { asked, linesOf } = setUp();
  await linesOf(request(frame(1), frame(2), frame(3)));
  expect(await linesOf(request(frame(1), frame(2), frame(3), frame(4)))).toEqual([1, 2, 3, 4]);
  expect(asked[1]).toEqual([null, null, 3, 4]);
});

it.each<[string, Partial<SymbolicateRequest>]>([
  ['another release', { release: '2' }],
  ['another dist', { dist: 'b' }],
  ['another debug id', { debugIds: [[URL, 'x']] }],
  ['another project', { projectId: 3 }],
])('asks again for %s', async (_, more) => {
  const { asked, linesOf } = setUp();
  await linesOf(request(frame(1)));
  await linesOf({ ...request(frame(1)), ...more });
  expect(asked.length).toBe(2);
});

it('asks again for another name, and after an upload', async () => {
  const { asked, linesOf } = setUp();
  await linesOf(request(frame(1)));
  await linesOf(request(frame(1, { function: 'n' })));
  await linesOf(request(frame(1)), 'b');
  expect(asked.length).toBe(3);
});

it('remembers neither what was not mapped nor what has no source', async () => {
  const failed: FrameAnswer = { status: 'unmapped', reason: 'no_mapping', detail: null, mapUrl: null };
  const { asked, linesOf } = setUp(({ column }) =>
    column === 1 ? failed : ({ ...mapped(2), context: null } as FrameAnswer),
  );
  for (const _ of [1, 2]) expect(await linesOf(request(frame(1), frame(2)))).toEqual(['no_mapping', 2]);
  expect(asked.length).toBe(2);
});

it('remembers no more than fits, those used last', async () => {
  const { asked, linesOf } = setUp(undefined, 2 * 1600);
  for (const column of [1, 2, 1, 3, 1, 2]) await linesOf(request(frame(column)));
  expect(asked).toEqual([[1], [2], [3], [2]]);
});

it('gives an event no more source than it may have', async () => {
  const { ask } = setUp(({ column }) => mapped(column ?? 0, 'z'.repeat(4000)));
  const { stacks } = await ask(request(...Array.from({ length: 1000 }, () => frame(1))), 'a');
  expect(JSON.stringify(stacks).length).toBeLessThan(1_500_000);
  expect(stacks[0]?.every((each) => each?.status === 'mapped')).toBe(true);
});
