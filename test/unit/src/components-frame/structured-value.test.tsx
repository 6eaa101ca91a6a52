import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, it, test } from 'vitest';
import { annotationOf, chunksOf, describeAnnotation, metaAt } from '../../../../src/components/annotated-text-meta.ts';
import { StructuredValue } from '../../../../src/components/structured-value.tsx';
import { previewOf, readValue } from '../../../../src/components/structured-value-kinds.ts';
import { pretendDialogs } from '../frame/pretend-dialogs.ts';

pretendDialogs();

test.each<[string | null, unknown, string, string]>([
  ['python', 'None', 'null', 'None'],
  ['python', null, 'null', 'None'],
  ['python', 'True', 'boolean', 'True'],
  ['python', false, 'boolean', 'False'],
  ['python', "'text'", 'string', "'text'"],
  ['python', 'b"x"', 'string', 'b"x"'],
  ['python', '-12.5', 'number', '-12.5'],
  ['python', '<Order 12>', 'repr', '<Order 12>'],
  ['python', "'", 'repr', "'"],
  ['ruby', 'nil', 'null', 'nil'],
  ['ruby', null, 'null', 'nil'],
  ['ruby', 'true', 'boolean', 'true'],
  ['php', 'null', 'null', 'null'],
  ['php', 'false', 'boolean', 'false'],
  ['node', '<null>', 'null', 'null'],
  ['node', '<undefined>', 'null', 'undefined'],
  ['node', 'None', 'string', '"None"'],
  ['java', 'null', 'string', '"null"'],
  ['__proto__', 'constructor', 'string', '"constructor"'],
  [null, 12, 'number', '12'],
  [null, undefined, 'null', 'null'],
])('reads %s %j as %s', (platform, value, kind, text) => {
  expect(readValue(value, platform)).toEqual({ kind, text });
});

test.each([
  [{ id: 981, items: ['a', 'b'], note: null }, '{id: 981, items: […], note: null}'],
  [[1, 2, 3], '[1, 2, 3]'],
  [Array.from({ length: 1000 }, () => 'twelve chars'), /^\["twelve chars", .*, …\]$/],
])('previews a value on one line', (value, expected) => {
  const preview = previewOf(value);
  if (typeof expected === 'string') expect(preview).toBe(expected);
  else expect(preview).toMatch(expected);
  expect(preview.length).toBeLessThan(120);
});

test.each<[string, unknown, object, string]>([
  [
    'a scrubbing rule',
    '[Filtered]',
    { rem: [['@password', 's', 0, 10]] },
    'Replaced because of the data scrubbing rule @password.',
  ],
  [
    'a size limit',
    'abc',
    { rem: [['!limit', 'x', 3, 3]], len: 10_000 },
    'Removed because of size limits. Cut: only the first 3 of 10,000 characters came.',
  ],
  [
    'an error',
    null,
    { err: [['invalid_data', { reason: 'not a number' }]], val: 'x' },
    'The value could not be read: not a number. It was sent as: x',
  ],
  [
    'an unknown error and verb',
    'a',
    { err: ['odd_thing'], rem: [['r', 'q']] },
    'odd thing. Changed because of the data scrubbing rule r.',
  ],
  ['a cut list', [1], { len: 50 }, 'Cut: only the first 1 of 50 items came.'],
])('describes %s', (_, value, meta, words) => {
  const annotation = annotationOf({ '': meta });
  expect(annotation && describeAnnotation(value, annotation)).toBe(words);
});

test('reads broken annotations without a fault', () => {
  for (const broken of [null, 1, 'x', [], { '': null }, { '': { rem: 'x', err: {}, len: 'y' } }, { '': {} }])
    expect(annotationOf(broken)).toBeNull();
  expect(metaAt({ a: { b: 1 } }, 'a', 'b')).toBe(1);
  expect(metaAt({}, 'constructor', 'name')).toBeUndefined();
});

test.each<[string, [number, number][], string[]]>([
  ['one range', [[2, 4]], ['ab', '[cd]', 'ef']],
  [
    'ranges in any order',
    [
      [4, 6],
      [0, 2],
    ],
    ['[ab]', 'cd', '[ef]'],
  ],
  [
    'ranges that overlap',
    [
      [0, 4],
      [2, 6],
    ],
    ['[abcd]', 'ef'],
  ],
  ['a range beyond the text', [[4, 60]], ['abcdef']],
])('splits a text at %s', (_, ranges, expected) => {
  const annotation = annotationOf({ '': { rem: ranges.map(([start, end]) => ['r', 's', start, end]) } });
  if (!annotation) throw new Error('no annotation');
  expect(chunksOf('abcdef', annotation).map(({ text, remark }) => (remark ? `[${text}]` : text))).toEqual(expected);
});

it('folds lists and objects, and opens them by keyboard', async () => {
  const { container } = render(<StructuredValue name="order" value={{ id: 1, items: [{ sku: 'A' }] }} />);
  expect(container.textContent).toBe('{id: 1, items: […]}');
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  expect(screen.getByRole('button', { name: /^order, 2 keys: / })).toHaveAttribute('aria-expanded', 'true');
  await userEvent.click(screen.getByRole('button', { name: /^items, 1 item: / }));
  await userEvent.click(screen.getByRole('button', { name: /^0, 1 key: / }));
  expect(screen.getByText('"A"')).toBeVisible();
});

it('draws ten thousand keys a hundred at a time', async () => {
  render(
    <StructuredValue
      name="big"
      value={Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, index]))}
    />,
  );
  await userEvent.click(screen.getByRole('button', { name: /^big, 10000 keys: / }));
  expect(screen.getAllByRole('listitem')).toHaveLength(101);
  await userEvent.click(screen.getByRole('button', { name: 'Show 100 more of 9,900' }));
  expect(screen.getAllByRole('listitem')).toHaveLength(201);
});

it('shows where a part was taken out, cut or could not be read', async () => {
  const meta = {
    gone: { '': { rem: [['@ip', 'x']] } },
    bad: { '': { err: ['invalid_data'] } },
    long: { '': { len: 500 } },
  };
  render(<StructuredValue name="extra" value={{ bad: null, long: 'abc' }} meta={meta} />);
  await userEvent.click(screen.getByRole('button', { name: /^extra, 2 keys: / }));
  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'bad: <invalid>',
    'long: "abc"first 3 of 500 characters',
    'gone: <redacted>',
  ]);
});

it('shows the start of a long text, and all of it when asked', async () => {
  render(<StructuredValue name="body" value={'x'.repeat(5000)} />);
  await userEvent.click(screen.getByRole('button', { name: 'Show all 5,002 characters' }));
  expect(screen.getByText(/^"x+"$/).textContent).toMatch(/^"x{5000}"/);
});

it('opens a long text in a viewer, whole and as it is, with what was cut of it', async () => {
  const user = userEvent.setup();
  render(<StructuredValue name="body" value={`${'x'.repeat(400)}\u202e`} meta={{ '': { len: 9000 } }} />);
  await user.click(screen.getByRole('button', { name: 'Viewer: body' }));
  const dialog = screen.getByRole('dialog', { name: 'body', hidden: true });
  expect(dialog).toHaveTextContent('Cut: only the first 401 of 9,000 characters came.');
  expect(dialog.querySelector('pre')?.textContent).toBe(`${'x'.repeat(400)}\\u202e`);
  await user.click(within(dialog).getByRole('button', { name: 'Copy all 401 characters', hidden: true }));
  expect(await navigator.clipboard.readText()).toBe(`${'x'.repeat(400)}\u202e`);
});

it('copies the path of a part, and the part', async () => {
  const user = userEvent.setup();
  render(<StructuredValue name="order" path="order" value={{ items: [{ sku: 'A' }], 'ship to': 1 }} />);
  await user.click(screen.getByRole('button', { name: /^order, 2 keys: / }));
  await user.click(screen.getByRole('button', { name: 'Copy order.items' }));
  expect(await navigator.clipboard.readText()).toBe('[\n  {\n    "sku": "A"\n  }\n]');
  await user.click(screen.getByRole('button', { name: /^items, 1 item: / }));
  await user.click(screen.getByRole('button', { name: /^0, 1 key: / }));
  await user.click(screen.getByRole('button', { name: 'Copy path order.items[0].sku' }));
  expect(await navigator.clipboard.readText()).toBe('order.items[0].sku');
  await user.click(screen.getByRole('button', { name: 'Copy path order["ship to"]' }));
  expect(await navigator.clipboard.readText()).toBe('order["ship to"]');
});

it.each([
  ['node', '[Object]', 'An object that lay too deep.'],
  ['javascript', '[Array]', 'A list that lay too deep.'],
  ['node', '[MaxProperties ~]', 'There was more here than the SDK takes.'],
  ['php', 'Object App\\Cart', 'An object that lay too deep.'],
])('says of %s that %s stands for what the SDK left out', (platform, value, words) => {
  render(<StructuredValue name="a" value={value} platform={platform} />);
  expect(screen.getByText('left out by the SDK')).toHaveAttribute('title', words);
});

it.each([
  ['python', '[Object]'],
  ['node', '[Filtered]'],
  ['node', '[see below]'],
  ['node', '[]'],
])('takes of %s the text %s as it is', (platform, value) => {
  render(<StructuredValue name="a" value={value} platform={platform} />);
  expect(screen.queryByText('left out by the SDK')).toBeNull();
});

it('closes the words about a mark with Escape', async () => {
  render(<StructuredValue name="token" value="[Filtered]" />);
  await userEvent.tab();
  expect(screen.getByRole('tooltip', { hidden: true })).toHaveTextContent('Filtered out');
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('tooltip', { hidden: true })).toBeNull();
});
