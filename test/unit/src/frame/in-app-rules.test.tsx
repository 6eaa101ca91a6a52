import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, test, vi } from 'vitest';
import type { Frame } from '../../../../server/protocol/contract.ts';
import { parseInAppRules } from '../../../../server/protocol/in-app-rules.ts';
import { ToastProvider } from '../../../../src/components/toast.tsx';
import { rulesFor, withRule } from '../../../../src/frame/in-app-rule.ts';
import { StackTraceSection } from '../../../../src/frame/stack-trace-section.tsx';
import { exceptionEvent, frame } from './make-event.tsx';
import { pretendDialogs } from './pretend-dialogs.ts';

pretendDialogs();

test.each<[string, Partial<Frame>, boolean, string, string[]]>([
  [
    'a file',
    { filename: 'pay.py', absPath: '/srv/app/pay.py', module: 'app.pay' },
    false,
    'python',
    [
      'stack.abs_path:/srv/app/pay.py -app',
      'stack.module:app.pay -app',
      'stack.abs_path:/srv/app/** -app',
      'stack.function:f -app',
    ],
  ],
  [
    'a class of Java',
    { filename: 'Till.java', module: 'com.shop.Till' },
    true,
    'java',
    ['stack.module:com.shop.Till +app', 'stack.function:f +app'],
  ],
  [
    'a native frame without a file',
    { filename: null, package: '/usr/lib/libc.so.6', function: 'std::sort<int>(int*, int*)' },
    false,
    'native',
    ['stack.package:/usr/lib/libc.so.6 -app', 'stack.function:"std::sort<int>(int*, int*)" -app'],
  ],
  [
    'a path with blanks, quotes and backslashes',
    { filename: 'C:\\My "Shop"\\a.cs', function: null },
    false,
    'csharp',
    ['stack.abs_path:"C:\\\\My \\"Shop\\"\\\\a.cs" -app', 'stack.abs_path:"C:\\\\My \\"Shop\\"\\\\**" -app'],
  ],
  [
    'names that would be another rule',
    { filename: 'a\n# b', function: '# c' },
    false,
    'python',
    ['stack.abs_path:"a?# b" -app', 'stack.function:"# c" -app'],
  ],
  ['a name too long for a rule', { filename: 'x'.repeat(600), function: null }, false, 'python', []],
  ['no name', { filename: null, function: null }, false, 'python', []],
])('knows by which rules to mark %s, and the server reads each', (_, part, inApp, platform, rules) => {
  const choices = rulesFor(frame(part), inApp, platform);
  expect(choices.map(({ rule }) => rule)).toEqual(rules);
  for (const { rule } of choices) expect(parseInAppRules(rule)).toHaveLength(1);
});

test.each([
  ['', 'b -app'],
  ['a:x -app\n\n', 'a:x -app\nb -app'],
  ['# why\na:x -app', '# why\na:x -app\nb -app'],
])('adds a rule after %j', (before, after) => expect(withRule(before, 'b -app')).toBe(after));

/** The server as far as rules go: it keeps them, and refuses what it cannot read. */
let rules = '';
let scopes: string[] = [];
beforeEach(() => {
  rules = 'stack.module:vendor.* -app';
  scopes = ['project:read', 'project:write'];
  vi.stubGlobal('fetch', async (input: string, init?: RequestInit) => {
    if (input === '/api/0/') return Response.json({ version: '1', auth: { scopes }, user: null });
    if (input.endsWith('/coverage/')) return Response.json({ frames: [] });
    if (!input.endsWith('/projects/stackmend/shop/')) return Response.json({});
    if (init?.method === 'PUT') {
      const { groupingEnhancements } = JSON.parse(String(init.body));
      try {
        parseInAppRules(groupingEnhancements);
      } catch (error) {
        return Response.json({ detail: String(error).replace(/^\w+: /, '') }, { status: 400 });
      }
      rules = groupingEnhancements;
    }
    return Response.json({ id: '2', slug: 'shop', name: 'shop', groupingEnhancements: rules });
  });
});
afterEach(() => vi.unstubAllGlobals());

function show() {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const invalidated: unknown[] = [];
  queries.setQueryData(['issues', 'one', '7', 'event', 'latest', ''], 'event');
  queries.setQueryData(['issues', 'one', '7'], 'issue');
  queries.getQueryCache().subscribe(({ type, query }) => {
    if (type === 'updated' && query.state.isInvalidated) invalidated.push(query.queryKey);
  });
  const shown = exceptionEvent([
    frame({ filename: 'lib.py', absPath: '/srv/lib.py', inApp: false }),
    frame({ filename: 'a.py', absPath: '/srv/a.py' }),
  ]);
  render(
    <QueryClientProvider client={queries}>
      <ToastProvider>
        <StackTraceSection event={shown} project="shop" />
      </ToastProvider>
    </QueryClientProvider>,
  );
  return { invalidated };
}
const press = async (role: string, name: string | RegExp) =>
  userEvent.click(await screen.findByRole(role, { name, hidden: true }, { timeout: 5000 }));
const openMenu = async (index: number) => {
  const button = screen.getAllByRole('button', { name: 'Frame menu' })[index];
  if (button) await userEvent.click(button);
};

it('marks a frame as not in-app after showing the rule, draws events anew, and takes it back', async () => {
  const { invalidated } = show();
  await openMenu(0);
  await press('button', 'Mark this frame as not in-app…');
  const dialog = await screen.findByRole('dialog', { name: 'Mark as not in-app' });
  expect(dialog.querySelector('pre')).toHaveTextContent('stack.abs_path:/srv/a.py -app');
  await userEvent.click(within(dialog).getByRole('radio', { name: 'All files in its folder and below' }));
  expect(dialog.querySelector('pre')).toHaveTextContent('stack.abs_path:/srv/** -app');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Add the rule' }));
  await waitFor(() => expect(rules).toBe('stack.module:vendor.* -app\nstack.abs_path:/srv/** -app'));
  expect(await screen.findByText('Marked as not in-app.')).toBeVisible();
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(invalidated).toContainEqual(['issues', 'one', '7', 'event', 'latest', '']);
  expect(invalidated).not.toContainEqual(['issues', 'one', '7']);
  await press('button', 'Undo');
  expect(await screen.findByText('The in-app rules are as they were.')).toBeVisible();
  expect(rules).toBe('stack.module:vendor.* -app');
});

it('marks a library frame as in-app', async () => {
  show();
  await openMenu(1);
  await press('button', 'Mark this frame as in-app…');
  const dialog = await screen.findByRole('dialog', { name: 'Mark as in-app' });
  expect(dialog.querySelector('pre')).toHaveTextContent('stack.abs_path:/srv/lib.py +app');
});

it('says who may mark frames to whoever may not', async () => {
  scopes = ['project:read'];
  show();
  await waitFor(() => expect(screen.queryAllByRole('button', { name: 'Frame menu' })).toHaveLength(2));
  await openMenu(0);
  expect(await screen.findByText(/You need the permission project:write/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /^Mark this frame/, hidden: true })).toBeNull();
});

it('copies a frame as text, and its path', async () => {
  const user = userEvent.setup();
  show();
  await openMenu(0);
  await user.click(await screen.findByRole('button', { name: 'Copy path', hidden: true }));
  expect(await navigator.clipboard.readText()).toBe('/srv/a.py');
  await openMenu(0);
  await user.click(await screen.findByRole('button', { name: 'Copy frame as text', hidden: true }));
  expect(await navigator.clipboard.readText()).toContain('File "a.py", line 1, in f');
});

it('edits the rules, tells which line is wrong, and keeps what was typed', async () => {
  show();
  await press('button', 'In-app rules…');
  const field = await screen.findByRole('textbox', { name: 'Rules' });
  expect(field).toHaveValue('stack.module:vendor.* -app');
  await userEvent.type(field, '{End}\nnonsense here');
  await press('button', 'Save');
  expect(await screen.findByRole('alert')).toHaveTextContent(/^Line 2: /);
  expect(field).toHaveFocus();
  if (field instanceof HTMLTextAreaElement)
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe('nonsense here');
  await userEvent.clear(field);
  await userEvent.type(field, 'family:native -app');
  await press('button', 'Save');
  expect(await screen.findByText('In-app rules saved.')).toBeVisible();
  expect(rules).toBe('family:native -app');
});
