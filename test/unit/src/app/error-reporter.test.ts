import { expect, it, test, vi } from 'vitest';
import { ApiError } from '../../../../src/api/api-error.ts';
import { type Capture, createErrorReporter } from '../../../../src/app/error-reporter.ts';

const path = '/issues/7/events/abc/';

function createReporter({
  found = async () => path,
  open,
}: {
  found?: () => Promise<string>;
  open?: () => never;
} = {}) {
  const captured: { error: unknown; isHandled: boolean | undefined }[] = [];
  const capture: Capture = async (error, { isHandled }) => {
    captured.push({ error, isHandled });
    return 'abc';
  };
  const openCapture = vi.fn(open ?? (async () => capture));
  const findEventPath = vi.fn(found);
  const waited: number[] = [];
  const wait = async (ms: number) => void waited.push(ms);
  return {
    report: createErrorReporter({ openCapture, findEventPath, wait }),
    captured,
    openCapture,
    findEventPath,
    waited,
  };
}

it('leads to the issue of the error', async () => {
  const { report, captured, findEventPath } = createReporter();
  const error = new TypeError('no rows');
  expect(await report(error, { isHandled: false })).toEqual({ path });
  expect(captured).toEqual([{ error, isHandled: false }]);
  expect(findEventPath).toHaveBeenCalledWith('abc');
});

it('reports repeats of an error once, and tells each of the same issue', async () => {
  const { report, captured } = createReporter();
  const fail = () => new TypeError('again and again');
  const errors = Array.from({ length: 5 }, fail);
  expect(await Promise.all(errors.map((error) => report(error)))).toEqual(Array(5).fill({ path }));
  expect(captured).toHaveLength(1);
});

it('has said enough after ten different errors, and opens what reports once', async () => {
  const { report, captured, openCapture } = createReporter();
  const answers = await Promise.all(Array.from({ length: 15 }, (_, index) => report(new Error(`no. ${index}`))));
  expect(captured).toHaveLength(10);
  expect(answers.map(Boolean)).toEqual([...Array(10).fill(true), ...Array(5).fill(false)]);
  expect(openCapture).toHaveBeenCalledOnce();
});

it('waits a few times until the event is digested, and then for no link', async () => {
  const notYet = new ApiError(404, 'There is no event abc.');
  const twice = vi.fn<() => Promise<string>>().mockRejectedValueOnce(notYet).mockResolvedValue(path);
  const soon = createReporter({ found: twice });
  expect(await soon.report(new Error('soon'))).toEqual({ path });
  expect(soon.waited).toHaveLength(2);

  const never = createReporter({ found: () => Promise.reject(notYet) });
  expect(await never.report(new Error('never'))).toEqual({ path: null });
  expect(never.findEventPath).toHaveBeenCalledTimes(5);
});

it('asks no further where somebody may not read events', async () => {
  const { report, findEventPath } = createReporter({ found: () => Promise.reject(new ApiError(403, 'You lack it.')) });
  expect(await report(new Error('x'))).toEqual({ path: null });
  expect(findEventPath).toHaveBeenCalledOnce();
});

const withStack = (error: Error, stack: string) => Object.assign(error, { stack });

test.each([
  ['a refusal of the server', new ApiError(404, 'There is no issue 9.')],
  ['a server that does not answer', new ApiError(0, 'The Stackmend server does not answer. Is it running?')],
  ['a request that was called off', new DOMException('The user aborted a request.', 'AbortError')],
  ['an error event without an error', null],
  [
    'an extension of the browser',
    withStack(new Error('x'), 'Error: x\n    at run (chrome-extension://abcdef/content.js:1:2)'),
  ],
  ['one of Firefox', withStack(new Error('x'), 'run@moz-extension://0a1b/content.js:1:2\n')],
])('takes %s for no fault of the page', async (_, error) => {
  const { report, openCapture } = createReporter();
  expect(await report(error)).toBeNull();
  expect(openCapture).not.toHaveBeenCalled();
});

test.each([
  ['an answer that is not understood', new ApiError(200, "The server's answer was not understood (at id).")],
  ['a text that was thrown', 'no error at all'],
  [
    'a message that only quotes an extension',
    withStack(
      new Error('bad frame chrome-extension://abcdef/x.js'),
      'Error: bad frame chrome-extension://abcdef/x.js\n    at draw (http://127.0.0.1/assets/a.js:1:2)',
    ),
  ],
])('takes %s for one', async (_, error) => {
  const { report, captured } = createReporter();
  expect(await report(error)).toEqual({ path });
  expect(captured).toHaveLength(1);
});
