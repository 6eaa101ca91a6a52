import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { event, issue } from '../app/fixtures.ts';
import { openPage, refuse } from '../app/render-app.tsx';

const issuePath = '/organizations/stackmend/issues/7/';
const recommended = `GET ${issuePath}events/recommended/`;
const attachments = `GET /projects/stackmend/checkout/events/${event().eventID}/attachments/`;
/** A section of the event, once the code of what is in it has come. */
async function section(name: string) {
  const found = within(await screen.findByRole('region', { name }));
  await waitFor(() => expect(found.queryByRole('status', { name: /^Loading/ })).toBeNull());
  return found;
}

describe('the issue page', () => {
  it('says what broke, where, how often and since when', async () => {
    openPage('/issues/7/');
    const heading = await screen.findByRole('heading', { level: 1 });
    expect(heading).toHaveTextContent('ValueError amount must be positive');
    const header = within(heading.closest('header') ?? document.body);
    expect(header.getByText('charge in app/billing.py')).toBeVisible();
    expect(header.getByText('Unhandled')).toBeVisible();
    expect(header.getByText('Ongoing')).toBeVisible();
    expect(header.getByTitle('1,234 events')).toHaveTextContent('1.2k');
    expect(header.getByRole('img', { name: /Events in the last 30 days: 30/ })).toBeVisible();
    expect(screen.getByRole('navigation', { name: 'Breadcrumbs' })).toHaveTextContent('CHECKOUT-7');
    expect(document.title).toBe('ValueError: amount must be positive · CHECKOUT-7');
  });

  it('shows the failing line in its source, and the suggestion beside it', async () => {
    openPage('/issues/7/');
    const trace = await screen.findAllByRole('region', { name: 'Stack trace' });
    expect(trace[0]).toHaveTextContent('raise ValueError("amount must be positive")');
    expect(screen.getByRole('complementary')).toHaveTextContent('Suggest fix');
  });

  it('shows breadcrumbs newest first, with the time before the event', async () => {
    openPage('/issues/7/');
    const rows = await (await section('Breadcrumbs')).findAllByRole('listitem');
    expect(rows[0]).toHaveTextContent(/billingwarning.*amount is negative.*-0\.50s/);
    expect(rows[1]).toHaveTextContent(/httplib.*GET \/cart.*-2\.00s/);
  });

  it('draws only those breadcrumbs in sight when there are hundreds', async () => {
    // jsdom lays nothing out: rows of 34 pixels in a box of 480.
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(function (this: HTMLElement) {
      return this.tagName === 'OL' ? 480 : 34;
    });
    const values = Array.from({ length: 500 }, (_, index) => ({ message: `step ${index}`, category: 'log' }));
    openPage('/issues/7/', { [recommended]: () => event({ entries: [{ type: 'breadcrumbs', data: { values } }] }) });
    expect(await screen.findByRole('list', { name: '500 breadcrumbs' })).toBeVisible();
    expect(screen.queryByText('step 0')).toBeNull();
  });

  it('shows request, user, tags, contexts, extra data and SDK', async () => {
    const { user } = openPage('/issues/7/');
    const request = await section('HTTP request');
    expect(request.getByText('https://shop.example/pay?cart=17')).toBeVisible();
    await user.click(request.getByRole('button', { name: 'curl' }));
    expect(request.getByText(/^curl \\/)).toHaveTextContent("-X 'POST'");
    expect((await section('User')).getByText('ada@example.com')).toBeVisible();
    expect((await section('Contexts')).getByText('CPython')).toBeVisible();
    expect((await section('Additional data')).getByText('cart')).toBeVisible();
    expect((await section('Tags')).getByRole('link', { name: 'shop@1.4.0 beta' })).toHaveAttribute(
      'href',
      `/issues/?${new URLSearchParams({ query: 'release:"shop@1.4.0 beta"' })}`,
    );
    const sdk = await section('SDK');
    expect(sdk.queryByText('2.50.0')).toBeNull();
    await user.click(sdk.getByRole('button', { name: 'SDK' }));
    expect(sdk.getByText('2.50.0')).toBeVisible();
  });

  it('marks what was scrubbed', async () => {
    openPage('/issues/7/', {
      [recommended]: () =>
        event({ user: { id: '17', email: null }, _meta: { user: { email: { '': { rem: [['@email', 'x']] } } } } }),
    });
    expect((await section('User')).getByText('<redacted>')).toBeVisible();
  });

  it('keeps a section folded that was folded before', async () => {
    const first = openPage('/issues/7/');
    await first.user.click(await screen.findByRole('button', { name: 'Tags' }));
    expect(localStorage.getItem('stackmend-section-tags')).toBe('0');
    expect(screen.getByRole('button', { name: 'Tags' })).toHaveAttribute('aria-expanded', 'false');
  });

  it('goes from event to event', async () => {
    const before = event().previousEventID ?? '';
    const { user, router } = openPage('/issues/7/', {
      [`GET ${issuePath}events/${before}/`]: () =>
        event({ id: '900', eventID: before, previousEventID: null, nextEventID: event().eventID }),
    });
    await user.click(await screen.findByRole('link', { name: 'Previous event' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(`/issues/7/events/${before}/`));
    expect(await screen.findByTitle(before)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Previous event' })).toBeDisabled();
    await user.keyboard(';');
    await waitFor(() => expect(router.state.location.pathname).toBe('/issues/7/events/recommended/'));
  });

  it('resolves with a key, and undoes it from the notification', async () => {
    let status: 'unresolved' | 'resolved' = 'unresolved';
    const { user } = openPage('/issues/7/', {
      [`GET ${issuePath}`]: () => issue({ status }),
      'PUT /organizations/stackmend/issues/': ({ body }) => {
        status = JSON.stringify(body).includes('unresolved') ? 'unresolved' : 'resolved';
        return {};
      },
    });
    await screen.findByRole('button', { name: 'Resolve' });
    await user.keyboard('r');
    expect(await screen.findByText('CHECKOUT-7 resolved')).toBeVisible();
    expect(await screen.findByRole('button', { name: 'Unresolve' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByRole('button', { name: 'Resolve' })).toBeVisible();
  });

  it('asks before it deletes', async () => {
    const { user, sent, router } = openPage('/issues/7/');
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Delete CHECKOUT-7?' }));
    expect(sent.some(({ method }) => method === 'DELETE')).toBe(false);
    await user.click(dialog.getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/issues/'));
    expect(sent.some(({ method, path }) => method === 'DELETE' && path === issuePath)).toBe(true);
    expect(await screen.findByText('CHECKOUT-7 deleted')).toBeVisible();
  });

  it('lists attachments, user feedback and processing errors', async () => {
    openPage('/issues/7/', {
      [recommended]: () =>
        event({
          errors: [{ type: 'invalid_data', message: 'A value was left out.', data: { name: 'release' } }],
          userReport: { name: 'Ada', email: 'ada@example.com', comments: 'It broke when I paid.' },
        }),
      [attachments]: () => [
        { id: '3', event_id: 'x', type: 'event.attachment', name: 'app.log', size: 18_342, dateCreated: '2026-11-22' },
      ],
    });
    expect((await section('User feedback')).getByText('It broke when I paid.')).toBeVisible();
    expect(screen.getByRole('link', { name: '1 processing error' })).toHaveAttribute('href', '#processing-errors');
    expect(await (await section('Processing errors')).findByText(/were left out/)).toBeVisible();
    const file = await (await section('Attachments')).findByRole('link', { name: 'app.log' });
    expect(file).toHaveAttribute('href', expect.stringMatching(/attachments\/3\/\?download=1$/));
  });

  it('shows the stored JSON, its long numbers whole', async () => {
    const { user } = openPage('/issues/7/', {
      [`GET /projects/stackmend/checkout/events/${event().eventID}/json/`]: () =>
        new Response('{"a":[],"address":18446744073709551615}'),
    });
    await user.click(await screen.findByRole('button', { name: 'JSON' }));
    const code = await screen.findByRole('region', { name: 'Event as JSON' });
    expect(code.textContent).toBe('{\n  "a": [],\n  "address": 18446744073709551615\n}');
  });

  it('says that an issue is gone', async () => {
    openPage('/issues/99/');
    expect(await screen.findByText('There is no such issue.')).toBeVisible();
    expect(screen.getByRole('link', { name: 'All issues' })).toHaveAttribute('href', '/issues/');
  });

  it('keeps the header when the event cannot be loaded, says why, and tries again', async () => {
    let fails = true;
    const { user } = openPage('/issues/7/', {
      [recommended]: () => (fails ? refuse(503, 'The database is busy.')() : event()),
    });
    expect(await screen.findByText('The database is busy.')).toBeVisible();
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('ValueError');
    fails = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await section('Tags')).toBeDefined();
  });
});
