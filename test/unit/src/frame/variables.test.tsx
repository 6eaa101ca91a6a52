import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, it, test } from 'vitest';
import { findParts } from '../../../../src/components/structured-value-parts.ts';
import { FrameVariables } from '../../../../src/frame/frame-variables.tsx';
import { namedVariables } from '../../../../src/frame/named-variables.ts';
import { pretendDialogs } from './pretend-dialogs.ts';

pretendDialogs();

const names = () => screen.getAllByRole('rowheader').map(({ textContent }) => textContent);
const show = (variables: Record<string, unknown>, part: { line?: string; meta?: unknown; platform?: string } = {}) =>
  render(<FrameVariables variables={variables} platform="python" line="" {...part} />);

it('puts first what the failing line names, in its order, then the others as they came', () => {
  show({ self: '<Cart>', tax: '1', amount: '-12', order: 'None' }, { line: '    raise Bad(order, amount)' });
  expect(names()).toEqual(['order', 'amount', 'self', 'tax']);
  const named = screen.getByRole('rowgroup', { name: 'Named in the failing line' });
  expect(within(named).getAllByRole('row')).toHaveLength(2);
});

it('divides nothing where the line names all or none', () => {
  const { unmount } = show({ a: '1' }, { line: 'f(a)' });
  expect(screen.getAllByRole('rowgroup')).toHaveLength(1);
  unmount();
  show({ a: '1' }, { line: 'f(b)' });
  expect(screen.getAllByRole('rowgroup')).toHaveLength(1);
});

test.each<[platform: string, line: string, named: string[]]>([
  ['python', 'total = price(order.amount, *args)', ['total', 'price', 'order', 'args']],
  ['python', 'raise Bad(f"no {amount}", "order")  # total', ['amount']],
  ['python', "log('it''s', total)", ['total']],
  ['node', `const { total } = await f(\`it's \${amount}\`, "order"); // args`, ['total', 'amount']],
  ['node', 'g(...args, this.order, a?.price)', ['args']],
  ['php', '$order->total($amount, \'$price\', "$args");', ['order', 'amount', 'args']],
  ['ruby', '@order.total(amount) if args.price?', ['order', 'amount', 'args']],
  ['native', 'order->total(amount, price::args)', ['order', 'amount', 'price']],
  ['rust', "let x: &'a str = order; amount", ['order', 'amount']],
  ['java', 'this.order = total;', ['total']],
  ['javascript', `f(order)${' '.repeat(1000)}`, []],
  ['__proto__', 'f(order)', ['order']],
])('of %s, %s names %j', (platform, line, named) => {
  expect(namedVariables(line, ['args', 'amount', 'order', 'price', 'total'], platform)).toEqual(named);
});

test('names are found in linear time, whatever the line is', () => {
  const start = performance.now();
  for (const line of ['"\\'.repeat(500), '$@'.repeat(500), '.'.repeat(1000), ' '.repeat(999), '`"\''.repeat(333)])
    namedVariables(line, ['a'], 'python');
  expect(performance.now() - start).toBeLessThan(200);
});

const many = {
  ...Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`plain${index}`, String(index)])),
  order: { items: [{ sku: 'LAMP' }, { sku: 'BULB' }], 'ship to': null },
};

it('searches names and values within many variables, and says how much was found', async () => {
  show(many);
  const search = screen.getByRole('searchbox', { name: 'Search variables' });
  await userEvent.type(search, 'bulb');
  expect(names()).toEqual(['order.items[1].sku']);
  expect(screen.getByRole('status')).toHaveTextContent('1 found');
  await userEvent.clear(search);
  await userEvent.type(search, 'SKU');
  expect(names()).toEqual(['order.items[0].sku', 'order.items[1].sku']);
  await userEvent.clear(search);
  await userEvent.type(search, 'nowhere');
  expect(screen.getByRole('status')).toHaveTextContent('Nothing matches.');
  await userEvent.keyboard('{Escape}');
  expect(names()).toHaveLength(9);
});

it('has no search for what is read at a glance', () => {
  show({ a: '1', b: '2' });
  expect(screen.queryByRole('searchbox')).toBeNull();
});

it('finds what scrubbing took out, by its name', async () => {
  show(many, { meta: { secret: { '': { rem: [['@password', 'x']] } } } });
  await userEvent.type(screen.getByRole('searchbox'), 'secret');
  expect(screen.getAllByRole('row').map(({ textContent }) => textContent)).toEqual(['secret<redacted>']);
});

it('copies a variable and its path, and shows an object as JSON', async () => {
  const user = userEvent.setup();
  show(many);
  await user.click(screen.getByRole('button', { name: 'Copy path order' }));
  expect(await navigator.clipboard.readText()).toBe('order');
  await user.click(screen.getByRole('button', { name: 'Copy plain3' }));
  expect(await navigator.clipboard.readText()).toBe('3');
  await user.click(screen.getByRole('button', { name: 'Viewer: order' }));
  expect(screen.getByRole('dialog', { name: 'order', hidden: true }).querySelector('pre')?.textContent).toBe(
    JSON.stringify(many.order, null, 2),
  );
});

test('a search ends, however deep and wide the values are', () => {
  let deep: unknown = 'needle';
  for (let depth = 0; depth < 20_000; depth++) deep = { a: deep };
  expect(findParts({ deep }, null, 'needle', 10).map(({ value }) => value)).toEqual(['needle']);
  const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 'needle']));
  expect(findParts({ wide }, null, 'needle', 10)).toHaveLength(10);
});
