import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { issue, project } from '../app/fixtures.ts';
import { openPage, refuse } from '../app/render-app.tsx';

const list = 'GET /organizations/stackmend/issues/';
const second = issue({
  id: '8',
  shortId: 'CHECKOUT-8',
  title: 'TypeError: x is not a function',
  metadata: { type: 'TypeError', value: 'x is not a function' },
});
const row = async (name: RegExp) => {
  const found = (await screen.findByRole('link', { name })).closest('li');
  if (!found) throw new Error('The link is in no row.');
  return within(found);
};

describe('the issue list', () => {
  it('says of each issue what, where, how often and since when', async () => {
    const { user } = openPage('/issues/');
    const found = await row(/ValueError.*amount must be positive/);
    expect(found.getByText('charge in app/billing.py')).toBeVisible();
    expect(found.getByText('CHECKOUT-7')).toBeVisible();
    expect(found.getByText('Unhandled')).toBeVisible();
    expect(found.getByTitle('1,234 events')).toHaveTextContent('1.2k');
    expect(found.getByTitle('87 users')).toBeVisible();
    expect(found.getByRole('img', { name: 'Level: error' })).toBeVisible();
    expect(found.getByRole('img', { name: /Events in the last 24 hours: 3/ })).toBeVisible();
    await user.hover(found.getByText('2m'));
    expect(await screen.findByRole('tooltip', { hidden: true })).toHaveTextContent('UTC');
    expect(document.title).toBe('Issues · Stackmend');
  });

  it('keeps status, order and period in the address', async () => {
    const { user, router, sent } = openPage('/issues/?query=is:unresolved+level:error');
    await user.click(await screen.findByRole('button', { name: 'Archived' }));
    expect(new URLSearchParams(router.state.location.search).get('query')).toBe('is:archived level:error');
    await user.selectOptions(screen.getByLabelText('Sort by'), 'Events');
    await waitFor(() => expect(screen.getByLabelText('Sort by')).toHaveValue('freq'));
    await user.selectOptions(screen.getByLabelText('Period'), 'Last 7 days');
    await waitFor(() =>
      expect(Object.fromEntries(sent.at(-1)?.query ?? [])).toMatchObject({
        query: 'is:archived level:error',
        sort: 'freq',
        statsPeriod: '7d',
      }),
    );
    expect(screen.getByRole('button', { name: 'Archived' })).toHaveAttribute('aria-pressed', 'true');
  });

  it('searches on Enter, from the slash key on', async () => {
    const { user, router } = openPage('/issues/');
    await screen.findByText('CHECKOUT-7');
    await user.keyboard('/');
    const field = screen.getByRole('combobox', { name: 'Search issues' });
    expect(field).toHaveFocus();
    await user.clear(field);
    await user.type(field, 'browser:Firefox{Enter}');
    expect(new URLSearchParams(router.state.location.search).get('query')).toBe('browser:Firefox');
  });

  it('completes keys, and values that are known without looking at events', async () => {
    const { user, router } = openPage('/issues/', {
      'GET /organizations/stackmend/users/': () => [{ id: '1', name: 'Ada Lovelace', username: 'ada' }],
      'GET /projects/stackmend/checkout/releases/': () => [{ version: 'shop@1.4.0' }],
    });
    await screen.findByText('CHECKOUT-7');
    const field = screen.getByRole('combobox', { name: 'Search issues' });
    const listed = () => within(screen.getByRole('listbox')).getAllByRole('option');
    const completes = async (typed: string, ...words: string[]) => {
      await user.clear(field);
      await user.type(field, typed);
      await waitFor(() => expect(listed().map(({ textContent }) => textContent.trim())).toEqual(words));
    };
    await completes('prior', 'priority high, medium, low');
    await completes('level:', 'fatal', 'error', 'warning', 'info', 'debug');
    await completes('!is:reg', 'regressed');
    await completes('release:1.4', 'shop@1.4.0');
    await completes('assigned:lov', 'Ada Lovelace');
    await user.keyboard('{ArrowDown}{Enter}');
    expect(new URLSearchParams(router.state.location.search).get('query')).toBe('assigned:ada');
  });

  it('says at the field why a query cannot be read', async () => {
    openPage('/issues/?query=is:nonsense', { [list]: refuse(400, 'There is no is:nonsense.') });
    expect(await screen.findByRole('alert')).toHaveTextContent('There is no is:nonsense.');
    expect(screen.getByRole('combobox', { name: 'Search issues' })).toBeInvalid();
  });

  it('opens the issue that the keys chose', async () => {
    const { user, router } = openPage('/issues/', { [list]: () => [issue(), second] });
    await screen.findByText('CHECKOUT-8');
    await user.keyboard('jjk{Enter}');
    await waitFor(() => expect(router.state.location.pathname).toBe('/issues/7/'));
  });

  it('resolves what is selected, says so, and undoes it', async () => {
    let resolved = false;
    const { user, sent } = openPage('/issues/', {
      [list]: () => (resolved ? [] : [issue(), second]),
      'PUT /organizations/stackmend/issues/': ({ body }) => {
        resolved = JSON.stringify(body).includes('"resolved"');
        return {};
      },
    });
    await user.click(await screen.findByRole('checkbox', { name: 'Select CHECKOUT-7' }));
    await user.click(screen.getByRole('checkbox', { name: 'Select CHECKOUT-8' }));
    await user.click(screen.getByRole('button', { name: 'Resolve' }));
    expect(await screen.findByText('2 issues resolved')).toBeVisible();
    const change = sent.find(({ method }) => method === 'PUT');
    expect(change?.query.getAll('id')).toEqual(['7', '8']);
    expect(change?.body).toEqual({ status: 'resolved' });
    expect(await screen.findByText('No unresolved issues.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('CHECKOUT-7')).toBeVisible();
  });

  it('goes from page to page by cursor', async () => {
    const link =
      '<http://x/>; rel="previous"; results="false"; cursor="0:0:1", <http://x/>; rel="next"; results="true"; cursor="0:25:0"';
    const { user, sent } = openPage('/issues/', {
      [list]: () => Response.json([issue()], { headers: { Link: link } }),
    });
    expect(await screen.findByRole('button', { name: 'Previous' })).toBeDisabled();
    await user.click(screen.getByRole('button', { name: 'Next' }));
    await waitFor(() => expect(sent.at(-1)?.query.get('cursor')).toBe('0:25:0'));
  });

  it('says that nothing matches, and widens the search', async () => {
    const { user, router } = openPage('/issues/?query=is:unresolved+nothing', { [list]: () => [] });
    expect(await screen.findByText('No issue matches.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Search every status and time' }));
    expect(new URLSearchParams(router.state.location.search).get('query')).toBe('nothing');
  });

  it('says why it could not be loaded, and tries again', async () => {
    let fails = true;
    const { user } = openPage('/issues/', {
      [list]: () => (fails ? refuse(503, 'The database is busy.')() : [issue()]),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('The database is busy.');
    fails = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('CHECKOUT-7')).toBeVisible();
  });

  it('shows how to send the first event as long as there is none', async () => {
    openPage('/issues/', {
      'GET /organizations/stackmend/projects/': () => [project({ firstEvent: null })],
      [list]: () => [],
    });
    expect(await screen.findByRole('heading', { name: 'Send the first event' })).toBeVisible();
    expect(await screen.findByText('Waiting for the first event…')).toBeVisible();
  });
});
