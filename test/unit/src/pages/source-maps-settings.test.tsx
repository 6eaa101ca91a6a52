import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { ArtifactBundle } from '../../../../server/protocol/contract.ts';
import { project } from '../app/fixtures.ts';
import { type Answers, openPage, refuse } from '../app/render-app.tsx';
import { reader } from './people.ts';
import { asAda, nothing } from './settings-fakes.ts';

const bundle = (part: Partial<ArtifactBundle> = {}): ArtifactBundle => ({
  bundleId: '7f6d7a5e-1111-4222-8333-444455556666',
  associations: [{ release: 'shop@1.4.0', dist: 'web' }],
  date: '2026-11-20T10:00:00.000Z',
  fileCount: 2,
  size: 12_345_678,
  ...part,
});
const anyRelease = bundle({
  bundleId: '00000000-1111-4222-8333-444455556666',
  associations: [{ release: null, dist: null }],
});
const file = (index: number, part: object = {}) => ({
  id: String(index),
  filePath: `~/assets/index-${index}.js`,
  fileType: 'minified_source',
  fileSize: 1234,
  debugId: `debug-${index}`,
  sourcemap: `index-${index}.js.map`,
  ...part,
});
const listPath = '/projects/stackmend/checkout/files/artifact-bundles/';
const filesPath = `/projects/stackmend/checkout/artifact-bundles/${bundle().bundleId}/files/`;
const withUploads = (more: Answers = {}): Answers => ({
  ...asAda(),
  [`GET ${listPath}`]: () => [bundle(), anyRelease],
  [`GET ${filesPath}`]: () => ({ ...bundle(), files: [file(1), file(2, { fileType: 'source_map', debugId: null })] }),
  ...more,
});
const next = (cursor: string) => ({
  Link: `<x>; rel="previous"; results="false"; cursor="0:0:1", <x>; rel="next"; results="true"; cursor="${cursor}"`,
});
const uploads = async () => within(await screen.findByRole('list', { name: 'Uploads' }));

describe('the source maps of a project', () => {
  it('tell how to upload where there are none', async () => {
    const { user } = openPage('/settings/source-maps/', withUploads({ [`GET ${listPath}`]: () => [] }));
    expect(await screen.findByText('Checkout has no source maps.')).toBeVisible();
    const code = async (name: RegExp) => (await screen.findByRole('region', { name })).textContent;
    expect(await code(/^1\. Once/)).toMatch(
      /SENTRY_URL=http:\/\/localhost(:\d+)?\nexport SENTRY_ORG=stackmend\nexport SENTRY_PROJECT=checkout\n/,
    );
    expect(await code(/^2\. After the build/)).toBe('sentry-cli sourcemaps inject ./dist');
    expect(await code(/^3\. Upload/)).toBe('sentry-cli sourcemaps upload ./dist');
    await user.click(screen.getByRole('button', { name: 'Vite' }));
    expect(await code(/vite\.config\.js/)).toContain("project: 'checkout'");
    expect(screen.getByRole('link', { name: 'your API tokens' })).toHaveAttribute('href', '/settings/tokens/');
  });

  it('are listed with release, dist, files and size, and say when they are for any release', async () => {
    openPage('/settings/source-maps/', withUploads());
    const [first, second] = (await uploads()).getAllByRole('listitem');
    expect(first).toHaveTextContent(/shop@1\.4\.0dist web7f6d7a5e.*2 files12 MB/);
    expect(second).toHaveTextContent('For any release, by debug id');
  });

  it('are searched by the server once nobody types, and come page after page', async () => {
    const { user, sent } = openPage(
      '/settings/source-maps/',
      withUploads({
        [`GET ${listPath}`]: ({ query }) => {
          if (query.get('query')) return [];
          if (query.get('cursor')) return [bundle({ bundleId: 'older', associations: [{ release: 'old' }] })];
          return Response.json([bundle()], { headers: next('0:100:0') });
        },
      }),
    );
    await uploads();
    await user.click(screen.getByRole('button', { name: 'Show more uploads' }));
    expect(await screen.findByText('old')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Show more uploads' })).toBeNull();
    await user.type(screen.getByRole('searchbox'), 'nothing');
    expect(await screen.findByText('No upload has nothing.')).toBeVisible();
    expect(sent.flatMap(({ query }) => query.get('query') ?? [])).toEqual(['nothing']);
  });

  it('show the files of an upload with their debug ids, page after page', async () => {
    const { user } = openPage(
      '/settings/source-maps/',
      withUploads({
        [`GET ${filesPath}`]: ({ query }) =>
          query.get('cursor')
            ? { ...bundle(), files: [file(3, { fileType: 'source_map', debugId: null })] }
            : Response.json({ ...bundle(), files: [file(1)] }, { headers: next('0:100:0') }),
      }),
    );
    const fold = await screen.findByRole('button', { name: 'Files of the upload for shop@1.4.0' });
    await user.click(fold);
    const files = within(await screen.findByRole('list', { name: 'Files of the upload for shop@1.4.0' }));
    expect(files.getByRole('listitem')).toHaveTextContent(
      '~/assets/index-1.jsbuilt file, 1.2 kB, map index-1.js.mapdebug-1',
    );
    await user.click(screen.getByRole('button', { name: 'Show more files' }));
    expect(await files.findByText('no debug id')).toBeVisible();
    await user.click(fold);
    expect(screen.queryByRole('list', { name: /^Files of/ })).toBeNull();
  });

  it('are deleted after a question: one upload, or all of its release', async () => {
    let left = [bundle(), anyRelease];
    const remove = (kept: ArtifactBundle[]) => () => {
      left = kept;
      return nothing();
    };
    const { user, sent } = openPage(
      '/settings/source-maps/',
      withUploads({
        [`GET ${listPath}`]: () => left,
        [`DELETE ${listPath}`]: ({ query }) => remove(query.has('release') ? [] : [bundle()])(),
      }),
    );
    await user.click(await screen.findByRole('button', { name: 'Delete the upload 00000000' }));
    const first = within(await screen.findByRole('dialog', { name: 'Delete the upload 00000000?' }));
    expect(first.queryByRole('radio')).toBeNull();
    await user.click(first.getByRole('button', { name: 'Delete' }));
    await waitFor(async () => expect((await uploads()).getAllByRole('listitem')).toHaveLength(1));

    await user.click(screen.getByRole('button', { name: 'Delete the upload for shop@1.4.0' }));
    const second = within(await screen.findByRole('dialog'));
    expect(second.getByRole('radio', { name: 'This upload of 2 files' })).toBeChecked();
    await user.click(second.getByRole('radio', { name: 'Every upload for the release shop@1.4.0' }));
    await user.click(second.getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('All uploads for shop@1.4.0 are deleted')).toBeVisible();
    expect(await screen.findByText('Checkout has no source maps.')).toBeVisible();
    const deleted = sent.filter(({ method }) => method === 'DELETE').map(({ query }) => query.toString());
    expect(deleted).toEqual([`bundleId=${anyRelease.bundleId}`, 'release=shop%401.4.0']);
  });

  it('stay when deleting is refused, and say why', async () => {
    const { user } = openPage(
      '/settings/source-maps/',
      withUploads({ [`DELETE ${listPath}`]: refuse(409, 'It is being uploaded.') }),
    );
    await user.click(await screen.findByRole('button', { name: 'Delete the upload 00000000' }));
    const dialog = within(await screen.findByRole('dialog'));
    await user.click(dialog.getByRole('button', { name: 'Delete' }));
    expect(await dialog.findByRole('alert')).toHaveTextContent('It is being uploaded.');
  });

  it('are not deleted by who may only look', async () => {
    const { user } = openPage('/settings/source-maps/', withUploads({ 'GET /': () => reader }));
    const button = await screen.findByRole('button', { name: 'Delete the upload for shop@1.4.0' });
    await waitFor(() => expect(button).toHaveAttribute('aria-disabled', 'true'));
    expect(button).toHaveAccessibleDescription(/project:releases/);
    await user.click(button);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('are of the project that the address names', async () => {
    const { user, router } = openPage(
      '/settings/source-maps/?project=web',
      withUploads({
        'GET /organizations/stackmend/projects/': () => [project(), project({ id: '3', slug: 'web', name: 'Web' })],
        'GET /projects/stackmend/web/files/artifact-bundles/': () => [],
      }),
    );
    expect(await screen.findByText('Web has no source maps.')).toBeVisible();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Project' }), 'Checkout');
    await uploads();
    expect(router.state.location.search).toBe('?project=checkout');
    await router.navigate('/settings/source-maps/?project=gone');
    expect(await screen.findByText('There is no project gone.')).toBeVisible();
  });

  it('say so when they could not be loaded, and when one may not see them', async () => {
    let isBroken = true;
    const { user } = openPage(
      '/settings/source-maps/',
      withUploads({ [`GET ${listPath}`]: () => (isBroken ? refuse(500, 'The disk is full.')() : [bundle()]) }),
    );
    expect(await screen.findByRole('alert')).toHaveTextContent('The uploads could not be loaded.The disk is full.');
    isBroken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await uploads();
  });

  it('are hidden from who may not see projects', async () => {
    openPage('/settings/source-maps/', withUploads(asAda(['event:read'])));
    expect(await screen.findByRole('heading', { name: /You may not see the source maps/ })).toBeVisible();
  });
});

it('is led to from the setup of a browser, and from no other', async () => {
  const { user } = openPage('/setup/checkout/');
  await user.click(await screen.findByRole('button', { name: 'Browser' }));
  const link = await screen.findByRole('link', { name: 'upload its source maps' });
  expect(link).toHaveAttribute('href', '/settings/source-maps/?project=checkout');
  await user.click(screen.getByRole('button', { name: 'Go' }));
  expect(screen.queryByRole('link', { name: 'upload its source maps' })).toBeNull();
});
