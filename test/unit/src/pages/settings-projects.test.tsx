import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Project, ProjectKey } from '../../../../server/protocol/contract.ts';
import { slugOf } from '../../../../src/pages/settings/project-fields.tsx';
import { type Answers, openPage, refuse } from '../app/render-app.tsx';
import { asAda } from './settings-fakes.ts';

const shop: Project = { id: '2', slug: 'shop', name: 'Shop', platform: 'python', isInternal: false };
const own: Project = { id: '1', slug: 'internal', name: 'Internal', platform: 'node', isInternal: true };
const keyOf = (id: string, name: string, isActive = true): ProjectKey => ({
  id,
  name,
  public: id,
  projectId: 2,
  isActive,
  dsn: { public: `http://${id}@localhost/2` },
  dateCreated: '2026-11-01T10:00:00Z',
});

/** A server with two projects, which it changes as it is told. */
function server(more: Answers = {}): Answers {
  let projects = [own, shop];
  let keys = [keyOf('aaa', 'Default')];
  return {
    ...asAda(),
    'GET /organizations/stackmend/projects/': () => projects,
    'POST /organizations/stackmend/projects/': ({ body }) => {
      const made = { ...shop, id: '3', ...(body as object) };
      projects = [...projects, made];
      return Response.json(made, { status: 201 });
    },
    'PUT /projects/stackmend/shop/': ({ body }) => {
      const changed = { ...shop, ...(body as object) };
      projects = [own, changed];
      return changed;
    },
    'GET /projects/stackmend/shop/keys/': () => keys,
    'GET /projects/stackmend/internal/keys/': () => [],
    'GET /projects/stackmend/till/keys/': () => keys,
    'GET /projects/stackmend/my-cart/keys/': () => [keyOf('ccc', 'Default')],
    'POST /projects/stackmend/shop/keys/': ({ body }) => {
      const made = keyOf('bbb', (body as { name: string }).name);
      keys = [...keys, made];
      return Response.json(made, { status: 201 });
    },
    'PUT /projects/stackmend/shop/keys/aaa/': ({ body }) => {
      keys = keys.map((key) => (key.id === 'aaa' ? { ...key, ...(body as object) } : key));
      return keys[0];
    },
    ...more,
  };
}

describe('the settings of a project', () => {
  it('make one, whose slug follows its name until it is typed', async () => {
    const { user, sent, router } = openPage('/settings/projects/', server());
    await user.click(await screen.findByRole('button', { name: 'New project…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'New project' }));
    await user.click(dialog.getByRole('button', { name: 'Make the project' }));
    expect(await dialog.findByRole('alert')).toHaveTextContent('Name the project.');
    await user.type(dialog.getByLabelText('Name'), 'My Cart!');
    expect(dialog.getByLabelText('Slug')).toHaveValue('my-cart');
    await user.click(dialog.getByRole('button', { name: 'Make the project' }));
    await waitFor(() => expect(router.state.location.search).toBe('?project=my-cart'));
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({
      name: 'My Cart!',
      slug: 'my-cart',
      platform: null,
    });
    expect(await screen.findByText('http://ccc@localhost/2')).toBeVisible();
  });

  it('say what another slug does, and at the field that it is taken', async () => {
    let isTaken = true;
    const answers = server();
    const change = answers['PUT /projects/stackmend/shop/'];
    const { user, router } = openPage('/settings/projects/?project=shop', {
      ...answers,
      'PUT /projects/stackmend/shop/': (sent) =>
        isTaken ? refuse(409, 'A project with the slug "till" exists already. Choose another slug.')() : change?.(sent),
    });
    const slug = await screen.findByLabelText('Slug');
    await user.clear(slug);
    await user.type(slug, 'till');
    expect(slug).toHaveAccessibleDescription(/new short ids.*SDKs go on sending/s);
    await user.click(screen.getByRole('button', { name: 'Save the project' }));
    await waitFor(() => expect(slug).toHaveAccessibleDescription(/"till" exists already/));
    expect(slug).toHaveFocus();
    isTaken = false;
    await user.click(screen.getByRole('button', { name: 'Save the project' }));
    await waitFor(() => expect(router.state.location.search).toBe('?project=till'));
    await waitFor(() => expect(screen.getByLabelText('Slug')).toHaveValue('till'));
  });

  it('keep the slug of the internal project', async () => {
    openPage('/settings/projects/?project=internal', server());
    expect(await screen.findByLabelText('Slug')).toHaveAttribute('readonly');
    expect(await screen.findByText(/No key is on/)).toBeVisible();
  });

  it('make a key, disable one after a question, and enable it', async () => {
    const { user, sent } = openPage('/settings/projects/?project=shop', server());
    const keys = within(await screen.findByRole('list', { name: 'Keys' }));
    await user.click(screen.getByRole('button', { name: 'Make a key' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Name the key');
    await user.type(screen.getByLabelText('New key'), 'Staging');
    await user.click(screen.getByRole('button', { name: 'Make a key' }));
    expect(await keys.findByText('http://bbb@localhost/2')).toBeVisible();
    expect(screen.getByLabelText('New key')).toHaveValue('');
    await user.click(keys.getByRole('button', { name: 'Disable Default' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Disable Default?' }));
    expect(dialog.queryByText(/only key/)).toBeNull();
    await user.click(dialog.getByRole('button', { name: 'Disable' }));
    await user.click(await keys.findByRole('button', { name: 'Enable Default' }));
    expect(await keys.findByRole('button', { name: 'Disable Default' })).toBeVisible();
    expect(sent.flatMap(({ method, body }) => (method === 'PUT' ? [body] : []))).toEqual([
      { isActive: false },
      { isActive: true },
    ]);
  });

  it('warn before the only key is disabled, and tell why that was refused', async () => {
    const { user } = openPage('/settings/projects/?project=shop', {
      ...server(),
      'PUT /projects/stackmend/shop/keys/aaa/': refuse(500, 'The disk is full.'),
    });
    await user.click(await screen.findByRole('button', { name: 'Disable Default' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Disable Default?' }));
    expect(dialog.getByText(/the only key that is on/)).toBeVisible();
    await user.click(dialog.getByRole('button', { name: 'Disable' }));
    expect(await dialog.findByRole('alert')).toHaveTextContent('The disk is full.');
  });

  it('tell who may not what is missing', async () => {
    openPage('/settings/projects/?project=shop', { ...server(), ...asAda(['project:read', 'event:read']) });
    await screen.findByRole('list', { name: 'Keys' });
    for (const name of ['New project…', 'Save the project', 'Disable Default', 'Make a key']) {
      const button = screen.getByRole('button', { name });
      expect(button).toHaveAttribute('aria-disabled', 'true');
      expect(button).toHaveAccessibleDescription(/project:(?:admin|write)/);
    }
  });
});

it.each([
  ['My Shop!', 'my-shop'],
  ['  --Ärger 2 ', 'rger-2'],
  ['!!!', ''],
])('makes of the name %j the slug %j', (name, slug) => expect(slugOf(name)).toBe(slug));
