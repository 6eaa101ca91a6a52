import { expect, it, test } from 'vitest';
import type { PatchCheck } from '../../../../server/protocol/contract.ts';
import { formatCost } from '../../../../src/suggestFix/format-cost.ts';
import { checkWords, uncoveredCount } from '../../../../src/suggestFix/patch-words.ts';

const commit = '3f2a1c9'.padEnd(40, '0');
const file = (path: string, parses: boolean | null) => ({ path, parses });

test.each<[PatchCheck | null, string, string]>([
  [
    { status: 'applies', commit, files: [file('a', true), file('b', true)] },
    'success',
    'Applies to 3f2a1c9 · parsed · no test was run',
  ],
  [
    { status: 'applies', commit, files: [file('a', true), file('b', null)] },
    'success',
    'Applies to 3f2a1c9 · 1 of 2 files not parsed · no test was run',
  ],
  [
    { status: 'applies', commit, files: [file('a', null)] },
    'success',
    'Applies to 3f2a1c9 · not parsed · no test was run',
  ],
  [{ status: 'applies' }, 'success', 'Applies to the checkout · not parsed · no test was run'],
  [
    { status: 'applies', commit, files: [file('a', false)] },
    'error',
    'Applies to 3f2a1c9 · does not parse · no test was run',
  ],
  [
    { status: 'applies', commit, files: [file('a', false), file('b', true)] },
    'error',
    'Applies to 3f2a1c9 · 1 of 2 files do not parse · no test was run',
  ],
  [{ status: 'does_not_apply', commit }, 'error', 'Does not apply to 3f2a1c9'],
  [{ status: 'malformed' }, 'error', 'Not a patch that git can read'],
  [{ status: 'not_checked' }, 'warning', 'Not checked: neither applied, parsed nor run'],
  [null, 'warning', 'Not checked: neither applied, parsed nor run'],
])('%j: says what was checked and what was not', (check, tone, words) => {
  expect(checkWords(check)).toEqual({ tone, words });
});

it('counts lines that no test reached, and says nothing where nobody can tell', () => {
  expect(uncoveredCount({ status: 'applies', files: [{ path: 'a', uncoveredLines: [1, 2] }, { path: 'b' }] })).toBe(2);
  expect(uncoveredCount({ status: 'applies', files: [{ path: 'a', uncoveredLines: [] }] })).toBe(0);
  expect(uncoveredCount({ status: 'applies', files: [{ path: 'a' }] })).toBeNull();
  expect(uncoveredCount(null)).toBeNull();
});

test.each([
  [0.00412, '$0.0041'],
  [0.052, '$0.052'],
  [1.2, '$1.20'],
  [0, '$0'],
])('writes %d dollars', (dollars, words) => expect(formatCost(dollars)).toBe(words));
