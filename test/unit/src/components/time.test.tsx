import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { formatAbsolute, formatDateTime, formatInBothZones } from '../../../../src/components/time.ts';
import { TimeAgo } from '../../../../src/components/time-ago.tsx';
import { chooseTimeZone, storedTimeZone, useTimeZone } from '../../../../src/components/time-zone.ts';
import { formatUntil } from '../../../../src/pages/issue-details/status-words.ts';

// A zone that is neither UTC nor a whole number of hours from it, and keeps no summer time.
const zoneBefore = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'Australia/Darwin';
});
afterAll(() => {
  process.env['TZ'] = zoneBefore;
});
afterEach(() => chooseTimeZone('local'));

const time = Date.parse('2026-11-22T20:03:07.120Z');

test.each([
  ['UTC', time, 'utc', '2026-11-22 20:03:07.120 UTC'],
  ['local, which is another day already', time, 'local', '2026-11-23 05:33:07.120 +09:30 Australia/Darwin'],
  ['without a fraction where there is none', time - 120, 'utc', '2026-11-22 20:03:07 UTC'],
  ['the last time there is', 8.64e15, 'utc', '+275760-09-13 00:00:00 UTC'],
] as const)('an absolute time in %s', (_, date, zone, words) => {
  expect(formatAbsolute(date, zone)).toBe(words);
});

test('what is beyond all dates is told as it is', () => {
  expect(formatDateTime(1e17, 'utc')).toBe('100000000000000000');
});

test('both zones, the chosen one first', () => {
  const utc = '2026-11-22 20:03:07.120 UTC';
  const local = '2026-11-23 05:33:07.120 +09:30 Australia/Darwin';
  expect(formatInBothZones(time, 'utc')).toBe(`${utc}\n${local}`);
  expect(formatInBothZones(time, 'local')).toBe(`${local}\n${utc}`);
});

test('a time to come is of the zone, and says which when it is not the reader’s own', () => {
  const noon = Date.parse('2026-11-22T12:00:00Z');
  // 21:30 on that day in Darwin, so this is the next day there.
  const evening = Date.parse('2026-11-22T16:00:00Z');
  expect([formatUntil(evening, noon, 'utc'), formatUntil(evening, noon, 'local')]).toEqual([
    '16:00 UTC',
    'Nov 23, 01:30',
  ]);
});

describe('a time on the page', () => {
  beforeEach(() => {
    vi.setSystemTime(time + 3 * 3_600_000);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells the absolute one on focus, and hides it on Escape', async () => {
    const user = userEvent.setup();
    render(<TimeAgo date="2026-11-22T20:03:07.120Z" />);
    await user.tab();
    expect(screen.getByRole('tooltip', { hidden: true })).toHaveTextContent(
      /^2026-11-23 05:33:07.120 .09:30 Australia.Darwin/,
    );
    expect(screen.getByText('3 hours ago').parentElement).toHaveAccessibleDescription(/20:03:07\.120 UTC/);
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('tooltip', { hidden: true })).toBeNull();
  });

  it('tells it on hovering until Escape, and is no stop for the keyboard in brief', async () => {
    const user = userEvent.setup();
    render(<TimeAgo date="2026-11-22T20:03:07.120Z" brief />);
    await user.tab();
    expect(document.body).toHaveFocus();
    await user.hover(screen.getByText('3h'));
    expect(await screen.findByRole('tooltip', { hidden: true })).toHaveTextContent('UTC');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('tooltip', { hidden: true })).toBeNull();
  });

  it('follows the choice at once, and that of another tab', async () => {
    const user = userEvent.setup();
    const Zone = () => <output>{useTimeZone()}</output>;
    render(
      <>
        <TimeAgo date="2026-11-22T20:03:07.120Z" />
        <Zone />
      </>,
    );
    await user.tab();
    act(() => chooseTimeZone('utc'));
    expect(screen.getByRole('tooltip', { hidden: true })).toHaveTextContent(/^2026-11-22 20:03:07.120 UTC/);
    expect(localStorage.getItem('stackmend-time-zone')).toBe('utc');
    localStorage.setItem('stackmend-time-zone', 'local');
    act(() => void window.dispatchEvent(new StorageEvent('storage', { key: 'stackmend-time-zone' })));
    expect(screen.getByRole('status')).toHaveTextContent('local');
    expect(storedTimeZone()).toBe('local');
  });
});

test('a text that is no time is shown as it is', () => {
  const { rerender } = render(<TimeAgo date="soon" />);
  expect(screen.getByText('soon')).toBeVisible();
  rerender(<TimeAgo date={null} />);
  expect(screen.getByText('unknown')).toBeVisible();
});
