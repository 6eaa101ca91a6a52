import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, test } from 'vitest';
import type { Issue } from '../../../../server/protocol/contract.ts';
import { describeDetails, formatUntil, toAsked } from '../../../../src/pages/issue-details/status-words.ts';
import { issue } from '../app/fixtures.ts';
import { openPage } from '../app/render-app.tsx';
import { signedIn } from './people.ts';

const issuePath = '/organizations/stackmend/issues/7/';
const now = Date.now();
const inHours = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
const grace = { type: 'user', id: '2', name: 'Grace Hopper' };

async function header(change: Partial<Issue>, more = {}) {
  openPage('/issues/7/', { [`GET ${issuePath}`]: () => issue(change), ...more });
  return (await screen.findByRole('heading', { level: 1 })).closest('header') ?? document.body;
}

describe('the status of an issue', () => {
  it.each<[Partial<Issue>, RegExp]>([
    [{ status: 'resolved', statusDetails: { actor: grace } }, /Resolved *by Grace Hopper/],
    [
      { status: 'resolved', statusDetails: { inNextRelease: true, actor: grace } },
      /Resolved *in the next release *by Grace Hopper/,
    ],
    [{ status: 'resolved', statusDetails: { inRelease: 'shop@1.4.2' } }, /Resolved *in shop@1\.4\.2/],
    [{ status: 'ignored', statusDetails: { actor: grace } }, /Archived *by Grace Hopper/],
    [{ status: 'ignored', statusDetails: { ignoreUntil: inHours(24 * 40) } }, /Archived *until \w+ \d+, /],
    [
      { status: 'ignored', statusDetails: { ignoreCount: 100, ignoreCountSoFar: 23 } },
      /Archived *until 100 more events \(23 so far\)/,
    ],
    [{ status: 'ignored', statusDetails: { ignoreUserCount: 1 } }, /Archived *until 1 more user(?!s)/],
  ])('is told with its reason and who says so: %j', async (change, words) => {
    expect(await header(change)).toHaveTextContent(words);
  });

  it('says in which release the issue came back', async () => {
    const activity = [
      { id: '9', type: 'set_priority', user: grace, dateCreated: inHours(-1), data: { priority: 'low' } },
      { id: '8', type: 'set_regression', user: null, dateCreated: inHours(-2), data: { release: 'shop@1.4.2' } },
      { id: '7', type: 'set_regression', user: null, dateCreated: inHours(-9), data: { release: 'shop@1.0.0' } },
    ];
    const shown = await header({ substatus: 'regressed' }, { [`GET ${issuePath}activities/`]: () => ({ activity }) });
    await waitFor(() => expect(shown).toHaveTextContent(/Regressed *in shop@1\.4\.2/));
  });

  it('calls whoever looks at it "you"', async () => {
    const actor = { id: 'ada', name: 'Ada Lovelace' };
    const shown = await header({ status: 'ignored', statusDetails: { actor } }, { 'GET /': () => signedIn('ada') });
    await waitFor(() => expect(shown).toHaveTextContent('by you'));
  });

  it('keeps counts and times beside it', async () => {
    const shown = within(await header({ status: 'resolved', statusDetails: { inRelease: 'x'.repeat(200) } }));
    expect(shown.getByTitle('1,234 events')).toBeVisible();
    expect(shown.getByText('First seen')).toBeVisible();
    expect(shown.getByText('Unhandled')).toBeVisible();
  });
});

describe('a list of issues', () => {
  it('tells priority and assignee by name, and says of a status no more than one word', async () => {
    openPage('/issues/', {
      'GET /organizations/stackmend/issues/': () => [
        issue({ priority: 'high', assignedTo: grace, status: 'ignored', statusDetails: { ignoreCount: 10 } }),
      ],
    });
    expect(await screen.findByRole('img', { name: 'Priority: high' })).toBeVisible();
    expect(screen.getByRole('img', { name: 'Assigned to Grace Hopper' })).toHaveTextContent('GH');
    expect(screen.getByText('Archived', { selector: 'li *' })).toHaveAttribute(
      'title',
      expect.stringContaining('until 10 more events'),
    );
  });
});

test('a time to come is as exact as it needs to be', () => {
  const noon = new Date(2026, 10, 22, 12).getTime();
  expect(formatUntil(new Date(2026, 10, 22, 14, 5).getTime(), noon)).toBe('14:05');
  expect(formatUntil(new Date(2026, 10, 23, 0, 30).getTime(), noon)).toBe('Nov 23, 00:30');
  expect(formatUntil(new Date(2027, 0, 2, 9).getTime(), noon)).toBe('Jan 2, 2027');
});

test('two conditions are both named, and what is no time is no condition', () => {
  expect(describeDetails('ignored', { ignoreCount: 10, ignoreUserCount: 1000 })).toBe(
    'until 10 more events or 1,000 more users',
  );
  expect(describeDetails('ignored', { ignoreUntil: 'soon' })).toBe('');
  expect(describeDetails('unresolved', { inNextRelease: true })).toBe('');
});

test.each<[Pick<Issue, 'status' | 'statusDetails'>, object]>([
  [{ status: 'unresolved' }, { status: 'unresolved' }],
  [
    { status: 'resolved', statusDetails: { inNextRelease: true } },
    { status: 'resolved', statusDetails: { inNextRelease: true } },
  ],
  [
    { status: 'resolved', statusDetails: { inRelease: 'a@1' } },
    { status: 'resolved', statusDetails: { inRelease: 'a@1' } },
  ],
  [{ status: 'ignored', statusDetails: {} }, { status: 'ignored' }],
  [
    { status: 'ignored', statusDetails: { ignoreUntil: inHours(2), ignoreUserCount: 3 } },
    { status: 'ignored', statusDetails: { ignoreDuration: 120, ignoreUserCount: 3 } },
  ],
  [
    { status: 'ignored', statusDetails: { ignoreCount: 100, ignoreCountSoFar: 23 } },
    { status: 'ignored', statusDetails: { ignoreCount: 77 } },
  ],
  [{ status: 'ignored', statusDetails: { ignoreUntil: inHours(-1) } }, { status: 'unresolved' }],
  [{ status: 'ignored', statusDetails: { ignoreCount: 10, ignoreCountSoFar: 10 } }, { status: 'unresolved' }],
])('%j is asked for again with what is left of it', (before, asked) => expect(toAsked(before, now)).toEqual(asked));
