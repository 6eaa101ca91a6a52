import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { openPage, refuse, type Sent } from '../app/render-app.tsx';
import { answers, issuePath, pretendCanvas } from './event-answers.ts';

beforeEach(pretendCanvas);

const list = `GET ${issuePath}events/`;
const eventId = (index: number) => index.toString(16).padStart(32, '0');
const row = (index: number) => ({
  id: String(index),
  eventID: eventId(index),
  title: `event ${index}`,
  message: `message of ${index}`,
  dateCreated: new Date(Date.UTC(2026, 10, 22) - index * 1000).toISOString(),
  tags: [
    { key: 'release', value: 'shop@1.4.0' },
    { key: 'environment', value: 'production' },
    { key: 'browser', value: `Firefox ${index}` },
  ],
  user: { id: '17', email: index === 0 ? 'ada@example.com' : null },
});

/** Pages of a hundred, with the cursor being where the next begins. */
const pages =
  (total: number) =>
  ({ query }: Sent) => {
    const from = Number(query.get('cursor') ?? 0);
    const to = Math.min(total, from + 100);
    const items = Array.from({ length: to - from }, (_, index) => row(from + index));
    const link = `<http://x/>; rel="next"; results="${to < total}"; cursor="${to}"`;
    return Response.json(items, { headers: { Link: link, 'X-Hits': String(Math.min(total, 1000)) } });
  };
const table = async () => within(await screen.findByRole('table'));

describe('the table of all events', () => {
  it('shows time, message, user, release and environment; a row leads to its event with the filter', async () => {
    openPage('/issues/7/events/?environment=production', { ...answers(), [list]: pages(2) });
    const rows = (await table()).getAllByRole('row');
    expect(rows).toHaveLength(3);
    expect(rows[1]).toHaveTextContent(/event 0ada@example.comshop@1.4.0production/);
    expect(rows[2]).toHaveTextContent(/event 117shop/);
    expect(within(rows[1] ?? document.body).getByRole('link')).toHaveAttribute(
      'href',
      `/issues/7/events/${eventId(0)}/?environment=production`,
    );
    expect(screen.getByRole('heading', { name: 'Events that match 2' })).toBeVisible();
    expect(screen.getByRole('link', { name: 'Close' })).toHaveAttribute('href', '/issues/7/?environment=production');
  });

  it('draws the rows in sight of ten thousand, and loads more as they are scrolled to', async () => {
    const { sent } = openPage('/issues/7/events/', { ...answers(), [list]: pages(10_000) });
    await screen.findByText('event 0');
    expect((await table()).getAllByRole('row').length).toBeLessThan(80);
    const box = screen.getByRole('region', { name: 'Rows' });
    const asked = () => sent.filter(({ path }) => path === `${issuePath}events/`).length;
    for (let page = 1; page < 5; page++) {
      box.scrollTop = page * 100 * 33;
      fireEvent.scroll(box);
      expect(await screen.findByText(`event ${page * 100}`)).toBeVisible();
    }
    expect(asked()).toBeGreaterThanOrEqual(5);
    expect(screen.queryByText('event 0')).toBeNull();
    expect((await table()).getAllByRole('row').length).toBeLessThan(80);
  });

  it('goes through the rows with j and k, and opens one with Enter', async () => {
    const { user, router } = openPage('/issues/7/events/?query=x', { ...answers(), [list]: pages(3) });
    await screen.findByText('event 0');
    await user.keyboard('jjk');
    const link = within((await table()).getAllByRole('row')[1] ?? document.body).getByRole('link');
    await waitFor(() => expect(link).toHaveFocus());
    await user.keyboard('j');
    await waitFor(() => expect(link).not.toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(router.state.location.pathname).toBe(`/issues/7/events/${eventId(1)}/`));
    expect(router.state.location.search).toBe('?query=x');
  });

  it('takes tags as columns, and remembers them', async () => {
    const { user } = openPage('/issues/7/events/', { ...answers(), [list]: pages(2) });
    expect((await table()).queryByRole('columnheader', { name: 'browser' })).toBeNull();
    await user.click(await screen.findByRole('checkbox', { name: 'browser', hidden: true }));
    expect((await table()).getByRole('columnheader', { name: 'browser' })).toBeVisible();
    expect((await table()).getByRole('cell', { name: 'Firefox 1' })).toBeVisible();
    expect(localStorage.getItem('stackmend-event-columns')).toBe('["browser"]');
    // Those that are always there are not offered.
    expect(screen.queryByRole('checkbox', { name: 'environment', hidden: true })).toBeNull();
  });

  it.each(['null', '{"a":1}', 'not json', '[1]'])('takes %s in the store for no columns', async (stored) => {
    localStorage.setItem('stackmend-event-columns', stored);
    openPage('/issues/7/events/', { ...answers(), [list]: pages(1) });
    expect((await table()).getAllByRole('columnheader')).toHaveLength(6);
  });

  it('turns the order around, in the address too', async () => {
    const { user, router, sent } = openPage('/issues/7/events/', { ...answers(), [list]: pages(2) });
    const time = (await table()).getByRole('columnheader', { name: /^Time/ });
    expect(time).toHaveAttribute('aria-sort', 'descending');
    await user.click(within(time).getByRole('button'));
    await waitFor(() => expect(router.state.location.search).toBe('?sort=timestamp'));
    await waitFor(() => expect(sent.some(({ query }) => query.get('sort') === 'timestamp')).toBe(true));
    const turned = (await table()).getByRole('columnheader', { name: /^Time/ });
    await waitFor(() => expect(turned).toHaveAttribute('aria-sort', 'ascending'));
  });

  it('keeps the rows when more cannot be loaded, and tries again', async () => {
    let fails = true;
    const { user } = openPage('/issues/7/events/', {
      ...answers(),
      [list]: (sent) => (fails && sent.query.get('cursor') ? refuse(503, 'The database is busy.')() : pages(140)(sent)),
    });
    await screen.findByText('event 0');
    const box = screen.getByRole('region', { name: 'Rows' });
    box.scrollTop = 100 * 33;
    fireEvent.scroll(box);
    expect(await screen.findByText(/More could not be loaded: The database is busy\./)).toBeVisible();
    fails = false;
    await user.click(screen.getByRole('button', { name: 'Load more events' }));
    await waitFor(() => expect(screen.queryByText(/More could not be loaded/)).toBeNull());
    box.scrollTop = 139 * 33;
    fireEvent.scroll(box);
    expect(await screen.findByText('event 139')).toBeVisible();
  });

  it('says that an issue has no events, and that none match', async () => {
    const { router } = openPage('/issues/7/events/', { ...answers(), [list]: () => [] });
    expect(await screen.findByText('This issue has no stored events.')).toBeVisible();
    await router.navigate('/issues/7/events/?query=nothing');
    expect(await screen.findByText('No event of this issue matches the filter.')).toBeVisible();
  });
});
