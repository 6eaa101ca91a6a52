import { screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, it, test } from 'vitest';
import type { Exception } from '../../../../server/protocol/contract.ts';
import { type Branch, exceptionTree, flattenBranches } from '../../../../src/frame/exception-tree.ts';
import { event, frame, serveLinks, show, stacktrace } from './make-event.tsx';

serveLinks();

const exception = (id: number | null, parent: number | null, isGroup = false): Exception => ({
  type: `E${id}`,
  value: `value ${id}`,
  mechanism: { type: 'chained', exception_id: id, parent_id: parent, is_exception_group: isGroup },
  stacktrace: stacktrace([frame({ filename: `e${id}.py`, context: [[1, `raise E${id}`]] })]),
});
/** `0(1(2 3) 4)`: what is in brackets is within what is before them. */
const drawn = (exceptions: readonly Exception[], branches: readonly Branch[]): string =>
  branches
    .map(({ index, members }) => {
      const name = exceptions[index]?.mechanism?.exception_id ?? `#${index}`;
      return members.length > 0 ? `${name}(${drawn(exceptions, members)})` : `${name}`;
    })
    .join(' ');

test.each<[string, Exception[], string]>([
  ['no ids: a chain, the newest first', [{ type: 'Root' }, { type: 'Leaf' }], '#1 #0'],
  ['single causes: a chain', [exception(2, 1), exception(1, 0), exception(0, null)], '0 1 2'],
  ['a group', [exception(2, 0), exception(1, 0), exception(0, null, true)], '0(1 2)'],
  ['a group of one', [exception(1, 0), exception(0, null, true)], '0(1)'],
  [
    'a group in a group, and the cause of a member',
    [exception(4, 3), exception(3, 0), exception(2, 1), exception(1, 0, true), exception(0, null, true)],
    '0(1(2) 3 4)',
  ],
  ['several causes of one that is no group', [exception(2, 0), exception(1, 0), exception(0, null)], '0(1 2)'],
  ['its own parent', [exception(1, 1), exception(0, null)], '0 1'],
  ['parents in a circle', [exception(1, 2), exception(2, 1), exception(0, null)], '0 2 1'],
  ['a parent that was not sent', [exception(1, 7), exception(0, null)], '0 1'],
  ['one id twice', [exception(1, 0), exception(1, 0), exception(0, null)], '0(1 1)'],
  ['none', [], ''],
])('makes a tree of %s', (_, exceptions, tree) => {
  const branches = exceptionTree(exceptions);
  expect(drawn(exceptions, branches)).toBe(tree);
  expect(flattenBranches(branches).toSorted()).toEqual(exceptions.map((_each, index) => index).toSorted());
});

test('shows thousands of nested groups in time, none of them lost', () => {
  const nested = Array.from({ length: 10_000 }, (_, index) => exception(index, index - 1, true)).reverse();
  expect(flattenBranches(exceptionTree(nested))).toHaveLength(10_000);
});

const grouped = () =>
  event([['exception', { values: [exception(3, 0), exception(2, 1), exception(1, 0), exception(0, null, true)] }]]);
const headings = () => screen.getAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent);

it('shows a group with its members inside, the first of them open, each to be folded', async () => {
  show(grouped());
  expect(headings()).toEqual(['E0', 'E1', 'E2', 'E3']);
  const members = screen.getByRole('group', { name: 'In E0' });
  expect(
    within(members)
      .getAllByRole('article')
      .map(({ ariaLabel }) => ariaLabel),
  ).toEqual(['E1', 'E2', 'E3']);
  expect(within(members).getByText('e1.py')).toBeVisible();
  expect(screen.queryByText('e3.py')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Toggle exception E3' }));
  expect(screen.getByText('e3.py')).toBeVisible();
  await userEvent.click(within(members).getByRole('button', { name: '3 exceptions in E0' }));
  expect(headings()).toEqual(['E0']);
});

it('turns the whole tree round with its frames', async () => {
  show(grouped());
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Order of frames' }), 'oldest');
  expect(headings()).toEqual(['E3', 'E2', 'E1', 'E0']);
});

it('says where exceptions were left out, between those that are there', async () => {
  const values = [{ type: 'Root' }, { type: 'Leaf' }];
  show(event([['exception', { values, excOmitted: [1, 40] }]]));
  const text = () => screen.getByRole('region', { name: 'Stack trace' }).textContent;
  expect(text()).toMatch(/Leaf.*Exceptions 1 until 40 were omitted and not available\..*Root/);
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Order of frames' }), 'oldest');
  expect(text()).toMatch(/Root.*Exceptions 1 until 40 were omitted and not available\..*Leaf/);
});

it('marks the message as what somebody from outside could have written, and no frame', () => {
  show(event([['exception', { values: [exception(0, null)] }]]));
  const marks = screen.getAllByRole('img', { name: /somebody from outside could have written this/ });
  expect(marks).toHaveLength(1);
  expect(marks[0]?.parentElement).toHaveTextContent('value 0');
});
