import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openPage, refuse } from '../app/render-app.tsx';
import { ada, asAda, grace, nothing } from './settings-fakes.ts';

const members = '/organizations/stackmend/members/';
const open = (answers = {}) => openPage('/settings/members/', { ...asAda(), ...answers });
const row = async (name: string) => {
  const list = await screen.findByRole('list', { name: 'Members' });
  const found = within(list)
    .getAllByRole('listitem')
    .find((item) => item.textContent?.includes(name));
  return within(found ?? list);
};
const dialog = async (name: string) => within(await screen.findByRole('dialog', { name }));

/** jsdom shows what a popover holds, always. */
async function choose(user: ReturnType<typeof openPage>['user'], name: string, action: string) {
  await user.click((await row(name)).getByText(action));
}

describe('the members', () => {
  it('are listed with their permissions, last sign-in and state', async () => {
    open({ [`GET ${members}`]: () => [ada, { ...grace, isActive: false }] });
    const mine = await row('Ada Lovelace');
    expect(mine.getByText('You')).toBeVisible();
    expect(mine.getByText('All permissions')).toBeVisible();
    expect(mine.getByText(/ada@example\.com/)).toBeVisible();
    expect(mine.getByText('Active')).toBeVisible();
    const hers = await row('grace');
    expect(hers.getByText('event:write')).toHaveAttribute('title', 'Triage issues');
    expect(hers.getByText('never')).toBeVisible();
    expect(hers.getByText('Disabled')).toBeVisible();
  });

  it('are added with a password that the server makes, shown once', async () => {
    const { user, sent } = open({
      [`POST ${members}`]: () =>
        Response.json({ ...grace, id: '3', username: 'linus', password: 'abcde-fghjk' }, { status: 201 }),
    });
    await user.click(await screen.findByRole('button', { name: 'Add a member…' }));
    const form = await dialog('Add a member');
    expect(form.getByLabelText('User name')).toHaveFocus();
    await user.type(form.getByLabelText('User name'), 'linus');
    await user.click(form.getByRole('checkbox', { name: /Upload from CI/ }));
    await user.click(form.getByRole('button', { name: 'Add the member' }));
    const secret = await screen.findByRole('region', { name: 'Password of linus' });
    expect(secret).toHaveFocus();
    expect(within(secret).getByText('abcde-fghjk')).toBeVisible();
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({
      username: 'linus',
      permissions: ['event:read', 'event:write', 'attachment:read', 'project:read', 'org:read', 'project:releases'],
    });
    await user.click(within(secret).getByRole('button', { name: 'I have kept it' }));
    expect(screen.queryByText('abcde-fghjk')).toBeNull();
  });

  it('keep what is typed when a press that began in a field ends beside the dialog', async () => {
    const { user } = open();
    await user.click(await screen.findByRole('button', { name: 'Add a member…' }));
    const box = await screen.findByRole('dialog', { name: 'Add a member' });
    fireEvent.pointerDown(within(box).getByLabelText('User name'));
    fireEvent.click(box);
    expect(screen.getByRole('dialog')).toBe(box);
    fireEvent.pointerDown(box);
    fireEvent.click(box);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('are added with a password that was typed', async () => {
    const { user, sent } = open({ [`POST ${members}`]: () => Response.json(grace, { status: 201 }) });
    await user.click(await screen.findByRole('button', { name: 'Add a member…' }));
    const form = await dialog('Add a member');
    await user.type(form.getByLabelText('User name'), 'grace');
    await user.click(form.getByRole('checkbox', { name: /Make a password/ }));
    await user.click(form.getByRole('button', { name: 'Add the member' }));
    expect(await form.findByRole('alert')).toHaveTextContent('Choose a password.');
    await user.type(form.getByLabelText('Password'), 'typed by hand');
    await user.click(form.getByRole('button', { name: 'Add the member' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(sent.find(({ method }) => method === 'POST')?.body).toMatchObject({ password: 'typed by hand' });
    expect(screen.queryByRole('region', { name: /Password of/ })).toBeNull();
  });

  it('say at the field that a name is taken, and keep what was typed', async () => {
    const detail = 'The user name ada is taken. Choose another.';
    const { user } = open({ [`POST ${members}`]: refuse(409, detail) });
    await user.click(await screen.findByRole('button', { name: 'Add a member…' }));
    const form = await dialog('Add a member');
    await user.type(form.getByLabelText('User name'), 'ada');
    await user.click(form.getByRole('button', { name: 'Add the member' }));
    expect(await form.findByRole('alert')).toHaveTextContent(detail);
    expect(form.getByLabelText('User name')).toBeInvalid();
    expect(form.getByLabelText('User name')).toHaveValue('ada');
  });

  it('get and lose permissions, and get them back', async () => {
    const { user, sent } = open({
      'POST /users/2/permissions/ai%3Asuggest/': () => Response.json({}, { status: 201 }),
      'DELETE /users/2/permissions/project%3Aread/': nothing,
      'POST /users/2/permissions/project%3Aread/': () => Response.json({}, { status: 201 }),
      'DELETE /users/2/permissions/ai%3Asuggest/': nothing,
    });
    await choose(user, 'grace', 'Edit permissions…');
    const form = await dialog('Permissions of grace');
    const included = form.getByRole('checkbox', { name: /See issues/ });
    expect(included).toBeChecked();
    expect(included).toBeDisabled();
    expect(form.getByText('Included in event:write.')).toBeVisible();
    const save = form.getByRole('button', { name: 'Save the permissions' });
    expect(save).toBeDisabled();
    await user.click(form.getByRole('checkbox', { name: /See projects/ }));
    await user.click(form.getByRole('checkbox', { name: /Ask for fixes/ }));
    await user.click(save);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('grace has the permissions from before')).toBeVisible();
    expect(changes(sent)).toEqual([
      'POST /users/2/permissions/ai%3Asuggest/',
      'DELETE /users/2/permissions/project%3Aread/',
      'POST /users/2/permissions/project%3Aread/',
      'DELETE /users/2/permissions/ai%3Asuggest/',
    ]);
  });

  it('say why the last one who manages them keeps that', async () => {
    const detail = 'Nobody else could manage users then. Give another active user member:admin first.';
    const { user } = open({ 'DELETE /users/1/permissions/member%3Aadmin/': refuse(409, detail) });
    await choose(user, 'Ada', 'Edit permissions…');
    const form = await dialog('Permissions of ada');
    await user.click(form.getByRole('checkbox', { name: /Manage members/ }));
    expect(form.getByRole('status')).toHaveTextContent('This is you');
    await user.click(form.getByRole('button', { name: 'Save the permissions' }));
    expect(await form.findByRole('alert')).toHaveTextContent(detail);
  });

  it('are disabled after a question, with a way back', async () => {
    const { user, sent } = open({
      [`PUT ${members}2/`]: ({ body }: { body: unknown }) => ({ ...grace, ...Object(body) }),
    });
    await choose(user, 'grace', 'Disable…');
    await user.click((await dialog('Disable grace?')).getByRole('button', { name: 'Disable' }));
    expect(await screen.findByText('grace is disabled')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('grace is enabled')).toBeVisible();
    expect(sent.filter(({ method }) => method === 'PUT').map(({ body }) => body)).toEqual([
      { isActive: false },
      { isActive: true },
    ]);
  });

  it('get a new password, shown once', async () => {
    const { user, sent } = open({ [`PUT ${members}2/`]: () => ({ ...grace, password: 'vwxyz-01234' }) });
    await choose(user, 'grace', 'Reset the password…');
    await user.click(
      (await dialog('Reset the password of grace?')).getByRole('button', { name: 'Reset the password' }),
    );
    expect(await screen.findByText('vwxyz-01234')).toBeVisible();
    expect(sent.find(({ method }) => method === 'PUT')?.body).toEqual({ password: true });
  });

  it('do not reset their own password here, where the session would end before it is read', async () => {
    const { user, router } = open();
    expect((await row('Ada')).queryByText('Reset the password…')).toBeNull();
    expect((await row('Ada')).queryByText('Disable…')).toBeNull();
    await choose(user, 'Ada', 'Change the password');
    await waitFor(() => expect(router.state.location.pathname).toBe('/settings/account/'));
  });

  it('get nothing that who manages them lacks, and may keep it', async () => {
    const own = ['member:admin', 'event:read'] as const;
    const { user } = openPage('/settings/members/', asAda(own));
    await choose(user, 'grace', 'Edit permissions…');
    const form = await dialog('Permissions of grace');
    const missing = form.getByRole('checkbox', { name: /Ask for fixes.*you cannot give it/ });
    expect(missing).toBeDisabled();
    expect(form.getByRole('checkbox', { name: /See projects/ })).toBeEnabled();
    await user.click(form.getByRole('button', { name: 'Cancel' }));
    await user.click(screen.getByRole('button', { name: 'Add a member…' }));
    const added = await dialog('Add a member');
    expect(added.getAllByRole('checkbox', { checked: true }).map((box) => box.closest('label')?.textContent)).toEqual([
      expect.stringContaining('Make a password'),
      expect.stringContaining('event:read'),
    ]);
  });

  it('are not shown to who may not manage them, with the reason', async () => {
    const { sent } = openPage('/settings/members/', asAda(['event:read']));
    expect(await screen.findByRole('heading', { name: 'You may not see the members of this server.' })).toBeVisible();
    expect(screen.getByText('member:admin')).toBeVisible();
    expect(sent.some(({ path }) => path === members)).toBe(false);
  });

  it('say why they could not be loaded', async () => {
    open({ [`GET ${members}`]: refuse(503, 'The database is busy.') });
    expect(await screen.findByText('The database is busy.')).toBeVisible();
  });
});

const changes = (sent: { method: string; path: string }[]) =>
  sent.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
