import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { event, issue } from '../app/fixtures.ts';
import { openPage } from '../app/render-app.tsx';
import { answers, issuePath, pretendCanvas } from './event-answers.ts';

beforeEach(pretendCanvas);

afterEach(() => vi.useRealTimers());

const older = 'b'.repeat(32);
const newer = 'c'.repeat(32);
const recommended = { [`GET ${issuePath}events/recommended/`]: () => event({ nextEventID: newer }) };

describe('from event to event', () => {
  it('fetches both neighbours ahead, each with the filter', async () => {
    const { sent } = openPage('/issues/7/?environment=staging', answers(recommended));
    await screen.findByRole('link', { name: 'Next event' });
    for (const id of [older, newer]) {
      await waitFor(() => {
        const asked = sent.find(({ path }) => path === `${issuePath}events/${id}/`);
        expect(asked?.query.get('environment')).toBe('staging');
      });
    }
  });

  it('asks again for what follows the last event, which may have followed since', async () => {
    const last = vi.fn(() => event({ eventID: newer, nextEventID: null, previousEventID: older }));
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { router } = openPage(`/issues/7/events/${newer}/`, {
      ...answers(),
      [`GET ${issuePath}events/${newer}/`]: last,
    });
    await screen.findByRole('link', { name: 'Previous event' });
    await act(() => vi.advanceTimersByTimeAsync(6_000));
    const before = last.mock.calls.length;
    await act(() => router.navigate(`/issues/7/events/${older}/`));
    await act(() => router.navigate(`/issues/7/events/${newer}/`));
    await waitFor(() => expect(last.mock.calls.length).toBeGreaterThan(before));
  });
});

describe('a page that is open while events come', () => {
  it('says how many, and shows the newest within the filter', async () => {
    let count = 1234;
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { user, router, sent } = openPage('/issues/7/?environment=staging', {
      ...answers(recommended),
      [`GET ${issuePath}`]: () => issue({ count: String(count) }),
    });
    await screen.findByRole('navigation', { name: 'Events' });
    expect(screen.queryByText(/since this was opened/)).toBeNull();
    count += 3;
    await act(() => vi.advanceTimersByTimeAsync(5_100));
    expect(await screen.findByText('3 new events since this was opened')).toBeVisible();
    expect(screen.getByText('New events came since this was opened.')).toHaveAttribute('role', 'status');
    const statsAsked = () => sent.filter(({ path }) => path.endsWith('events-stats/')).length;
    const before = statsAsked();
    await user.click(screen.getByRole('button', { name: 'Show' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/issues/7/events/latest/'));
    expect(router.state.location.search).toBe('?environment=staging');
    expect(screen.queryByText(/since this was opened/)).toBeNull();
    await waitFor(() => expect(statsAsked()).toBeGreaterThan(before));
  });

  it('is quiet again when told so, until more come', async () => {
    let count = 1234;
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { user } = openPage('/issues/7/', {
      ...answers(recommended),
      [`GET ${issuePath}`]: () => issue({ count: String(count) }),
    });
    await screen.findByRole('navigation', { name: 'Events' });
    count += 1;
    await act(() => vi.advanceTimersByTimeAsync(5_100));
    await user.click(await screen.findByRole('button', { name: 'Dismiss the news' }));
    expect(screen.queryByText(/since this was opened/)).toBeNull();
    count += 2;
    await act(() => vi.advanceTimersByTimeAsync(5_100));
    expect(await screen.findByText('2 new events since this was opened')).toBeVisible();
  });
});
