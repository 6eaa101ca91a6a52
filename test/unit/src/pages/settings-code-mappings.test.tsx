import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { CodeMapping } from '../../../../server/protocol/contract.ts';
import { project } from '../app/fixtures.ts';
import { openPage, refuse } from '../app/render-app.tsx';
import { asAda, nothing } from './settings-fakes.ts';

const path = '/organizations/stackmend/code-mappings/';
const mapping: CodeMapping = {
  id: '4',
  projectId: '2',
  projectSlug: 'checkout',
  stackRoot: '/srv/app/',
  sourceRoot: 'src',
  defaultBranch: 'main',
  repoName: 'acme/shop',
  provider: { key: 'github', name: 'GitHub' },
  repositoryPath: '/srv/checkouts/shop',
  repositoryUrl: 'https://github.com/acme/shop',
  problem: null,
};
const elsewhere =
  '/srv/shop is not below one of the folders in the setting `source.roots`. Whoever runs this server can add it there.';
const roots = (...folders: string[]) => ({ 'GET /organizations/stackmend/source-roots/': () => ({ roots: folders }) });

describe('code mappings', () => {
  it('are added by the path of a frame, which finds both roots', async () => {
    let mappings: CodeMapping[] = [];
    const { user, sent } = openPage('/settings/code-mappings/', {
      ...asAda(),
      [`GET ${path}`]: () => mappings,
      'POST /projects/stackmend/checkout/repo-path-parsing/': () => ({
        stackRoot: '/srv/app/',
        sourceRoot: 'src/',
        path: 'src/billing/charge.py',
        candidates: ['src/billing/charge.py', 'examples/billing/charge.py'],
      }),
      [`POST ${path}`]: () => {
        mappings = [mapping];
        return Response.json(mapping, { status: 201 });
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Add a code mapping…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Add a code mapping to Checkout' }));
    expect(dialog.getByRole('button', { name: 'Find the roots' })).toHaveAccessibleDescription(
      'Name the checkout first.',
    );
    await user.click(dialog.getByRole('button', { name: 'Add the mapping' }));
    expect(dialog.getByText('Name the folder of the checkout on the server.')).toBeVisible();
    await user.type(dialog.getByLabelText('Checkout on the server'), '/srv/checkouts/shop');
    await user.type(dialog.getByLabelText('Path of a frame'), '/srv/app/billing/charge.py');
    await user.click(dialog.getByRole('button', { name: 'Find the roots' }));
    expect(await dialog.findByText('src/billing/charge.py')).toBeVisible();
    expect(dialog.getByText(/1 other file ends alike/)).toBeVisible();
    expect(dialog.getByLabelText('Paths of frames begin with')).toHaveValue('/srv/app/');
    expect(dialog.getByLabelText('That is this folder of the repository')).toHaveValue('src/');
    await user.click(dialog.getByRole('button', { name: 'Add the mapping' }));
    const list = within(await screen.findByRole('list', { name: 'Code mappings' }));
    expect(list.getByText('/srv/app/')).toBeVisible();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(list.getByRole('link', { name: 'acme/shop' })).toHaveAttribute('rel', 'noopener noreferrer');
    expect(sent.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
      { stackPath: '/srv/app/billing/charge.py', repositoryPath: '/srv/checkouts/shop' },
      {
        projectId: '2',
        stackRoot: '/srv/app/',
        sourceRoot: 'src/',
        repositoryPath: '/srv/checkouts/shop',
        repositoryUrl: null,
        provider: null,
        defaultBranch: null,
      },
    ]);
  });

  it('are begun with the frame that somebody came from, whose address goes with the dialog', async () => {
    const query = new URLSearchParams({ project: 'checkout', path: '/app/pay.py', stackRoot: '/app/' });
    const { user, router } = openPage(`/settings/code-mappings/?${query}`, { ...asAda(), [`GET ${path}`]: () => [] });
    const dialog = within(await screen.findByRole('dialog', { name: 'Add a code mapping to Checkout' }));
    expect(dialog.getByLabelText('Path of a frame')).toHaveValue('/app/pay.py');
    expect(dialog.getByLabelText('Paths of frames begin with')).toHaveValue('/app/');
    await user.click(dialog.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(router.state.location.search).toBe('?project=checkout');
  });

  it('say at the field what the server refuses, and what whoever runs it has to set', async () => {
    const { user } = openPage('/settings/code-mappings/', {
      ...asAda(),
      ...roots('/srv/checkouts', '/home/ci'),
      [`GET ${path}`]: () => [],
      [`POST ${path}`]: refuse(400, elsewhere),
    });
    await user.click(await screen.findByRole('button', { name: 'Add a code mapping…' }));
    const dialog = within(await screen.findByRole('dialog'));
    const field = dialog.getByLabelText('Checkout on the server');
    expect(field).toHaveAccessibleDescription(/below \/srv\/checkouts or \/home\/ci\.$/);
    await user.type(field, '/srv/shop');
    await user.click(dialog.getByRole('button', { name: 'Add the mapping' }));
    await waitFor(() => expect(field).toHaveAccessibleDescription(elsewhere));
    expect(field).toHaveFocus();
    expect(dialog.getByText('config.yml')).toBeVisible();
  });

  it('say before anything else that whoever runs the server has to name a folder, and how', async () => {
    const { user } = openPage('/settings/code-mappings/', { ...asAda(), ...roots(), [`GET ${path}`]: () => [] });
    const missing = await screen.findByRole('region', { name: 'No checkout can be read yet' });
    expect(missing).toHaveTextContent('Whoever runs this server first names the folder');
    expect(within(missing).getByText('config.yml')).toBeVisible();
    expect(within(missing).getByRole('button', { name: /^Copy: Or in its environment/ })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Add a code mapping…' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByRole('region', { name: 'No checkout can be read yet' })).toBeVisible();
  });

  it('list the folders that may be read, and miss none', async () => {
    openPage('/settings/code-mappings/', {
      ...asAda(),
      ...roots('/srv/checkouts', '/home/ci'),
      [`GET ${path}`]: () => [],
    });
    expect(await screen.findByText('/home/ci')).toBeInTheDocument();
    expect(screen.queryByRole('region', { name: 'No checkout can be read yet' })).toBeNull();
  });

  it('show why their checkout cannot be read, and are changed', async () => {
    const { user, sent } = openPage('/settings/code-mappings/', {
      ...asAda(),
      ...roots('/srv/checkouts'),
      [`GET ${path}`]: () => [{ ...mapping, problem: elsewhere }],
      [`PUT ${path}4/`]: () => mapping,
    });
    expect((await screen.findByRole('list', { name: 'Code mappings' })).textContent).toContain(
      elsewhere.replaceAll('`', ''),
    );
    expect(screen.getByText('config.yml')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Change the mapping of /srv/app/' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Change the code mapping' }));
    await user.clear(dialog.getByLabelText('That is this folder of the repository'));
    await user.click(dialog.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(sent.find(({ method }) => method === 'PUT')?.body).toMatchObject({
      sourceRoot: '',
      repositoryUrl: 'https://github.com/acme/shop',
      provider: 'github',
      defaultBranch: 'main',
    });
  });

  it('are deleted after a question', async () => {
    let mappings = [mapping];
    const { user } = openPage('/settings/code-mappings/', {
      ...asAda(),
      [`GET ${path}`]: () => mappings,
      [`DELETE ${path}4/`]: () => {
        mappings = [];
        return nothing();
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Delete the mapping of /srv/app/' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Delete the code mapping?' }));
    expect(dialog.getByText('/srv/app/')).toBeVisible();
    await user.click(dialog.getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('Checkout has no code mapping.')).toBeVisible();
  });

  it('can be looked at without the permission to change them, which the controls say', async () => {
    const { user } = openPage('/settings/code-mappings/?path=/app/a.py', {
      ...asAda(['project:read']),
      [`GET ${path}`]: () => [mapping],
    });
    const add = await screen.findByRole('button', { name: 'Add a code mapping…' });
    expect(add).toHaveAttribute('aria-disabled', 'true');
    expect(add).toHaveAccessibleDescription(/project:write/);
    await user.click(add);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.getByRole('button', { name: /^Delete the mapping/ })).toHaveAccessibleDescription(/project:write/);
  });

  it('say what could not be loaded, of a project that is none, and to whom they are not shown', async () => {
    const first = openPage('/settings/code-mappings/', { ...asAda(), [`GET ${path}`]: refuse(500, 'It broke.') });
    expect(await screen.findByText('It broke.')).toBeVisible();
    await first.router.navigate('/settings/code-mappings/?project=nope');
    expect(await screen.findByText('There is no project nope.')).toBeVisible();
  });

  it('are not for who may not see projects', async () => {
    openPage('/settings/code-mappings/', asAda(['event:read']));
    expect(await screen.findByRole('heading', { name: 'You may not see this: Code mappings.' })).toBeVisible();
  });

  it('are of one project, which can be chosen', async () => {
    const { user, sent } = openPage('/settings/code-mappings/', {
      ...asAda(),
      'GET /organizations/stackmend/projects/': () => [project(), project({ id: '3', slug: 'till', name: 'Till' })],
      [`GET ${path}`]: ({ query }) => (query.get('project') === 'till' ? [mapping] : []),
    });
    await user.selectOptions(await screen.findByRole('combobox', { name: 'Project' }), 'Till');
    expect(await screen.findByRole('list', { name: 'Code mappings' })).toBeVisible();
    expect(sent.filter((each) => each.path === path).map(({ query }) => query.get('project'))).toEqual([
      'checkout',
      'till',
    ]);
  });
});
