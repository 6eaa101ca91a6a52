import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ApiIndex } from '../../../../server/protocol/contract.ts';
import { type Answers, openPage, refuse } from '../app/render-app.tsx';
import { firstUserMissing, localUser, nobody, signedIn } from './people.ts';

const login = 'POST /auth/login/';
const notSignedIn = refuse(401, 'Sign in, or send an API token.');
const wrong = 'The user name or the password is wrong.';

/** A server with users: who asks is what `index` says, and nobody is answered nothing else. */
function withUsers(who: ApiIndex = nobody, more: Answers = {}) {
  const server = { index: who };
  const guarded = (path: string, answer: Answers[string]): Answers => ({
    [path]: (sent) => (server.index.user ? answer?.(sent) : notSignedIn()),
  });
  const answers: Answers = {
    'GET /': () => server.index,
    ...guarded('GET /organizations/stackmend/issues/', () => []),
    ...guarded('GET /organizations/stackmend/projects/', () => []),
    [login]: ({ body }) => {
      const { username, password } = body as { username: string; password: string };
      if (password !== 'right') return refuse(401, wrong)();
      server.index = signedIn(username);
      return server.index;
    },
    'DELETE /auth/': () => {
      server.index = nobody;
      return new Response(null, { status: 204 });
    },
    ...more,
  };
  return { server, answers };
}

const nameField = () => screen.findByRole('textbox', { name: 'User name or e-mail' });
const passwordField = () => screen.getByLabelText('Password');
/** jsdom hides popovers for good. */
const item = (name: string) => screen.findByRole('button', { name, hidden: true });

afterEach(() => void vi.useRealTimers());

describe('signing in', () => {
  it('comes before any page, and leads back to the one that was asked for', async () => {
    const { user, router } = openPage('/setup/?project=2#sdk', withUsers().answers);
    const name = await nameField();
    expect(router.state.location).toMatchObject({
      pathname: '/login/',
      search: '?next=%2Fsetup%2F%3Fproject%3D2%23sdk',
    });
    expect(name).toHaveFocus();
    await user.keyboard('ada{Tab}right{Enter}');
    await waitFor(() => expect(router.state.location.pathname).toBe('/setup/'));
    expect(router.state.location).toMatchObject({ search: '?project=2', hash: '#sdk' });
  });

  it('is asked of a page that was refused, not told as that page’s own failure', async () => {
    let answerIndex = (_: ApiIndex) => {};
    const index = new Promise<ApiIndex>((resolve) => {
      answerIndex = resolve;
    });
    openPage('/issues/', { ...withUsers().answers, 'GET /': () => index });
    expect(await screen.findByRole('status', { name: 'Loading the page' })).toBeInTheDocument();
    expect(screen.queryByText('The issues could not be loaded.')).toBeNull();
    answerIndex(nobody);
    expect(await nameField()).toBeVisible();
  });

  it('says what is missing, at its field', async () => {
    const { user, sent } = openPage('/login/', withUsers().answers);
    await nameField();
    await user.keyboard('{Enter}');
    expect((await screen.findAllByRole('alert')).map(({ textContent }) => textContent)).toEqual([
      'Type your user name, or your e-mail address.',
      'Type your password.',
    ]);
    await user.keyboard('ada{Enter}');
    expect(passwordField()).toHaveFocus();
    expect(sent.some(({ path }) => path === '/auth/login/')).toBe(false);
  });

  it('says that it was wrong, and lets the password be typed again or looked at', async () => {
    const { user, router } = openPage('/login/', withUsers().answers);
    await nameField();
    await user.keyboard('ada{Tab}rong{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent(wrong);
    expect(passwordField()).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Show: Password' }));
    expect(passwordField()).toHaveAttribute('type', 'text');
    expect(passwordField()).toHaveValue('rong');
    await user.clear(passwordField());
    await user.type(passwordField(), 'right{Enter}');
    await waitFor(() => expect(router.state.location.pathname).toBe('/issues/'));
  });

  it('is for password managers, too', async () => {
    openPage('/login/', withUsers().answers);
    expect(await nameField()).toHaveAttribute('autocomplete', 'username');
    expect(passwordField()).toHaveAttribute('autocomplete', 'current-password');
    expect([...document.querySelectorAll('input')].map((input) => input.name)).toEqual(['username', 'password']);
  });

  it('counts the wait down when it was tried too often, but lets another account try', async () => {
    const tooOften = () =>
      Response.json({ detail: 'Too many failed tries.' }, { status: 429, headers: { 'Retry-After': '125' } });
    const { user, sent } = openPage('/login/', withUsers(nobody, { [login]: tooOften }).answers);
    await nameField();
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    await user.keyboard('ada{Tab}guess{Enter}');
    expect(await screen.findByRole('button', { name: 'Try again in 2 min 5 s' })).toBeDisabled();
    expect(screen.getByRole('alert')).toHaveTextContent('Too many failed tries.');
    await act(() => vi.advanceTimersByTimeAsync(65_000));
    expect(screen.getByRole('button', { name: 'Try again in 1 min 0 s' })).toBeDisabled();
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(screen.getByRole('button', { name: 'Sign in' })).toBeEnabled();
    expect(screen.queryByRole('alert')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByRole('button', { name: 'Try again in 2 min 5 s' })).toBeDisabled();
    await user.type(await nameField(), 'grace');
    expect(screen.getByRole('button', { name: 'Sign in' })).toBeEnabled();
    expect(sent.filter(({ path }) => path === '/auth/login/')).toHaveLength(2);
  });

  it('says that the server is away', async () => {
    const away = () => {
      throw new TypeError('fetch failed');
    };
    const { user } = openPage('/login/', withUsers(nobody, { [login]: away }).answers);
    await nameField();
    await user.keyboard('ada{Tab}right{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('The Stackmend server does not answer.');
  });

  it('is not asked of who is signed in already, nor without users', async () => {
    const { router } = openPage('/login/?next=/setup/', withUsers(signedIn('ada')).answers);
    await waitFor(() => expect(router.state.location.pathname).toBe('/setup/'));
    const local = openPage('/login/?next=//evil.example/', { 'GET /': () => localUser });
    await waitFor(() => expect(local.router.state.location.pathname).toBe('/issues/'));
  });
});

describe('a session that ends', () => {
  it('asks for the password over the page, which stays as it was', async () => {
    const { server, answers } = withUsers(signedIn('ada'));
    const { user, router } = openPage('/issues/?query=is%3Aarchived', answers);
    const field = await screen.findByRole('combobox', { name: 'Search issues' });
    await user.type(field, ' half a sea');
    server.index = nobody;
    const dialog = within(await screen.findByRole('dialog', { name: 'Your session has ended' }));
    expect(dialog.getByRole('textbox', { name: 'User name or e-mail' })).toHaveValue('ada');
    expect(dialog.getByLabelText('Password')).toHaveFocus();
    await user.keyboard('right{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(router.state.location.search).toBe('?query=is%3Aarchived');
    expect(field).toBeInTheDocument();
    expect(field).toHaveValue('is:archived half a sea');
  });

  it('drops what was loaded when somebody else signs in', async () => {
    const { server, answers } = withUsers(signedIn('ada'));
    const own = { 'GET /organizations/stackmend/projects/': () => [] };
    const { user, sent } = openPage('/issues/', { ...answers, ...own });
    await screen.findByRole('button', { name: /^Ada Lovelace/ });
    server.index = nobody;
    await screen.findByRole('dialog', { name: 'Your session has ended' });
    const name = await nameField();
    await user.clear(name);
    await user.type(name, 'grace{Tab}right{Enter}');
    expect(await screen.findByRole('button', { name: /^grace/ })).toBeVisible();
    const asked = () => sent.filter(({ path }) => path.endsWith('/projects/')).length;
    await waitFor(() => expect(asked()).toBeGreaterThan(1));
  });

  it('leads to the login when the question is closed', async () => {
    const { server, answers } = withUsers(signedIn('ada'));
    const { user, router } = openPage('/issues/?sort=new', answers);
    await screen.findByRole('button', { name: /^Ada Lovelace/ });
    server.index = nobody;
    await screen.findByRole('dialog', { name: 'Your session has ended' });
    await user.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/login/'));
    expect(router.state.location.search).toBe('?next=%2Fissues%2F%3Fsort%3Dnew');
  });
});

describe('the menu of the user', () => {
  it('has the initials, the settings, and the way out, which forgets everything', async () => {
    const { user, router, sent } = openPage('/issues/', withUsers(signedIn('ada')).answers);
    expect(await screen.findByRole('button', { name: /^Ada Lovelace/ })).toHaveTextContent('AL');
    expect(screen.getByRole('link', { name: 'Settings', hidden: true })).toHaveAttribute('href', '/settings/account/');
    await user.click(await item('Sign out'));
    await waitFor(() => expect(router.state.location.pathname).toBe('/login/'));
    expect(sent.find(({ method }) => method === 'DELETE')).toMatchObject({ path: '/auth/', body: { all: false } });
    expect(await nameField()).toBeVisible();
  });

  it('asks before it signs out everywhere', async () => {
    const { user, router, sent } = openPage('/issues/', withUsers(signedIn('bob')).answers);
    await user.click(await item('Sign out everywhere…'));
    const dialog = within(await screen.findByRole('dialog', { name: 'Sign out everywhere?' }));
    expect(sent.some(({ method }) => method === 'DELETE')).toBe(false);
    await user.click(dialog.getByRole('button', { name: 'Sign out everywhere' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/login/'));
    expect(sent.find(({ method }) => method === 'DELETE')?.body).toEqual({ all: true });
  });

  it('says when one could not be signed out', async () => {
    const failing = { 'DELETE /auth/': refuse(503, 'The database is locked.') };
    const { user } = openPage('/issues/', withUsers(signedIn('ada'), failing).answers);
    await user.click(await item('Sign out'));
    expect(await screen.findByText('You are still signed in: The database is locked.')).toBeVisible();
  });

  it('says who is meant where there are no users', async () => {
    openPage('/issues/', { 'GET /': () => localUser });
    expect(await screen.findByRole('button', { name: 'Local user' })).toBeVisible();
    expect(screen.getByText(/^No users yet: everybody who can reach this machine’s loopback/)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Sign out', hidden: true })).toBeNull();
  });
});

describe('making the first user', () => {
  const setup = 'POST /setup/';
  const waiting = (more: Answers = {}): Answers => ({ 'GET /': () => firstUserMissing, ...more });
  const userName = () => screen.findByRole('textbox', { name: 'User name' });

  it('takes the token out of the address, checks what is typed, and signs in', async () => {
    const { user, router, sent } = openPage('/welcome/#s3cret', waiting({ [setup]: () => signedIn('ada') }));
    expect(await userName()).toHaveFocus();
    expect(router.state.location.hash).toBe('');
    await user.keyboard('{Tab}{Tab}short{Enter}');
    expect((await screen.findAllByRole('alert')).map(({ textContent }) => textContent)).toEqual([
      'Choose a user name.',
      'At least 10 characters; this has 5.',
    ]);
    expect(await userName()).toHaveFocus();
    await user.keyboard(' ada {Tab}ada@example.com{Tab}correct horse{Enter}');
    await waitFor(() => expect(router.state.location.pathname).toBe('/issues/'));
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({
      token: 's3cret',
      username: 'ada',
      email: 'ada@example.com',
      password: 'correct horse',
    });
  });

  it('is where every page leads until it is done', async () => {
    const { router } = openPage('/issues/7/', waiting());
    await waitFor(() => expect(router.state.location.pathname).toBe('/welcome/'));
    expect(await screen.findByRole('heading', { name: 'The setup link is needed' })).toBeVisible();
    expect(screen.getByText(/A restart prints a new one/)).toBeVisible();
    // Whoever pastes the link into the same tab goes on.
    await act(() => router.navigate('/welcome/#t0ken'));
    expect(await userName()).toBeVisible();
  });

  it('says that the link was used or is too old, and what to do', async () => {
    const words = 'This setup link was used. A restart of the server prints a new one.';
    const { user } = openPage('/welcome/#old', waiting({ [setup]: refuse(403, words) }));
    await userName();
    await user.keyboard('ada{Tab}{Tab}correct horse{Enter}');
    expect(await screen.findByRole('heading', { name: 'This link does not work' })).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent(words);
    expect(screen.getByText('stackmend users create')).toBeVisible();
  });

  it('says what the server thinks of a name, at its field', async () => {
    const detail = 'A user name has letters, digits, dots and dashes.';
    const { user } = openPage('/welcome/#new', waiting({ [setup]: refuse(400, detail) }));
    await userName();
    await user.keyboard('a b{Tab}{Tab}correct horse{Enter}');
    await waitFor(async () => expect(await userName()).toHaveAccessibleDescription(detail));
  });

  it('leads to the login when the first user is there already', async () => {
    openPage('/welcome/#late', withUsers().answers);
    expect(await screen.findByRole('heading', { name: 'The first user is there already' })).toBeVisible();
    expect(screen.getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/login/');
  });

  it('says that the server is away, and asks again', async () => {
    let isAway = true;
    const { user } = openPage('/welcome/#new', {
      'GET /': () => {
        if (isAway) throw new TypeError('fetch failed');
        return firstUserMissing;
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('The Stackmend server does not answer.');
    isAway = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await userName()).toBeVisible();
  });
});
