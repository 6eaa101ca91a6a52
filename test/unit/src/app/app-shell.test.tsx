import { act, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { project } from './fixtures.ts';
import { openPage } from './render-app.tsx';

afterEach(() => {
  delete document.documentElement.dataset['theme'];
});

/** jsdom hides popovers for good. */
const inPopover = (name: string) => ({ name, hidden: true });

describe('the shell', () => {
  it('has a way past the bar, a way home, and names the page', async () => {
    openPage('/setup/checkout/');
    expect(await screen.findByRole('link', { name: 'Skip to content' })).toHaveAttribute('href', '#main');
    expect(screen.getByRole('link', { name: 'Stackmend: all issues' })).toHaveAttribute('href', '/issues/');
    expect(screen.getByRole('navigation', { name: 'Breadcrumbs' })).toHaveTextContent('Issues');
  });

  it('says that there is no such page', async () => {
    openPage('/nowhere/');
    expect(await screen.findByText('There is no such page.')).toBeVisible();
  });

  it('keeps the theme that was chosen', async () => {
    const { user } = openPage('/nowhere/');
    await user.click(await screen.findByRole('button', inPopover('Dark')));
    expect(document.documentElement.dataset['theme']).toBe('dark');
    expect(localStorage.getItem('stackmend-theme')).toBe('dark');
    await user.click(screen.getByRole('button', inPopover('As the system')));
    expect(document.documentElement.dataset['theme']).toBeUndefined();
  });

  it('lists the issues of the project that was chosen', async () => {
    const { user, sent, router } = openPage('/issues/', {
      'GET /organizations/stackmend/projects/': () => [project(), project({ id: '3', slug: 'web', name: 'Web' })],
    });
    await user.click(await screen.findByRole('button', inPopover('Web')));
    await vi.waitFor(() => expect(router.state.location.search).toBe('?project=3'));
    await vi.waitFor(() => expect(sent.some(({ query }) => query.get('project') === '3')).toBe(true));
  });

  it('says when there is no network, and no longer when it is back', async () => {
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    openPage('/nowhere/');
    expect(await screen.findByText('You are offline. What you see may be old.')).toBeVisible();
    online.mockReturnValue(true);
    act(() => void window.dispatchEvent(new window.Event('online')));
    expect(screen.queryByText(/You are offline/)).toBeNull();
  });

  it('says when the server does not answer', async () => {
    openPage('/issues/', {
      'GET /organizations/stackmend/issues/': () => {
        throw new TypeError('fetch failed');
      },
    });
    expect(await screen.findByText(/The Stackmend server does not answer. What you see may be old/)).toBeVisible();
  });
});
