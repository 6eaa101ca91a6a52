import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, test } from 'vitest';
import { expand, NEW_USER_PERMISSIONS } from '../../../../server/auth/permissions.ts';
import { type ApiToken, PERMISSIONS } from '../../../../server/protocol/contract.ts';
import {
  expandPermissions,
  newMemberPermissions,
  permissionGroups,
} from '../../../../src/pages/settings/permission-words.ts';
import { usageOf } from '../../../../src/pages/settings/token-usage.ts';
import { openPage, refuse } from '../app/render-app.tsx';
import { asAda, nothing } from './settings-fakes.ts';

const ci: ApiToken = {
  id: '5',
  name: 'CI',
  scopes: ['project:read', 'project:releases'],
  tokenLastCharacters: 'x7Qa',
  dateCreated: '2026-11-01T10:00:00Z',
  dateLastUsed: null,
};

describe('the tokens', () => {
  it('are made for a CI and shown once, with lines that use it', async () => {
    let tokens: ApiToken[] = [];
    const { user, sent } = openPage('/settings/tokens/', {
      ...asAda(),
      'GET /api-tokens/': () => tokens,
      'POST /api-tokens/': () => {
        tokens = [ci];
        return Response.json({ ...ci, token: 'stmk_secret' }, { status: 201 });
      },
    });
    expect(await screen.findByText('You have no API tokens.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Create a token…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Create an API token' }));
    await user.click(dialog.getByRole('button', { name: 'Create the token' }));
    expect(await dialog.findByRole('alert')).toHaveTextContent('Name the token');
    await user.type(dialog.getByLabelText('Name'), 'CI');
    await user.click(dialog.getByRole('button', { name: 'Read only' }));
    await user.click(dialog.getByRole('button', { name: 'CI: upload source maps and coverage' }));
    await user.click(dialog.getByRole('button', { name: 'Create the token' }));
    const secret = within(await screen.findByRole('region', { name: 'Token CI' }));
    expect(secret.getByText('stmk_secret')).toBeVisible();
    expect(secret.getByText(/^stackmend coverage upload .*--token stmk_secret$/)).toBeVisible();
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({
      name: 'CI',
      scopes: ['project:releases', 'project:read', 'org:read'],
    });
    const list = within(await screen.findByRole('list', { name: 'API tokens' }));
    expect(list.getByText('stmk_…x7Qa')).toBeVisible();
    expect(list.getByText('never')).toBeVisible();
  });

  it('mark a scope that the user lacks, when one chooses it and afterwards', async () => {
    const { user } = openPage('/settings/tokens/', { ...asAda(['project:read']), 'GET /api-tokens/': () => [ci] });
    expect(await screen.findByText('project:releases has no effect until you have it.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Create a token…' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByRole('checkbox', { name: /Upload from CI.*no effect until you have it/ })).toBeChecked();
    expect(dialog.getByRole('checkbox', { name: /See projects/ })).not.toHaveAccessibleName(/no effect/);
  });

  it('are revoked after a question', async () => {
    let tokens = [ci];
    const { user, sent } = openPage('/settings/tokens/', {
      ...asAda(),
      'GET /api-tokens/': () => tokens,
      'DELETE /api-tokens/5/': () => {
        tokens = [];
        return nothing();
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Revoke CI' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Revoke CI?' }));
    expect(dialog.getByText('x7Qa')).toBeVisible();
    await user.click(dialog.getByRole('button', { name: 'Revoke' }));
    expect(await screen.findByText('CI is revoked')).toBeVisible();
    await waitFor(() => expect(screen.queryByRole('list', { name: 'API tokens' })).toBeNull());
    expect(sent.some(({ method }) => method === 'DELETE')).toBe(true);
  });

  it('say why one could not be made', async () => {
    const { user } = openPage('/settings/tokens/', {
      ...asAda(),
      'POST /api-tokens/': refuse(429, 'Too many tokens.'),
    });
    await user.click(await screen.findByRole('button', { name: 'Create a token…' }));
    const dialog = within(await screen.findByRole('dialog'));
    await user.type(dialog.getByLabelText('Name'), 'CI');
    await user.click(dialog.getByRole('button', { name: 'Create the token' }));
    expect(await dialog.findByRole('alert')).toHaveTextContent('Too many tokens.');
  });
});

test.each(PERMISSIONS.map((permission) => [permission]))(
  '%s includes on the page what it includes on the server',
  (permission) => {
    expect(new Set(expandPermissions([permission]))).toEqual(expand([permission]));
  },
);

test('every permission has its words, and a new user gets the same on both sides', () => {
  const described = permissionGroups.flatMap(({ permissions }) => permissions.map(({ id }) => id));
  expect(described.toSorted()).toEqual(PERMISSIONS.toSorted());
  expect(newMemberPermissions).toEqual(NEW_USER_PERMISSIONS);
});

test.each([
  [['event:write'], ['Import an event', 'Try it'], '/issues/'],
  [['project:releases', 'project:read'], ['Upload coverage', 'Try it'], '/projects/'],
  [['ai:suggest'], ['Try it'], '/api/0/'],
])('a token with %j is tried with what it may do', (scopes, titles, path) => {
  const usage = usageOf(scopes, 'stmk_x', 'http://127.0.0.1:8765');
  expect(usage.map(({ title }) => title)).toEqual(titles);
  expect(usage.at(-1)?.code).toMatch(
    new RegExp(`'Authorization: Bearer stmk_x' http://127\\.0\\.0\\.1:8765\\S*${path}$`),
  );
});
