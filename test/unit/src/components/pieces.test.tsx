import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { Boundary } from '../../../../src/components/boundary.tsx';
import { CopyButton } from '../../../../src/components/copy-button.tsx';
import { formatBytes, formatCount, formatExact } from '../../../../src/components/numbers.ts';
import { formatAgo, parseTime } from '../../../../src/components/time.ts';
import { ToastProvider, useToast } from '../../../../src/components/toast.tsx';

const hour = 3_600_000;
test.each([
  [20_000, 'just now', 'now'],
  [3 * hour, '3 hours ago', '3h'],
  [26 * hour, 'yesterday', '1d'],
  [15 * 24 * hour, '2 weeks ago', '2w'],
  [-2 * hour, 'in 2 hours', '-2h'],
])('%i ms ago is %j, in brief %j', (before, words, brief) => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  expect(formatAgo(now - before, now)).toBe(words);
  expect(formatAgo(now - before, now, true)).toBe(brief);
});

test('times and counts are told as the browser would', () => {
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const units = [
    ['minute', 60],
    ['hour', 3600],
    ['day', 86_400],
    ['week', 7 * 86_400],
    ['month', 30 * 86_400],
  ] as const;
  for (const [unit, seconds] of [...units, ['year', 365 * 86_400] as const]) {
    for (const count of [1, -1, 2, -2, 3])
      expect(formatAgo(-count * seconds * 1000, 0)).toBe(words.format(-count, unit));
  }
  for (const count of [0, 7, 999, 1000, -1234, 12_345_678, 1234.5, Number.MAX_SAFE_INTEGER]) {
    expect(formatExact(count)).toBe(new Intl.NumberFormat('en').format(count));
  }
});

test('a text that is no time is none', () => {
  expect(parseTime('soon')).toBeNull();
  expect(parseTime(null)).toBeNull();
});

test('counts and sizes are short', () => {
  expect([formatCount('48213'), formatCount(7), formatCount('many')]).toEqual(['48.2k', '7', 'many']);
  expect([formatBytes(12), formatBytes(18_342), formatBytes(2_500_000)]).toEqual(['12 B', '18 kB', '2.5 MB']);
});

test('a part that cannot be drawn says so, and is tried again for another event', () => {
  const Part = ({ fails }: { fails: boolean }) => {
    if (fails) throw new Error('no frames');
    return <p>drawn</p>;
  };
  // React itself reports what a boundary caught.
  vi.mocked(console.error).mockImplementation(() => {});
  const { rerender } = render(
    <Boundary what="The stack trace" resetKey="1">
      <Part fails />
    </Boundary>,
  );
  expect(screen.getByRole('alert')).toHaveTextContent('The stack trace could not be shown: no frames');
  rerender(
    <Boundary what="The stack trace" resetKey="2">
      <Part fails={false} />
    </Boundary>,
  );
  expect(screen.getByText('drawn')).toBeVisible();
});

test('copying says that it was done, or why not', async () => {
  const user = userEvent.setup();
  render(<CopyButton label="Copy DSN" text={() => 'http://key@host/2'} />);
  await user.click(screen.getByRole('button', { name: 'Copy DSN' }));
  expect(screen.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe('http://key@host/2');
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('forbidden'));
  await user.click(screen.getByRole('button', { name: 'Copied' }));
  expect(screen.getByRole('button', { name: /does not allow/ })).toBeVisible();
});

test('a notification goes by itself', () => {
  vi.useFakeTimers();
  const Show = () => {
    const toast = useToast();
    return (
      <button type="button" onClick={() => toast({ message: 'Saved' })}>
        show
      </button>
    );
  };
  render(
    <ToastProvider>
      <Show />
    </ToastProvider>,
  );
  act(() => screen.getByRole('button', { name: 'show' }).click());
  expect(screen.getByRole('status', { name: 'Notifications' })).toHaveTextContent('Saved');
  act(() => void vi.advanceTimersByTime(7000));
  expect(screen.getByRole('status', { name: 'Notifications' })).toBeEmptyDOMElement();
  vi.useRealTimers();
});
