import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { event } from '../app/fixtures.ts';
import { openPage, refuse } from '../app/render-app.tsx';
import { answers, hourMs, issuePath, pretendCanvas, start, stats } from './event-answers.ts';

beforeEach(pretendCanvas);

const statsOf = `GET ${issuePath}events-stats/`;
const matching = { events: [1, 0, 0, 5], users: [1, 0, 0, 2], eventCount: 6, userCount: 3 };
/** The open event is in the second hour. */
const recommended = {
  [`GET ${issuePath}events/recommended/`]: () => event({ dateCreated: new Date(start + 1.5 * hourMs).toISOString() }),
};
const graph = (name = 'Events over time') => screen.findByRole('slider', { name });

describe('the graph', () => {
  it('tells each bucket to the keyboard: when, how many, the release that began and the open event', async () => {
    const { user } = openPage('/issues/7/', answers(recommended));
    const slider = await graph();
    expect(slider).toHaveAttribute('aria-valuetext', 'Nov 22, 09:00 – 10:00: 0 events · the open event');
    slider.focus();
    await user.keyboard('{ArrowRight}');
    expect(slider).toHaveAttribute('aria-valuetext', 'Nov 22, 10:00 – 11:00: 3 events · first seen: shop@1.4.0');
    expect(slider).toHaveTextContent('3 events · first seen: shop@1.4.0');
    await user.keyboard('{End}');
    expect(slider).toHaveAttribute('aria-valuetext', 'Nov 22, 11:00 – 12:00: 27 events');
    await user.keyboard('{ArrowRight}{PageDown}');
    expect(slider).toHaveAttribute('aria-valuenow', '2');
    expect(slider).toHaveAccessibleDescription(
      /^From Nov 22, 08:00 to Nov 22, 12:00, most on Nov 22, 11:00 – 12:00 \(27\)/,
    );
  });

  it('counts users instead, and says how many match of how many', async () => {
    const { user } = openPage('/issues/7/?query=x', { ...answers(recommended), [statsOf]: () => stats({ matching }) });
    const slider = await graph();
    expect(screen.getByRole('button', { name: '6 of 40 Events' })).toHaveAttribute('aria-pressed', 'true');
    await user.click(screen.getByRole('button', { name: '3 of 12 Users' }));
    expect(await graph('Users over time')).toBe(slider);
    slider.focus();
    await user.keyboard('{End}');
    expect(slider).toHaveAttribute('aria-valuetext', 'Nov 22, 11:00 – 12:00: 2 of 9 users match');
    expect(localStorage.getItem('stackmend-graph-users')).toBe('1');
  });

  it('hides the releases and remembers it', async () => {
    const { user } = openPage('/issues/7/', answers(recommended));
    const slider = await graph();
    await user.click(screen.getByRole('button', { name: 'Releases' }));
    slider.focus();
    await user.keyboard('{ArrowRight}');
    expect(slider).toHaveAttribute('aria-valuetext', 'Nov 22, 10:00 – 11:00: 3 events');
    expect(localStorage.getItem('stackmend-graph-releases')).toBe('0');
  });

  it('narrows the range with Enter, and goes back with Escape and with its button', async () => {
    const { user, router } = openPage('/issues/7/?statsPeriod=7d', answers(recommended));
    const slider = await graph();
    slider.focus();
    await user.keyboard('{End}{Enter}');
    const range = {
      start: new Date(start + 3 * hourMs).toISOString(),
      end: new Date(start + 4 * hourMs).toISOString(),
    };
    const parameters = () => Object.fromEntries(new URLSearchParams(router.state.location.search));
    await waitFor(() => expect(parameters()).toEqual(range));
    await screen.findByRole('button', { name: 'Zoom out' });
    await user.keyboard('{Escape}');
    await waitFor(() => expect(parameters()).toEqual({ statsPeriod: '7d' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Zoom out' })).toBeNull());
    await user.keyboard('{Home}{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Zoom out' }));
    await waitFor(() => expect(parameters()).toEqual({ statsPeriod: '7d' }));
  });

  it('goes back from a range that the address came with to all', async () => {
    const { user, router } = openPage('/issues/7/?start=2026-11-01T00:00:00Z&end=2026-11-02T00:00:00Z', answers());
    await user.click(await screen.findByRole('button', { name: 'Zoom out' }));
    await waitFor(() => expect(router.state.location.search).toBe(''));
  });

  it('says that there is nothing in the range', async () => {
    const none = { events: [0, 0], users: [0, 0], eventCount: 0, userCount: 0 };
    openPage('/issues/7/?statsPeriod=1h', { ...answers(), [statsOf]: () => stats({ total: none, releases: [] }) });
    expect(await screen.findByText('No events in this time.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Releases' })).toBeNull();
  });

  it('says what went wrong and tries again, while the event stays', async () => {
    let fails = true;
    const { user } = openPage('/issues/7/', {
      ...answers(),
      [statsOf]: () => (fails ? refuse(503, 'The database is busy.')() : stats()),
    });
    expect(await screen.findByText(/The graph could not be loaded: The database is busy\./)).toBeVisible();
    expect(await screen.findByRole('navigation', { name: 'Events' })).toBeVisible();
    fails = false;
    await user.click(screen.getByRole('button', { name: 'Load the graph' }));
    expect(await graph()).toBeVisible();
  });

  it('is above the events table, too', async () => {
    openPage('/issues/7/events/', { ...answers(), [`GET ${issuePath}events/`]: () => [] });
    const filters = within(await screen.findByRole('region', { name: 'Filters' }));
    expect(await filters.findByRole('slider')).toBeVisible();
  });
});
