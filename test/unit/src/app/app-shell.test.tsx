import { act, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { followTheme } from '../../../../src/app/theme.ts';
import { setCharacterKeys } from '../../../../src/components/shortcuts.ts';
import { chooseTimeZone } from '../../../../src/components/time-zone.ts';
import { localUser } from '../pages/people.ts';
import { project } from './fixtures.ts';
import { openPage } from './render-app.tsx';

afterEach(() => {
  delete document.documentElement.dataset['theme'];
  act(() => {
    setCharacterKeys(true);
    chooseTimeZone('local');
  });
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

  it('keeps the theme that was chosen, and follows the choice of another tab', async () => {
    followTheme();
    expect(document.documentElement.dataset['theme']).toBeUndefined();
    const { user } = openPage('/nowhere/');
    await user.click(await screen.findByRole('button', inPopover('Dark')));
    expect(document.documentElement.dataset['theme']).toBe('dark');
    expect(localStorage.getItem('stackmend-theme')).toBe('dark');
    await user.click(screen.getByRole('button', inPopover('As the system')));
    expect(document.documentElement.dataset['theme']).toBeUndefined();
    localStorage.setItem('stackmend-theme', 'light');
    act(() => void window.dispatchEvent(new StorageEvent('storage', { key: 'stackmend-theme' })));
    expect(document.documentElement.dataset['theme']).toBe('light');
    expect(screen.getByRole('button', { name: 'Theme: Light' })).toBeVisible();
  });

  it('tells times in the zone that was chosen in the user menu', async () => {
    const { user } = openPage('/issues/', { 'GET /': () => localUser });
    await user.hover(await screen.findByText('2m'));
    const tooltip = await screen.findByRole('tooltip', { hidden: true });
    await user.click(screen.getByRole('radio', inPopover('UTC')));
    await user.hover(screen.getByText('2m'));
    expect(tooltip).not.toBeInTheDocument();
    expect(await screen.findByRole('tooltip', { hidden: true })).toHaveTextContent(/^[-\d]{10} [:.\d]+ UTC/);
  });

  it('shows all shortcuts, those of the page first, and turns single keys off', async () => {
    const { user } = openPage('/issues/', { 'GET /': () => localUser });
    await screen.findByText('2m');
    await user.keyboard('?');
    const sheet = within(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' }));
    const here = within(sheet.getByRole('region', { name: 'On this page' }));
    expect(here.getByRole('region', { name: 'Issue list' })).toHaveTextContent('Select the issuex');
    const elsewhere = within(sheet.getByRole('region', { name: 'On other pages' }));
    expect(elsewhere.getByRole('region', { name: 'Within the event' })).toHaveTextContent('Next sectionjj');
    expect(elsewhere.getByRole('region', { name: 'Triage' })).toHaveTextContent('Assigneea');
    await user.click(sheet.getByRole('checkbox', { name: /^Shortcuts of single keys/ }));
    await user.click(sheet.getByRole('button', { name: 'Close' }));
    await user.keyboard('?');
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.click(screen.getByRole('button', inPopover('Keyboard shortcuts')));
    expect(await screen.findByRole('checkbox', { name: /^Shortcuts of single keys/ })).not.toBeChecked();
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

  it('says nothing of a network that is gone while the server answers, as one on this machine does', async () => {
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(true);
    openPage('/issues/');
    await screen.findByText('2m');
    online.mockReturnValue(false);
    act(() => void window.dispatchEvent(new window.Event('offline')));
    expect(screen.getByRole('status', { name: 'Connection' })).toHaveTextContent('You are offline');
    // The list asks again every three seconds.
    await vi.waitFor(() => expect(screen.getByRole('status', { name: 'Connection' })).toBeEmptyDOMElement(), 5000);
    online.mockReturnValue(true);
    act(() => void window.dispatchEvent(new window.Event('online')));
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
