import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { CoverageMatches, CoverageReports } from '../../../../server/protocol/contract.ts';
import { openPage, refuse } from '../app/render-app.tsx';
import { asAda, nothing } from './settings-fakes.ts';

const path = '/projects/stackmend/checkout/coverage/';
const report: CoverageReports[number] = {
  id: '9',
  name: 'lcov.info',
  format: 'LCOV',
  files: 1200,
  lines: 80_000,
  size: 1_000_000,
  release: 'shop@1.4.0',
  commit: 'a1b2c3d4e5'.repeat(4),
  dateCreated: '2026-11-20T10:00:00Z',
};
const matches: CoverageMatches = {
  events: 12,
  frames: 40,
  matchedFrames: 30,
  coveredFrames: 28,
  unmatched: [
    { path: '/srv/app/pay.py', frames: 9, nearest: ['src/pay.py', 'lib/pay.py'] },
    { path: '/srv/app/till.py', frames: 1, nearest: [] },
  ],
};

describe('coverage reports', () => {
  it('are none at first: the page says how one comes', async () => {
    openPage('/settings/coverage/', { ...asAda(), [`GET ${path}`]: () => [] });
    expect(await screen.findByText('Checkout has no coverage report.')).toBeVisible();
    const guide = within(screen.getByRole('region', { name: 'How to upload' }));
    expect(guide.getByRole('button', { name: 'Copy: In a CI, after the tests' })).toBeVisible();
    expect(guide.getByLabelText('In a CI, after the tests')).toHaveTextContent(
      `stackmend coverage upload coverage/lcov.info --project checkout`,
    );
  });

  it('are listed, and asked what they match once they are opened', async () => {
    const { user, sent } = openPage('/settings/coverage/', {
      ...asAda(),
      [`GET ${path}`]: () => [report],
      [`GET ${path}9/matches/`]: () => matches,
    });
    const list = within(await screen.findByRole('list', { name: 'Coverage reports' }));
    expect(list.getByText('shop@1.4.0')).toBeVisible();
    expect(list.getByText('a1b2c3d4e5a1')).toBeVisible();
    expect(list.getByText('1,200')).toBeVisible();
    expect(sent.some((each) => each.path.endsWith('/matches/'))).toBe(false);
    await user.click(list.getByRole('button', { name: 'What lcov.info matches' }));
    expect(
      await list.findByText(
        'In the newest 12 events of its release or commit are 40 in-app frames: the report has the file of 30, and says something about the line of 28.',
      ),
    ).toBeVisible();
    const unmatched = within(list.getByRole('list', { name: 'Files of frames that it lacks' }));
    expect(unmatched.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      '/srv/app/pay.py9 framesNearest in the report:src/pay.pylib/pay.py',
      '/srv/app/till.py1 frameNo file of the report is near.',
    ]);
    expect(list.getByRole('link', { name: 'code mapping' })).toHaveAttribute(
      'href',
      '/settings/code-mappings/?project=checkout',
    );
  });

  it('say that nothing came yet that they could match, and what could not be loaded', async () => {
    let answers = 0;
    const { user } = openPage('/settings/coverage/', {
      ...asAda(),
      [`GET ${path}`]: () => [report],
      [`GET ${path}9/matches/`]: () => {
        answers += 1;
        return answers === 1
          ? Response.json({ detail: 'Busy.' }, { status: 400 })
          : { events: 0, frames: 0, matchedFrames: 0, coveredFrames: 0, unmatched: [] };
      },
    });
    await user.click(await screen.findByRole('button', { name: 'What lcov.info matches' }));
    expect(await screen.findByText(/What it matches could not be loaded: Busy\./)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/No event of its release or commit came yet/)).toBeVisible();
  });

  it('are deleted after a question', async () => {
    let reports = [report];
    const { user } = openPage('/settings/coverage/', {
      ...asAda(),
      [`GET ${path}`]: () => reports,
      [`DELETE ${path}9/`]: () => {
        reports = [];
        return nothing();
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Delete lcov.info' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Delete lcov.info?' }));
    await user.click(dialog.getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('Checkout has no coverage report.')).toBeVisible();
    expect(screen.getByText('lcov.info is deleted')).toBeVisible();
  });

  it('stay where their deletion is refused, and for who may not', async () => {
    const { user } = openPage('/settings/coverage/', {
      ...asAda(),
      [`GET ${path}`]: () => [report],
      [`DELETE ${path}9/`]: refuse(404, 'The project has no coverage report 9.'),
    });
    await user.click(await screen.findByRole('button', { name: 'Delete lcov.info' }));
    const dialog = within(await screen.findByRole('dialog'));
    await user.click(dialog.getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(dialog.getByRole('alert')).toHaveTextContent('no coverage report 9'));
  });

  it('can be looked at without the permission to delete them', async () => {
    openPage('/settings/coverage/', { ...asAda(['project:read']), [`GET ${path}`]: () => [report] });
    expect(await screen.findByRole('button', { name: 'Delete lcov.info' })).toHaveAccessibleDescription(
      /project:releases/,
    );
  });
});
