import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openPage, refuse } from '../app/render-app.tsx';
import { ada, asAda, local, nothing } from './settings-fakes.ts';

const part = async (name: string) => within(await screen.findByRole('region', { name }));
const open = (answers = {}) => openPage('/settings/account/', { ...asAda(), ...answers });

describe('the account', () => {
  it('saves name and e-mail', async () => {
    const { user, sent } = open({ 'PUT /users/me/': () => ({ ...ada, name: 'Ada' }) });
    const profile = await part('Profile');
    const name = profile.getByRole('textbox', { name: 'Name' });
    expect(profile.getByRole('textbox', { name: 'E-mail' })).toHaveValue('ada@example.com');
    await user.clear(name);
    await user.type(name, 'Ada');
    await user.click(profile.getByRole('button', { name: 'Save the profile' }));
    expect(await screen.findByText('Profile saved')).toBeVisible();
    expect(sent.find(({ method }) => method === 'PUT')?.body).toEqual({ name: 'Ada', email: 'ada@example.com' });
  });

  it('says at the field what the server does not take', async () => {
    const detail = 'The e-mail address a@b.example belongs to another user. Choose another, or leave it empty.';
    const { user } = open({ 'PUT /users/me/': refuse(409, detail) });
    const profile = await part('Profile');
    await user.click(profile.getByRole('button', { name: 'Save the profile' }));
    expect(await profile.findByRole('alert')).toHaveTextContent(detail);
    const email = profile.getByRole('textbox', { name: 'E-mail' });
    expect(email).toBeInvalid();
    expect(email).toHaveFocus();
  });

  it('does not send a password that is too short, and goes to the field', async () => {
    const { user, sent } = open();
    const password = await part('Password');
    await user.type(password.getByLabelText('Current password'), 'the old one');
    await user.type(password.getByLabelText('New password'), 'short');
    await user.click(password.getByRole('button', { name: 'Change the password' }));
    expect(await password.findByRole('alert')).toHaveTextContent('At least 10 characters; this has 5.');
    expect(password.getByLabelText('New password')).toHaveFocus();
    expect(sent.some(({ method }) => method === 'PUT')).toBe(false);
  });

  it('tells a wrong current password at its field', async () => {
    const { user } = open({ 'PUT /users/me/password/': refuse(400, 'The current password is wrong.') });
    const password = await part('Password');
    await user.type(password.getByLabelText('Current password'), 'not this one');
    await user.type(password.getByLabelText('New password'), 'a longer password');
    await user.click(password.getByRole('button', { name: 'Change the password' }));
    expect(await password.findByRole('alert')).toHaveTextContent('The current password is wrong.');
    expect(password.getByLabelText('Current password')).toBeInvalid();
    expect(password.getByLabelText('New password')).toBeValid();
  });

  it('changes the password and forgets what was typed', async () => {
    const { user, sent } = open({ 'PUT /users/me/password/': nothing });
    const password = await part('Password');
    await user.type(password.getByLabelText('Current password'), 'the old one');
    await user.type(password.getByLabelText('New password'), 'a longer password');
    await user.click(password.getByRole('button', { name: 'Change the password' }));
    expect(await screen.findByText(/Password changed/)).toBeVisible();
    expect(password.getByLabelText('New password')).toHaveValue('');
    expect(sent.find(({ method }) => method === 'PUT')?.body).toEqual({
      password: 'the old one',
      passwordNew: 'a longer password',
    });
  });

  it('shows what is typed when one wants to see it', async () => {
    const { user } = open();
    const password = await part('Password');
    expect(password.getByLabelText('New password')).toHaveAttribute('type', 'password');
    await user.click(password.getByRole('button', { name: 'Show: New password' }));
    expect(password.getByLabelText('New password')).toHaveAttribute('type', 'text');
  });

  it('asks before it signs out everywhere', async () => {
    const { user, sent, router } = open({ 'DELETE /auth/': nothing });
    await user.click(await screen.findByRole('button', { name: 'Sign out everywhere…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Sign out everywhere?' }));
    await user.click(dialog.getByRole('button', { name: 'Sign out everywhere' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/login/'));
    expect(sent.find(({ method }) => method === 'DELETE')?.body).toEqual({ all: true });
  });

  it('lists in plain words what one may do, and what not', async () => {
    openPage('/settings/account/', asAda(['event:read', 'event:write']));
    const words = await part('What you may do');
    expect(words.getByTitle('event:write')).toHaveTextContent('Triage issues');
    expect(words.getByTitle('event:write')).not.toHaveTextContent('Not allowed');
    expect(words.getByTitle('event:admin')).toHaveTextContent('Delete issues');
    expect(words.getByTitle('event:admin')).toHaveTextContent('Not allowed to you');
  });
});

describe('a server without users', () => {
  it('says that one will have to sign in before the first user is made, and then asks for it', async () => {
    const { user, sent, router } = openPage('/settings/account/', {
      ...local,
      'POST /organizations/stackmend/members/': () => Response.json({ ...ada, username: 'ada' }, { status: 201 }),
    });
    expect(await screen.findByRole('region', { name: 'This server has no users' })).toBeVisible();
    const form = await part('Make the first user');
    const button = form.getByRole('button', { name: 'Make the first user' });
    expect(button).toHaveAccessibleDescription(/everybody has to sign in, you included/);
    await user.type(form.getByLabelText('User name'), ' ada ');
    await user.type(form.getByLabelText('Password'), 'a longer password');
    await user.click(button);
    await waitFor(() => expect(router.state.location.pathname).toBe('/login/'));
    expect(router.state.location.search).toBe('?next=%2Fsettings%2Fmembers%2F');
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({
      username: 'ada',
      password: 'a longer password',
    });
  });

  it('names every field at fault at once', async () => {
    const { user, sent } = openPage('/settings/account/', local);
    const form = await part('Make the first user');
    await user.click(form.getByRole('button', { name: 'Make the first user' }));
    expect((await form.findAllByRole('alert')).map(({ textContent }) => textContent)).toEqual([
      'Choose a user name.',
      'Choose a password.',
    ]);
    expect(form.getByLabelText('User name')).toHaveFocus();
    expect(sent.some(({ method }) => method === 'POST')).toBe(false);
  });

  it.each([
    ['/settings/members/', 'This server has no users yet.'],
    ['/settings/tokens/', 'A token belongs to a user, and this server has none yet.'],
  ])('leads from %s to the first user', async (path, title) => {
    openPage(path, local);
    expect(await screen.findByText(title)).toBeVisible();
    expect(screen.getByRole('link', { name: 'Make the first user' })).toHaveAttribute('href', '/settings/account/');
  });
});
