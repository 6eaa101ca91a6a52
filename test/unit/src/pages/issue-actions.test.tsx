import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Issue } from '../../../../server/protocol/contract.ts';
import { choicesOf } from '../../../../src/pages/issue-details/assignee-list.tsx';
import { issue } from '../app/fixtures.ts';
import { type Answers, openPage, refuse } from '../app/render-app.tsx';
import { signedIn } from './people.ts';

const issuePath = '/organizations/stackmend/issues/7/';
const PUT = 'PUT /organizations/stackmend/issues/';
const releases = 'GET /projects/stackmend/checkout/releases/';
const users = 'GET /organizations/stackmend/users/';
const ada = { type: 'user', id: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' };
const grace = { type: 'user', id: '2', name: 'Grace Hopper' };

/** An issue that the server keeps: what is sent changes it, as far as these tests look. */
function openIssue(before: Partial<Issue> = {}, answers: Answers = {}) {
  let held = issue({ priority: 'medium', assignedTo: null, statusDetails: {}, ...before });
  const opened = openPage('/issues/7/', {
    [`GET ${issuePath}`]: () => held,
    [PUT]: ({ body }) => {
      const { assignedTo, ...change } = body as Partial<Issue> & { assignedTo?: string | null };
      const people = [ada, grace];
      const assignee = people.find(({ id }) => `user:${id}` === assignedTo) ?? null;
      held = { ...held, ...change, ...(assignedTo !== undefined && { assignedTo: assignee }) };
      return body;
    },
    [releases]: () => [
      { version: 'shop@1.4.2', dateCreated: '2026-11-20T08:00:00.000Z' },
      { version: 'shop@1.4.0', dateCreated: '2026-11-10T08:00:00.000Z' },
    ],
    [users]: () => [grace, ada],
    'GET /': () => signedIn('ada'),
    ...answers,
  });
  const changes = () => opened.sent.filter(({ method }) => method === 'PUT').map(({ body }) => body);
  const menu = async (name: string | RegExp) => {
    await opened.user.click(await screen.findByRole('button', { name }));
    return within(await screen.findByRole('menu', { name }));
  };
  const pick = async (menuName: string | RegExp, item: string | RegExp) =>
    opened.user.click((await menu(menuName)).getByRole('menuitem', { name: item }));
  const undo = async () => opened.user.click(await screen.findByRole('button', { name: 'Undo' }));
  return { ...opened, changes, menu, pick, undo };
}

const header = () => screen.getByRole('heading', { level: 1 }).closest('header') ?? document.body;

describe('resolving', () => {
  it('is in the next release by the menu, and undone from the notification', async () => {
    const { pick, changes, undo } = openIssue();
    await pick('Resolve in a release', 'In the next release');
    expect(await screen.findByText('CHECKOUT-7 resolved in the next release')).toBeVisible();
    expect(header()).toHaveTextContent(/Resolved *in the next release/);
    // Its menu is gone with the state: the focus is not lost.
    expect(screen.getByRole('button', { name: 'Unresolve' })).toHaveFocus();
    await undo();
    expect(await screen.findByRole('button', { name: 'Resolve' })).toBeVisible();
    expect(changes()).toEqual([
      { status: 'resolved', statusDetails: { inNextRelease: true } },
      { status: 'unresolved' },
    ]);
  });

  it('names the current release, and asks for the one that it names', async () => {
    const { menu, changes, user } = openIssue({ lastRelease: { version: 'shop@1.4.0' } });
    const items = await menu('Resolve in a release');
    await user.click(await items.findByRole('menuitem', { name: 'In the current release shop@1.4.2' }));
    expect(changes()).toEqual([{ status: 'resolved', statusDetails: { inRelease: 'shop@1.4.2' } }]);
  });

  it('leaves it to the server which release is the current one where the list cannot be read', async () => {
    const { pick, changes } = openIssue({}, { [releases]: refuse(403, 'You lack the permission project:read.') });
    await pick('Resolve in a release', 'In the current release');
    expect(changes()).toEqual([{ status: 'resolved', statusDetails: { inRelease: 'latest' } }]);
  });

  it('is in another release by its name', async () => {
    const { pick, changes, user } = openIssue();
    await pick('Resolve in a release', 'In another release…');
    const dialog = within(await screen.findByRole('dialog', { name: 'Resolved in which release?' }));
    await dialog.findByRole('button', { name: /^shop@1\.4\.2/ });
    await user.type(dialog.getByLabelText('Release'), '1.4{Enter}');
    expect(dialog.getByRole('alert')).toHaveTextContent('Several are called so.');
    await user.type(dialog.getByLabelText('Release'), '.0');
    expect(dialog.queryByRole('alert')).toBeNull();
    expect(dialog.queryByRole('button', { name: /^shop@1\.4\.2/ })).toBeNull();
    await user.click(dialog.getByRole('button', { name: /^shop@1\.4\.0/ }));
    expect(changes()).toEqual([{ status: 'resolved', statusDetails: { inRelease: 'shop@1.4.0' } }]);
    expect(await screen.findByText('CHECKOUT-7 resolved in shop@1.4.0')).toBeVisible();
  });

  it('says why there is no next release where there is none at all', async () => {
    const { menu, changes, user } = openIssue({}, { [releases]: () => [] });
    const items = await menu('Resolve in a release');
    const item = await items.findByRole('menuitem', { name: /^In the next release.*no release yet/ });
    expect(item).toHaveAttribute('aria-disabled', 'true');
    await user.click(item);
    expect(changes()).toEqual([]);
  });
});

describe('archiving', () => {
  it.each([
    ['Forever', {}],
    ['For 1 hour', { statusDetails: { ignoreDuration: 60 } }],
    ['For 1 week', { statusDetails: { ignoreDuration: 7 * 24 * 60 } }],
    ['Until 100 more events', { statusDetails: { ignoreCount: 100 } }],
    ['Until 1,000 more users', { statusDetails: { ignoreUserCount: 1000 } }],
  ])('is chosen from the menu: %s', async (item, more) => {
    const { pick, changes } = openIssue();
    await pick('Archive until…', item);
    expect(changes()).toEqual([{ status: 'ignored', ...more }]);
    expect(await screen.findByRole('button', { name: 'Unarchive' })).toHaveFocus();
  });

  it('is until a number of one’s own, which must be one', async () => {
    const { pick, changes, user } = openIssue();
    await pick('Archive until…', 'Another time or number…');
    const dialog = within(await screen.findByRole('dialog', { name: 'Archive until…' }));
    await user.click(dialog.getByRole('radio', { name: 'Until more events' }));
    const field = dialog.getByLabelText('More events');
    await user.clear(field);
    await user.type(field, '2.5{Enter}');
    expect(dialog.getByRole('alert')).toHaveTextContent('whole number');
    await user.clear(field);
    await user.type(field, '2,500{Enter}');
    expect(changes()).toEqual([{ status: 'ignored', statusDetails: { ignoreCount: 2500 } }]);
  });

  it('is until a time of one’s own, which must be to come', async () => {
    const { pick, changes, user } = openIssue();
    await pick('Archive until…', 'Another time or number…');
    const dialog = within(await screen.findByRole('dialog', { name: 'Archive until…' }));
    const field = dialog.getByLabelText('Time');
    await user.clear(field);
    await user.type(field, '2020-01-01T09:00');
    await user.click(dialog.getByRole('button', { name: 'Archive' }));
    expect(dialog.getByRole('alert')).toHaveTextContent('This time is over.');
    await user.clear(field);
    await user.type(field, '2027-01-01T09:00');
    await user.click(dialog.getByRole('button', { name: 'Archive' }));
    const minutes = (Date.parse('2027-01-01T09:00') - Date.now()) / 60_000;
    expect(changes()).toEqual([{ status: 'ignored', statusDetails: { ignoreDuration: expect.closeTo(minutes, 0) } }]);
  });

  it('comes back with what was left of the wait when its end is undone', async () => {
    const { changes, undo, user } = openIssue({
      status: 'ignored',
      statusDetails: { ignoreCount: 100, ignoreCountSoFar: 23 },
    });
    await user.click(await screen.findByRole('button', { name: 'Unarchive' }));
    await undo();
    await waitFor(() => expect(changes()).toHaveLength(2));
    expect(changes()[1]).toEqual({ status: 'ignored', statusDetails: { ignoreCount: 77 } });
  });
});

describe('priority and assignee', () => {
  it('are set by keyboard alone, and undone', async () => {
    const { user, changes, undo } = openIssue();
    await screen.findByRole('button', { name: 'Priority: medium' });
    await user.keyboard('p');
    expect(await screen.findByRole('menuitemradio', { name: 'Medium' })).toHaveFocus();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(screen.getByRole('menuitemradio', { name: 'High' })).toHaveFocus();
    await user.keyboard('l{Enter}');
    expect(await screen.findByRole('button', { name: 'Priority: low' })).toBeVisible();
    await undo();
    expect(await screen.findByRole('button', { name: 'Priority: medium' })).toBeVisible();
    expect(changes()).toEqual([{ priority: 'low' }, { priority: 'medium' }]);
  });

  it('finds people by name and e-mail, whoever looks first', async () => {
    const { user, changes, undo } = openIssue();
    await screen.findByRole('button', { name: 'Assignee: nobody' });
    await user.keyboard('a');
    const field = await screen.findByRole('combobox', { name: 'Find a person' });
    await waitFor(() => expect(field).toHaveFocus());
    const people = within(screen.getByRole('listbox', { name: 'People' }));
    expect(people.getAllByRole('option').map(({ textContent }) => textContent)).toEqual([
      'ALAda Lovelace (you)',
      'Nobody',
      'GHGrace Hopper',
    ]);
    await user.keyboard('gra{Enter}');
    expect(await screen.findByRole('button', { name: 'Assignee: Grace Hopper' })).toBeVisible();
    expect(await screen.findByText('CHECKOUT-7 assigned to Grace Hopper')).toBeVisible();
    await undo();
    expect(await screen.findByRole('button', { name: 'Assignee: nobody' })).toBeVisible();
    expect(changes()).toEqual([{ assignedTo: 'user:2' }, { assignedTo: null }]);
    expect(choicesOf([ada, grace], 'ada', 'ADA example').map(({ id }) => id)).toEqual(['ada']);
  });

  it('says why nobody can be assigned on a server without users', async () => {
    const { user } = openIssue({}, { [users]: () => [] });
    await user.click(await screen.findByRole('button', { name: 'Assignee: nobody' }));
    expect(await screen.findByText(/this server has no users/)).toBeVisible();
    expect(screen.getByRole('link', { name: /Add users/ })).toHaveAttribute('href', '/settings/members/');
  });

  it('says that the people could not be loaded', async () => {
    const { user } = openIssue({}, { [users]: refuse(500, 'The disk is full.') });
    await user.click(await screen.findByRole('button', { name: 'Assignee: nobody' }));
    const panel = within(await screen.findByRole('dialog', { name: 'Assignee' }));
    expect(await panel.findByRole('alert')).toHaveTextContent('could not be loaded: The disk is full.');
  });
});

describe('a change that the server refuses', () => {
  it('is seen at once, taken back, and its words are told', async () => {
    let answer: (response: Response) => void = () => {};
    const { pick } = openIssue({}, { [PUT]: () => new Promise<Response>((resolve) => (answer = resolve)) });
    await pick('Resolve in a release', 'In the next release');
    expect(await screen.findByRole('button', { name: 'Unresolve' })).toBeVisible();
    answer(Response.json({ detail: 'The project "checkout" has no release yet.' }, { status: 400 }));
    expect(await screen.findByText(/That did not work: The project "checkout" has no release yet\./)).toBeVisible();
    expect(await screen.findByRole('button', { name: 'Resolve' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });
});

it('changes priority and assignee of several issues at once', async () => {
  const rows = [
    issue({ priority: 'high', assignedTo: null }),
    issue({ id: '8', shortId: 'CHECKOUT-8', priority: 'low', assignedTo: grace }),
  ];
  const { user, sent } = openPage('/issues/', {
    'GET /organizations/stackmend/issues/': () => rows,
    [users]: () => [grace, ada],
    'GET /': () => signedIn('ada'),
  });
  await user.click(await screen.findByRole('checkbox', { name: 'Select all on this page' }));
  await user.click(screen.getByRole('button', { name: 'Priority' }));
  await user.click(await screen.findByRole('menuitemradio', { name: 'Medium' }));
  expect(await screen.findByText('Priority of 2 issues: medium')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Undo' }));
  const puts = () => sent.filter(({ method }) => method === 'PUT');
  await waitFor(() => expect(puts()).toHaveLength(3));
  expect(puts().map(({ query, body }) => [query.getAll('id'), body])).toEqual([
    [['7', '8'], { priority: 'medium' }],
    [['7'], { priority: 'high' }],
    [['8'], { priority: 'low' }],
  ]);
});
