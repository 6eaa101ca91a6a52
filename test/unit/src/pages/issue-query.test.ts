import { expect, test } from 'vitest';
import { readSearch, tabOf, withTab, writeSearch } from '../../../../src/pages/issues/issue-query.ts';
import { describeUpdate, undoOf } from '../../../../src/pages/issues/use-issue-actions.ts';

test.each([
  ['is:unresolved', 'unresolved'],
  ['level:error is:ignored words', 'archived'],
  ['', 'all'],
  ['words', 'all'],
  ['!is:resolved', null],
  ['this:is:resolved', 'all'],
])('the query %j belongs to the tab %s', (query, tab) => expect(tabOf(query)).toBe(tab));

test.each([
  ['is:unresolved level:error', 'all', 'level:error'],
  ['level:error', 'resolved', 'is:resolved level:error'],
  ['a is:resolved b', 'archived', 'is:archived a b'],
] as const)('%j under the tab %s is %j', (query, tab, expected) => expect(withTab(query, tab)).toBe(expected));

test('an absent query is what is unresolved, an empty one is all', () => {
  expect(readSearch(new URLSearchParams()).query).toBe('is:unresolved');
  expect(readSearch(new URLSearchParams('query=')).query).toBe('');
});

test('any change but of the page begins at the first page', () => {
  const search = readSearch(new URLSearchParams('cursor=0:25:0&sort=freq'));
  expect(writeSearch(search, { query: '' }).toString()).toBe('query=&sort=freq');
  expect(writeSearch(search, { cursor: '0:50:0' }).toString()).toBe('sort=freq&cursor=0%3A50%3A0');
});

test('undoing a change of several brings each back to what it was', () => {
  const issues = [
    { id: '1', shortId: 'A-1', status: 'unresolved', isBookmarked: false },
    { id: '2', shortId: 'A-2', status: 'ignored', isBookmarked: true },
    { id: '3', shortId: 'A-3', status: 'unresolved', isBookmarked: true },
  ] as const;
  expect(undoOf([...issues], { status: 'resolved' })).toEqual([
    { ids: ['1', '3'], change: { status: 'unresolved' } },
    { ids: ['2'], change: { status: 'ignored' } },
  ]);
  expect(describeUpdate([...issues], { isBookmarked: true })).toBe('3 issues bookmarked');
});
