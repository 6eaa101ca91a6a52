import { describe, expect, it, test } from 'vitest';
import { ConfigurationError } from '../../../../server/protocol/errors.ts';
import { describeBigError, validateSnuba } from '../../../../server/runner/validate-snuba.ts';

type Backend = 'embedded' | 'snuba';
const NAMES = ['eventstream.backend', 'search.backend', 'tagstore.backend', 'tsdb.backend'] as const;

/** One letter for each of the four, in their order: `e`mbedded or `s`nuba. */
function fault(letters: string, nodestore: Backend = 'embedded'): string | null {
  const [eventstream, search, tagstore, tsdb] = [...letters].map(
    (letter): Backend => (letter === 's' ? 'snuba' : 'embedded'),
  );
  try {
    validateSnuba({
      'eventstream.backend': eventstream ?? 'embedded',
      'search.backend': search ?? 'embedded',
      'tagstore.backend': tagstore ?? 'embedded',
      'tsdb.backend': tsdb ?? 'embedded',
      'nodestore.backend': nodestore,
    });
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return error instanceof Error ? error.message : '';
  }
}

const unwritten = /: on snuba, where the event stream does not write\.$/m;
const unread = /^eventstream\.backend: on snuba, where search, tagstore and tsdb do not all read\.$/m;

describe('event stream, search, tagstore and tsdb', () => {
  it('may all be embedded', () => expect(fault('eeee')).toBeNull());

  test.each([
    ['esee', unwritten],
    ['eese', unwritten],
    ['eees', unwritten],
    ['esse', unwritten],
    ['eses', unwritten],
    ['eess', unwritten],
    ['esss', unwritten],
    ['seee', unread],
    ['ssee', unread],
    ['sese', unread],
    ['sees', unread],
    ['ssse', unread],
    ['sses', unread],
    ['sess', unread],
    ['ssss', /^eventstream\.backend and its readers: snuba is not in this version\.$/m],
  ])('%s is refused, in a box of the four values and what to change', (letters, message) => {
    const [sentence, ...box] = (fault(letters) ?? '').split('\n');
    expect(sentence).toMatch(message);
    const text = box.map((line) => line.replace(/^!! +| +!!$/g, ''));
    const values = NAMES.map((name, index) => `${name} = ${letters[index] === 's' ? 'snuba' : 'embedded'}`);
    expect(text).toEqual(expect.arrayContaining(values));
    const toChange = NAMES.filter((_, index) => letters[index] === 's');
    const advice = text.findIndex((line) => line.endsWith('Change to embedded:'));
    expect(text.slice(advice + 1, -2)).toEqual(toChange);
    expect(new Set(box.filter(Boolean).map((line) => line.length)).size).toBe(1);
  });
});

it('names the readers that would find nothing', () => {
  expect(fault('eses')).toMatch(/^search\.backend, tsdb\.backend: on snuba/);
});

it('refuses a nodestore that is not in this version', () => {
  expect(fault('eeee', 'snuba')).toBe('nodestore.backend is snuba, which is not in this version: set it to embedded.');
});

it('draws each line in the middle of a box', () => {
  expect(describeBigError(['abcd', 'ab', ''])).toBe(
    ['', '!!!!!!!!!!', '!! abcd !!', '!!  ab  !!', '!!      !!', '!!!!!!!!!!', ''].join('\n'),
  );
});
