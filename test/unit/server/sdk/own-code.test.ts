import { join } from 'node:path';
import type { ErrorEvent } from '@sentry/core';
import { defaultStackParser } from '@sentry/node';
import { describe, expect, it, test } from 'vitest';
import { describeOwnError, withoutMessage } from '../../../../server/sdk/own-code.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const parse = withoutMessage(defaultStackParser);
const functionsOf = (stack: string) => parse(stack, 1).map((frame) => frame.function);

describe('withoutMessage', () => {
  test.each([
    ['one line', 'Error: x\n    at a (/x/a.ts:1:2)\n    at b (/x/b.ts:3:4)', ['b', 'a']],
    ['no message', '    at a (/x/a.ts:1:2)', ['a']],
    [
      'lines that look like frames to a lenient parser',
      'Error: at no (/x/n.ts:1:2)\n  at no (/x/n.ts:1:2)\nlook at no:1:2\n    at a (/x/a.ts:1:2)',
      ['a'],
    ],
    ['a frame within the message', 'Error: x\n    at no (/x/n.ts:1:2)\nend\n    at a (/x/a.ts:1:2)', ['a']],
    ['no frame', 'Error: at no (/x/n.ts:1:2)', []],
  ])('takes the frames after %s', (_, stack, expected) => expect(functionsOf(stack)).toEqual(expected));

  it('reads what V8 writes', () => {
    const frames = parse(new Error('first\nsecond at third (fourth:5:6)').stack ?? '', 1);
    expect(frames.at(-1)).toMatchObject({ filename: import.meta.filename });
    expect(JSON.stringify(frames)).not.toContain('fourth');
  });
});

describe('describeOwnError', () => {
  const describeWith = (error: unknown, event: Partial<ErrorEvent> = {}) =>
    describeOwnError({ type: undefined, ...event }, { originalException: error });

  test.each([
    ['our code', join(root, 'server/main.ts'), true],
    ['a package of ours', join(root, 'node_modules/kysely/x.js'), false],
    ['a folder beside ours', `${root}-other/server/x.ts`, false],
    ['Node', 'node:internal/x', false],
    ['nothing', undefined, false],
  ])('tells whether a frame is of our code: %s', (_, filename, expected) => {
    const exception = { values: [{ stacktrace: { frames: [{ filename, in_app: !expected }] } }] };
    const event = describeWith(new Error('x'), { exception });
    expect(event.exception?.values?.[0]?.stacktrace?.frames?.[0]?.in_app).toBe(expected);
  });

  test.each([
    ['a code', Object.assign(new Error('x'), { code: 'ENOENT' }), { a: 'b', 'error.code': 'ENOENT' }],
    ['a code that is a number', Object.assign(new Error('x'), { code: 4 }), { a: 'b' }],
    ['no code', new Error('x'), { a: 'b' }],
    ['no error', 'ENOENT', { a: 'b' }],
  ])('adds the code of an error to its tags: %s', (_, error, tags) => {
    expect(describeWith(error, { tags: { a: 'b' } }).tags).toEqual(tags);
  });
});
