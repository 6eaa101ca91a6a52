import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it, test } from 'vitest';
import { askPassword, readPassword } from '../../../../server/commands/password.ts';

describe('standard input', () => {
  test.each([
    ['one line', 'correct horse\n', 'correct horse'],
    ['without its end', 'correct horse', 'correct horse'],
    ['of Windows', 'correct horse\r\n', 'correct horse'],
    ['spaces and all', '  correct horse \n', '  correct horse '],
    ['beyond ASCII', 'pässword…\n', 'pässword…'],
  ])('%s', async (_, given, password) => {
    expect(await readPassword(Readable.from([Buffer.from(given)]))).toBe(password);
  });
  test.each([
    ['nothing', '', /no password/],
    ['an empty line', '\n', /no password/],
    ['two lines', 'one-password\ntwo-password\n', /more than one line/],
  ])('refuses %s', async (_, given, message) => {
    await expect(readPassword(Readable.from([Buffer.from(given)]))).rejects.toThrow(message);
  });
});

describe('the terminal', () => {
  /** @param keys what is typed, each piece once the question before it is there */
  async function ask(...keys: string[]) {
    const input = new PassThrough();
    let shown = '';
    const output = new PassThrough();
    output.on('data', (chunk) => {
      shown += chunk;
      if (/: $/.test(shown)) input.write(keys.shift() ?? '');
    });
    const asking = askPassword(input, output).then(
      (password) => ({ password }),
      (error: unknown) => ({ error }),
    );
    return { ...(await asking), shown };
  }

  it('asks twice, and shows nothing of it', async () => {
    expect(await ask('correct horse\r', 'correct horse\r')).toEqual({
      password: 'correct horse',
      shown: 'Password: \nThe same again: \n',
    });
  });
  it('takes both lines at once, as pasted', async () => {
    expect(await ask('correct horse\ncorrect horse\n')).toMatchObject({ password: 'correct horse' });
  });
  it('has a line editor', async () => {
    expect(await ask('correctt\u007f horse\n', 'x\u0015correct horse\n')).toMatchObject({ password: 'correct horse' });
  });
  test.each([
    ['two that differ', ['correct horse\n', 'correct house\n'], /differ\. Nothing was changed/],
    ['Ctrl-C', ['corr\u0003'], /^Stopped/],
    ['Ctrl-C at the second', ['correct horse\n', '\u0003'], /^Stopped/],
    ['Ctrl-D', ['\u0004'], /^Stopped/],
  ])('%s', async (_, keys, message) => {
    const asked = await ask(...keys);
    expect(asked).toEqual({
      error: expect.objectContaining({ message: expect.stringMatching(message) }),
      shown: asked.shown,
    });
    expect(asked.shown).not.toContain('c');
  });
});
