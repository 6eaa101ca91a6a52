import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, test } from 'vitest';
import { curlOf, snippets } from '../../../../src/pages/setup/snippets.ts';
import { event, issue, project, projectKey } from '../app/fixtures.ts';
import { openPage, refuse } from '../app/render-app.tsx';

const dsn = projectKey.dsn.public;
const part = async (name: string) => within(await screen.findByRole('region', { name }));

describe('the setup page', () => {
  it('gives the DSN, alone and in the snippet of the SDK that was chosen', async () => {
    const { user } = openPage('/setup/checkout/');
    const sdk = await part('With an SDK');
    expect(screen.getByRole('button', { name: 'Copy the DSN' })).toBeVisible();
    expect(sdk.getByRole('button', { name: 'Python' })).toHaveAttribute('aria-pressed', 'true');
    await user.click(sdk.getByRole('button', { name: 'Go' }));
    expect(sdk.getByRole('region', { name: 'main.go' })).toHaveTextContent(dsn);
    expect(sdk.getByRole('region', { name: 'Install' })).toHaveTextContent('go get github.com/getsentry/sentry-go');
  });

  it('turns the waiting into the issue when the first event comes', async () => {
    let issues: unknown[] = [];
    openPage('/setup/checkout/', {
      'GET /organizations/stackmend/projects/': () => [project({ firstEvent: null })],
      'GET /organizations/stackmend/issues/': () => issues,
    });
    expect(await screen.findByText('Waiting for the first event…')).toBeVisible();
    issues = [issue()];
    expect(await screen.findByRole('link', { name: 'Open the issue' }, { timeout: 5000 })).toHaveAttribute(
      'href',
      '/issues/7/',
    );
  });

  it('is not fooled by an issue that was there before', async () => {
    const known = issue();
    openPage('/setup/checkout/', { 'GET /organizations/stackmend/issues/': () => [known] });
    expect(await screen.findByText('Listening for the next event…')).toBeVisible();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(screen.queryByRole('link', { name: 'Open the issue' })).toBeNull();
  });

  it('lists what was refused, and why', async () => {
    openPage('/setup/checkout/', {
      'GET /projects/stackmend/checkout/ingest/': () => ({
        refused: [
          {
            dateReceived: new Date().toISOString(),
            method: 'POST',
            path: '/api/2/envelope/',
            status: 401,
            detail: 'The key belongs to no project.',
            client: 'sentry.python/2.50.0',
          },
        ],
        counts: [],
      }),
    });
    const refused = await part('Refused requests');
    expect(await refused.findByText('The key belongs to no project.')).toBeVisible();
    expect(refused.getByText('401')).toBeVisible();
    expect(refused.getByText('sentry.python/2.50.0')).toBeVisible();
  });

  it('says that there is no such project', async () => {
    openPage('/setup/nothing/');
    expect(await screen.findByText('There is no project nothing.')).toBeVisible();
  });

  it('says why the samples could not be loaded', async () => {
    const { user } = openPage('/setup/checkout/', {
      'POST /projects/stackmend/checkout/create-sample/': refuse(503, 'The spool is full.'),
    });
    await user.click(await screen.findByRole('button', { name: 'Load sample events' }));
    expect(await screen.findByText(/The spool is full/)).toBeVisible();
  });
});

describe('importing an event', () => {
  const imported = event().eventID;
  const path = `GET /projects/stackmend/checkout/events/${imported}/`;

  it('opens the event as soon as it can be read', async () => {
    let asked = 0;
    const { user, sent, router } = openPage('/setup/checkout/', {
      'POST /projects/stackmend/checkout/events/': () => ({ eventIDs: [imported] }),
      [path]: () => (++asked < 2 ? refuse(404, 'Not yet.')() : event()),
      [`GET /organizations/stackmend/issues/7/events/${imported}/`]: () => event(),
    });
    await user.click(await screen.findByRole('button', { name: 'Import an event as JSON…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Import an event' }));
    expect(dialog.getByRole('button', { name: 'Import' })).toBeDisabled();
    await user.click(dialog.getByRole('textbox'));
    await user.paste('{"message": "hello"}');
    await user.click(dialog.getByRole('button', { name: 'Import' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(`/issues/7/events/${imported}/`));
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({ message: 'hello' });
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says why an event was refused, and keeps the text', async () => {
    const { user } = openPage('/setup/checkout/', {
      'POST /projects/stackmend/checkout/events/': refuse(400, 'This is neither JSON nor an envelope.'),
    });
    await user.click(await screen.findByRole('button', { name: 'Import an event as JSON…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Import an event' }));
    await user.click(dialog.getByRole('textbox'));
    await user.paste('nonsense');
    await user.click(dialog.getByRole('button', { name: 'Import' }));
    expect(await dialog.findByRole('alert')).toHaveTextContent('This is neither JSON nor an envelope.');
    expect(dialog.getByRole('textbox')).toHaveValue('nonsense');
  });

  it('takes a file that is dropped anywhere on the page', async () => {
    const { sent, router } = openPage('/issues/', {
      'POST /projects/stackmend/checkout/events/': () => ({ eventIDs: [imported] }),
      [path]: () => event(),
      [`GET /organizations/stackmend/issues/7/events/${imported}/`]: () => event(),
    });
    await screen.findByText('CHECKOUT-7');
    const file = new File(['{"message":"dropped"}'], 'event.json');
    const drop = new window.Event('drop', { bubbles: true, cancelable: true });
    Object.defineProperty(drop, 'dataTransfer', { value: { types: ['Files'], files: [file] } });
    document.body.dispatchEvent(drop);
    await waitFor(() => expect(router.state.location.pathname).toBe(`/issues/7/events/${imported}/`));
    expect(sent.find(({ method }) => method === 'POST')?.body).toBe(file);
  });
});

test.each(snippets.map((snippet) => [snippet.label, snippet] as const))(
  'the snippet for %s holds the DSN once',
  (_, snippet) => {
    expect(snippet.code(dsn).split(dsn)).toHaveLength(2);
  },
);

test('the curl line knows a DSN with a path prefix', () => {
  expect(curlOf('https://key@errors.example/inside/2')).toContain(
    "'https://errors.example/inside/api/2/envelope/?sentry_version=7&sentry_key=key'",
  );
});
