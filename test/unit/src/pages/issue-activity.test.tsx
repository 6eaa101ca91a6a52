import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, test } from 'vitest';
import type { Activity } from '../../../../server/protocol/contract.ts';
import { describeDeed } from '../../../../src/pages/issue-details/activity-words.ts';
import { type Answers, openPage, refuse } from '../app/render-app.tsx';
import { reader, signedIn } from './people.ts';

const issuePath = '/organizations/stackmend/issues/7/';
const GET = `GET ${issuePath}activities/`;
const ada = { type: 'user', id: 'ada', name: 'Ada Lovelace' };
const grace = { type: 'user', id: '2', name: 'Grace Hopper' };

const entry = (change: Partial<Activity>): Activity => ({
  id: '1',
  type: 'note',
  user: ada,
  dateCreated: new Date(Date.now() - 3 * 3_600_000).toISOString(),
  data: {},
  ...change,
});
const note = (text: string, change: Partial<Activity> = {}) => entry({ data: { text }, ...change });

async function openActivity(activity: Activity[], answers: Answers = {}) {
  const opened = openPage('/issues/7/', { [GET]: () => ({ activity }), 'GET /': () => signedIn('ada'), ...answers });
  return { ...opened, section: within(await screen.findByRole('region', { name: 'Activity' })) };
}

test.each<[Partial<Activity>, string]>([
  [{ type: 'set_resolved' }, 'resolved it'],
  [{ type: 'set_resolved', data: { statusDetails: { inRelease: 'a@1' } } }, 'resolved it in a@1'],
  [{ type: 'set_ignored', data: { statusDetails: { ignoreUserCount: 10 } } }, 'archived it until 10 more users'],
  [{ type: 'set_unresolved' }, 'marked it as unresolved'],
  [
    { type: 'set_unresolved', user: null, data: { statusDetails: { ignoreUntil: '2026-11-22T12:00:00.000Z' } } },
    'No longer archived: the time is over',
  ],
  [
    { type: 'set_unresolved', user: null, data: { statusDetails: { ignoreCount: 100 } } },
    'No longer archived: 100 more events came',
  ],
  [{ type: 'set_regression', user: null, data: { release: 'a@2' } }, 'It came back in a@2'],
  [{ type: 'set_priority', data: { priority: 'low' } }, 'set the priority to low'],
  [{ type: 'assigned', data: { assignee: grace } }, 'assigned it to Grace Hopper'],
  [{ type: 'assigned', data: { assignee: ada } }, 'assigned it to themselves'],
  [{ type: 'unassigned', data: { assignee: grace } }, 'took it from Grace Hopper'],
  [{ type: 'first_seen', user: null, data: {} }, 'First seen'],
  [{ type: 'set_public', data: {} }, 'set public'],
  [{ type: 'set_regression', user: null, data: { release: { toString: 1 }, eventID: 7 } }, 'It came back'],
  [{ type: 'assigned', data: { assignee: 'x', statusDetails: 3 } }, 'assigned it to somebody'],
])('%j reads: %s', (change, words) => expect(describeDeed(entry(change), Date.now()).words).toBe(words));

describe('the activity of an issue', () => {
  it('says who did what and when, and what the server did by itself', async () => {
    const { section } = await openActivity([
      entry({ id: '4', type: 'set_regression', user: null, data: { release: 'shop@2', eventID: 'e'.repeat(32) } }),
      entry({ id: '3', type: 'set_resolved', user: grace }),
      entry({ id: '2', type: 'set_priority', data: { priority: 'high' } }),
      entry({ id: '0', type: 'first_seen', user: null }),
    ]);
    const rows = await section.findAllByRole('listitem');
    expect(rows[0]).toHaveTextContent(/It came back in shop@2 See the event *by the server · 3 hours ago/);
    expect(within(rows[0] ?? document.body).getByRole('link')).toHaveAttribute(
      'href',
      `/issues/7/events/${'e'.repeat(32)}/`,
    );
    expect(rows[1]).toHaveTextContent(/Grace Hopper resolved it *3 hours ago/);
    await waitFor(() => expect(rows[2]).toHaveTextContent('You set the priority to high'));
    expect(rows[3]).toHaveTextContent(/^First seen *3 hours ago/);
  });

  it('shows the newest, and the rest at a press', async () => {
    const all = Array.from({ length: 9 }, (_, index) => note(`word ${index}`, { id: String(index) }));
    const { section, user } = await openActivity(all);
    expect(await section.findByText('word 4')).toBeVisible();
    expect(section.queryByText('word 5')).toBeNull();
    expect(section.getByRole('heading')).toHaveTextContent('9 comments');
    await user.click(section.getByRole('button', { name: 'Show 4 older' }));
    expect(await section.findByText('word 8')).toBeVisible();
  });

  it('asks for what is older at a press, and says when that fails', async () => {
    let isBroken = true;
    const page = (from: number, next: string | null) => ({
      activity: Array.from({ length: 6 }, (_, index) => note(`word ${from + index}`, { id: String(from + index) })),
      next,
    });
    const { section, user } = await openActivity([], {
      [GET]: ({ query }) => {
        if (!query.has('cursor')) return page(0, '9:5');
        expect(query.get('cursor')).toBe('9:5');
        return isBroken ? refuse(500, 'The disk is full.')() : page(6, null);
      },
    });
    await user.click(await section.findByRole('button', { name: 'Show older' }));
    expect(section.getByText('word 5')).toBeVisible();
    expect(section.getByRole('heading')).toHaveTextContent('6+ comments');
    await user.click(section.getByRole('button', { name: 'Show older' }));
    expect(await section.findByRole('alert')).toHaveTextContent(/older could not be loaded: The disk is full/);
    isBroken = false;
    await user.click(section.getByRole('button', { name: 'Try again' }));
    expect(await section.findByText('word 11')).toBeVisible();
    expect(section.queryByRole('button', { name: /older/ })).toBeNull();
    expect(section.getByRole('heading')).toHaveTextContent('12 comments');
  });

  it('says that there is nothing yet, and that it could not be loaded', async () => {
    const { section } = await openActivity([]);
    expect(await section.findByText('Nothing was done or written yet.')).toBeVisible();
  });

  it('says why it could not be loaded, and tries again', async () => {
    let isBroken = true;
    const { section, user } = await openActivity([], {
      [GET]: () => (isBroken ? refuse(500, 'The disk is full.')() : { activity: [note('It is back.')] }),
    });
    expect(await section.findByRole('alert')).toHaveTextContent('could not be loaded: The disk is full.');
    isBroken = false;
    await user.click(section.getByRole('button', { name: 'Try again' }));
    expect(await section.findByText('It is back.')).toBeVisible();
  });
});

describe('a comment', () => {
  it('is Markdown without HTML and images, and its links show where they go', async () => {
    const { section } = await openActivity([
      note(
        '**bold** <img src=x onerror=alert(1)> ![pixel](https://evil.example/p.png) [the docs](https://docs.example/a) ' +
          '[click](javascript:alert(1)) [same](https://xn--e1afmkfd.example/)',
      ),
    ]);
    expect(await section.findByText('bold')).toBeVisible();
    expect(section.getByText(/<img src=x/)).toBeVisible();
    expect(section.queryByRole('img')).toBeNull();
    expect(section.getByText(/image not loaded: pixel, https:\/\/evil\.example\/p\.png/)).toBeVisible();
    const links = section.getAllByRole('link');
    expect(links.map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
      ['https://docs.example/a', 'https://docs.example/a'],
      ['https://xn--e1afmkfd.example/', 'https://xn--e1afmkfd.example/'],
    ]);
    expect(links[0]).toHaveAttribute('rel', expect.stringContaining('noopener'));
    expect(section.getByText('javascript:alert(1)')).toBeVisible();
  });

  it('is added with Ctrl+Enter, and the form closes', async () => {
    const { section, user, sent } = await openActivity([], {
      [`POST ${issuePath}notes/`]: ({ body }) => note(Object(body).text, { id: '12' }),
    });
    await user.click(section.getByRole('button', { name: 'Add a comment' }));
    const field = section.getByRole('textbox', { name: 'Comment' });
    expect(field).toHaveFocus();
    expect(section.getByRole('button', { name: 'Comment' })).toBeDisabled();
    await user.type(field, 'On it.{Control>}{Enter}{/Control}');
    expect(await section.findByText('On it.')).toBeVisible();
    expect(section.getByRole('button', { name: 'Add a comment' })).toHaveFocus();
    expect(sent.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([{ text: 'On it.' }]);
  });

  it('waits as a draft when it is put off, or was refused', async () => {
    const { section, user } = await openActivity([], { [`POST ${issuePath}notes/`]: refuse(403, 'You may not.') });
    await user.click(section.getByRole('button', { name: 'Add a comment' }));
    await user.type(section.getByRole('textbox', { name: 'Comment' }), 'Half a thought');
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(await section.findByRole('alert')).toHaveTextContent('It could not be saved: You may not.');
    await user.keyboard('{Escape}');
    await user.click(section.getByRole('button', { name: 'Go on with your comment' }));
    expect(section.getByRole('textbox', { name: 'Comment' })).toHaveValue('Half a thought');
  });

  it('may not be longer than the server takes, and says by how much', async () => {
    const { section, user } = await openActivity([]);
    await user.click(section.getByRole('button', { name: 'Add a comment' }));
    await user.click(section.getByRole('textbox', { name: 'Comment' }));
    await user.paste('x'.repeat(4100));
    expect(section.getByRole('status')).toHaveTextContent('4 characters too long');
    expect(section.getByRole('button', { name: 'Comment' })).toBeDisabled();
  });

  it('is edited and deleted by who wrote it, after a question', async () => {
    let activity = [note('First thought', { id: '5' }), note('Not mine', { id: '6', user: grace })];
    const { section, user, sent } = await openActivity([], {
      'GET /': () => signedIn('ada', ['event:read', 'event:write']),
      [GET]: () => ({ activity }),
      [`PUT ${issuePath}notes/5/`]: ({ body }) => {
        const changed = note(Object(body).text, {
          id: '5',
          data: { ...Object(body), dateEdited: new Date().toISOString() },
        });
        activity = activity.map((each) => (each.id === '5' ? changed : each));
        return changed;
      },
      [`DELETE ${issuePath}notes/5/`]: () => {
        activity = activity.slice(1);
        return new Response(null, { status: 204 });
      },
    });
    await user.click(await section.findByRole('button', { name: 'Edit' }));
    const field = section.getByRole('textbox', { name: 'Edit the comment' });
    expect(field).toHaveValue('First thought');
    await user.type(field, ', and a second');
    await user.click(section.getByRole('button', { name: 'Save' }));
    expect(await section.findByText('First thought, and a second')).toBeVisible();
    expect(section.getByText(/^edited/)).toHaveTextContent('edited just now');
    expect(section.getByRole('button', { name: 'Edit' })).toHaveFocus();
    await user.click(section.getByRole('button', { name: 'Delete the comment' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Delete your comment?' }));
    expect(sent.some(({ method }) => method === 'DELETE')).toBe(false);
    await user.click(dialog.getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(section.queryByText('First thought, and a second')).toBeNull());
    expect(section.getByText('Not mine')).toBeVisible();
  });

  it('of somebody else is for event:admin alone, and says who edited it', async () => {
    const editedBy = { type: 'user', id: '3', name: 'Joan Clarke' };
    const data = { text: 'Theirs', dateEdited: '2026-11-20T08:00:00.000Z', editedBy };
    const { section, user } = await openActivity([note('', { user: grace, data })]);
    expect(await section.findByText(/^edited by Joan Clarke/)).toBeVisible();
    await user.click(section.getByRole('button', { name: 'Delete the comment' }));
    expect(screen.getByRole('dialog', { name: 'Delete the comment of Grace Hopper?' })).toBeVisible();
  });

  it('cannot be written by who may only read, who is told why', async () => {
    const { section } = await openActivity([note('Read me', { user: { type: 'user', id: 'bob', name: 'bob' } })], {
      'GET /': () => reader,
    });
    await waitFor(() =>
      expect(section.getByRole('button', { name: 'Add a comment' })).toHaveAccessibleDescription(/event:write/),
    );
    expect(section.queryByRole('button', { name: 'Edit' })).toBeNull();
  });
});
