import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Attachment, Event } from '../../../../server/protocol/contract.ts';
import { event } from '../app/fixtures.ts';
import { type Answers, openPage, refuse } from '../app/render-app.tsx';

const recommended = 'GET /organizations/stackmend/issues/7/events/recommended/';
const eventPath = `GET /projects/stackmend/checkout/events/${event().eventID}/`;
/** A section of the event, once the code of what is in it has come. */
async function section(name: string) {
  const found = within(await screen.findByRole('region', { name }));
  await waitFor(() => expect(found.queryByRole('status', { name: /^Loading/ })).toBeNull());
  return found;
}
const open = (change: Partial<Event>, answers: Answers = {}) =>
  openPage('/issues/7/', { [recommended]: () => event(change), ...answers });

const crumb = (index: number, more: object = {}) => ({
  timestamp: new Date(Date.parse('2026-11-22T12:00:00Z') - 1000 * (10 - index)).toISOString(),
  type: index % 2 ? 'http' : 'ui',
  category: index % 2 ? 'fetch' : 'ui.click',
  level: index === 3 ? 'error' : 'info',
  message: `step ${index}`,
  ...more,
});
const crumbs = (values: unknown[]) => ({ entries: [{ type: 'breadcrumbs', data: { values } }] });

describe('highlights', () => {
  it('narrow this issue’s events to those that share one', async () => {
    const { user, router } = open({ release: { version: 'shop@1.4.0 beta', shortVersion: '1.4.0 beta' } });
    const facts = await section('Highlights');
    await user.click(facts.getByRole('link', { name: '1.4.0 beta' }));
    expect(new URLSearchParams(router.state.location.search).get('query')).toBe('release:"shop@1.4.0 beta"');
    await user.click((await section('Highlights')).getByRole('link', { name: 'production' }));
    expect(new URLSearchParams(router.state.location.search).get('environment')).toBe('production');
  });

  it('fold, and stay folded', async () => {
    const { user } = open({});
    const facts = await section('Highlights');
    await user.click(facts.getByRole('button', { name: 'Highlights' }));
    expect(facts.queryByText('production')).toBeNull();
    expect(localStorage.getItem('stackmend-section-highlights')).toBe('0');
  });
});

describe('breadcrumbs', () => {
  it('are filtered by type, level and words, and brought back', async () => {
    const { user } = open(crumbs(Array.from({ length: 8 }, (_, index) => crumb(index))));
    const found = await section('Breadcrumbs');
    const shown = () => found.getAllByRole('listitem').map((row) => /step \d/.exec(row.textContent)?.[0]);
    await user.selectOptions(found.getByRole('combobox', { name: 'Type of breadcrumb' }), 'http (4)');
    expect(shown()).toEqual(['step 7', 'step 5', 'step 3', 'step 1']);
    await user.selectOptions(found.getByRole('combobox', { name: 'Level of breadcrumb' }), 'error (1)');
    expect(shown()).toEqual(['step 3']);
    expect(found.getByRole('status')).toHaveTextContent('1 of 8');
    await user.type(found.getByRole('searchbox'), 'step 4');
    expect(found.getByText('No breadcrumb matches.')).toBeVisible();
    await user.click(found.getByRole('button', { name: 'Show all' }));
    expect(shown()).toHaveLength(8);
  });

  it('tell how long before the event, or the time of the day', async () => {
    const { user } = open(crumbs([crumb(8)]));
    const found = await section('Breadcrumbs');
    expect(found.getByText('-2.00s')).toBeVisible();
    await user.click(found.getByRole('button', { name: 'Before the event' }));
    expect(found.getByText(/^\d\d:\d\d:58\.000$/)).toBeVisible();
  });

  it('are shown though one of them is none, which is shown as it was sent', async () => {
    open(crumbs([crumb(1), 'not a breadcrumb', crumb(2)]));
    const found = await section('Breadcrumbs');
    expect(found.getAllByRole('listitem')).toHaveLength(3);
    expect(found.getByText(/This breadcrumb is not of the form/)).toBeVisible();
    expect(found.getByText('"not a breadcrumb"')).toBeVisible();
  });
});

describe('the request', () => {
  const request = (data: object) => ({ entries: [{ type: 'request', data }] });

  it('has its query as a list, its headers sorted and its JSON in lines', async () => {
    open(
      request({
        url: 'https://shop.example/',
        query: 'b=2&a=%26',
        headers: [
          ['b-low', '1'],
          ['A-Up', '2'],
          ['a-low', '3'],
        ],
        data: '{"digits":18446744073709551615}',
        inferredContentType: 'application/json',
      }),
    );
    const found = await section('HTTP request');
    // The view of a request is code of its own.
    await found.findByLabelText('Query');
    const names = (label: string) =>
      [...found.getByLabelText(label).querySelectorAll('dt')].map((name) => name.textContent);
    expect(names('Query')).toEqual(['b', 'a']);
    expect(names('Headers')).toEqual(['a-low', 'A-Up', 'b-low']);
    expect(await found.findByText(/"digits": 18446744073709551615/)).toBeVisible();
  });

  it('is shown as it was sent when it is of another form', async () => {
    open(request({ url: { not: 'a text' } }));
    const found = await section('HTTP request');
    expect(found.getByText(/The request is not of the form/)).toBeVisible();
  });

  it('says that an outsider could have written it', async () => {
    open(request({ url: 'https://shop.example/' }));
    expect((await section('HTTP request')).getByRole('img', { name: /Request: somebody from outside/ })).toBeVisible();
  });
});

describe('contexts', () => {
  it('say sizes in people’s units beside what was sent, and copy ids', async () => {
    open({
      contexts: {
        device: { type: 'device', model: 'Pixel 8', memory_size: 8_589_934_592 },
        trace: { type: 'trace', trace_id: 'abc' },
        odd: 'no object',
      },
    });
    const found = await section('Contexts');
    expect(found.getByText('8.6 GB')).toHaveTextContent('8.6 GB 8589934592');
    expect(found.getByRole('button', { name: 'Copy trace_id' })).toBeVisible();
    expect(found.getByText('no object')).toBeVisible();
  });

  it('leave feature flags to a section of their own, the last one first', async () => {
    const flags = { values: [{ flag: 'old', result: false }, { nothing: 1 }, { flag: 'new', result: true }] };
    open({ contexts: { flags: { type: 'flags', ...flags } } });
    const found = await section('Feature flags');
    expect(found.getAllByRole('term').map((term) => term.textContent)).toEqual(['new', '?', 'old']);
    expect(screen.queryByRole('region', { name: 'Contexts' })).toBeNull();
  });

  it('show flags of another form as any context', async () => {
    open({ contexts: { flags: { type: 'flags', values: 'all' } } });
    expect((await section('Contexts')).getByText('all')).toBeVisible();
  });
});

describe('many rows', () => {
  it('are searched', async () => {
    const packages = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`package-${index}`, `1.${index}`]));
    const { user } = open({ packages });
    await user.click(await screen.findByRole('button', { name: 'Packages' }));
    const found = await section('Packages');
    expect(found.getAllByRole('term')).toHaveLength(100);
    await user.click(found.getByRole('button', { name: 'Show 50 more of 50' }));
    expect(found.getAllByRole('term')).toHaveLength(150);
    await user.type(found.getByRole('searchbox', { name: 'Search packages' }), 'package-149');
    expect(found.getByRole('status')).toHaveTextContent('1 of 150');
    await user.keyboard('nothing');
    expect(found.getByText('Nothing matches.')).toBeVisible();
    await user.keyboard('{Escape}');
    expect(found.getAllByRole('term')).toHaveLength(150);
  });
});

describe('attachments', () => {
  const file = (change: Partial<Attachment>): Attachment => ({
    id: '3',
    event_id: 'x',
    type: 'event.attachment',
    name: 'app.log',
    mimetype: 'text/plain',
    size: 20,
    dateCreated: '2026-11-22',
    ...change,
  });
  const list = `${eventPath}attachments/`;
  const content = `${list}3/`;
  const preview = async (file: Attachment, answer: () => unknown) => {
    const { user } = open({}, { [list]: () => [file], [content]: answer });
    const found = await section('Attachments');
    await user.click(await found.findByRole('button', { name: `Preview of ${file.name}` }));
    return { found, user };
  };

  it('are shown as text, markup too', async () => {
    const { found } = await preview(
      file({ name: 'a.html', mimetype: 'text/html' }),
      () => new Response('<b>bold</b>\u202e'),
    );
    expect(await found.findByText('<b>bold</b>\\u202e')).toBeVisible();
  });

  it('say that they could not be loaded, and are asked for again', async () => {
    let fails = true;
    const { found, user } = await preview(file({}), () =>
      fails ? refuse(503, 'The database is busy.')() : new Response('line 1'),
    );
    expect(await found.findByText(/app\.log could not be loaded: The database is busy\./)).toBeVisible();
    fails = false;
    await user.click(found.getByRole('button', { name: 'Try again' }));
    expect(await found.findByText('line 1')).toBeVisible();
  });

  it('that are no picture are not drawn, whatever they are called', async () => {
    const { found } = await preview(file({ name: 'x.png', mimetype: 'image/png' }), () => new Response('<svg/>'));
    expect(await found.findByText(/Its bytes are no image/)).toBeVisible();
    expect(found.queryByRole('img')).toBeNull();
  });

  it('that are too large are only downloaded', async () => {
    open({}, { [list]: () => [file({ size: 900_000_000 })] });
    const found = await section('Attachments');
    expect(await found.findByText('too large to be shown here')).toBeVisible();
    expect(found.queryByRole('button', { name: /Preview/ })).toBeNull();
    expect(found.getByRole('link', { name: 'app.log' })).toHaveAttribute('download', 'app.log');
  });

  it('that are a view hierarchy are a tree; a minidump is what it is', async () => {
    const windows = [{ type: 'Window', width: 390, height: 844, children: [{ type: 'Button', identifier: 'pay' }] }];
    const { found } = await preview(file({ name: 'v.json', type: 'event.view_hierarchy' }), () => ({ windows }));
    expect(await found.findByText('Button #pay')).toBeVisible();
    expect(found.getByText('390×844')).toBeVisible();
  });

  it('are absent when there are none, and say why when they cannot be listed', async () => {
    open({}, { [list]: refuse(503, 'The database is busy.') });
    expect(await (await section('Attachments')).findByText(/The database is busy\./)).toBeVisible();
  });
});

describe('grouping', () => {
  const info = `${eventPath}grouping-info/`;
  const hash = 'f'.repeat(32);
  const openGrouping = async (answer: () => unknown) => {
    const { user, sent } = open({}, { [info]: answer });
    const button = await screen.findByRole('button', { name: 'Grouping' });
    expect(sent.some(({ path }) => path.endsWith('/grouping-info/'))).toBe(false);
    await user.click(button);
    return { found: await section('Grouping'), user };
  };

  it('says which parts gave the hash and why, only when it is asked', async () => {
    const parts = [
      { name: 'type', value: 'ValueError', contributes: true, hint: null },
      { name: 'value', value: 'amount', contributes: false, hint: 'the type tells more' },
    ];
    const { found } = await openGrouping(() => ({
      config: 'v1',
      variants: [{ hash, description: 'By the exception', isPrimary: true, parts }],
    }));
    expect(await found.findByText(hash)).toBeVisible();
    const rows = found.getAllByRole('listitem');
    expect(rows[0]).toHaveTextContent(/type.*ValueError.*in the hash/);
    expect(rows[1]).toHaveTextContent(/amount.*not in the hash: the type tells more/);
  });

  it('says that there is nothing', async () => {
    const { found } = await openGrouping(() => ({ config: 'v1', variants: [] }));
    expect(await found.findByText('Nothing of this event was used for grouping.')).toBeVisible();
  });

  it('says what failed, and tries again', async () => {
    let fails = true;
    const { found, user } = await openGrouping(() =>
      fails ? refuse(503, 'The database is busy.')() : { config: 'v1', variants: [] },
    );
    expect(await found.findByText(/The database is busy\./)).toBeVisible();
    fails = false;
    await user.click(found.getByRole('button', { name: 'Try again' }));
    expect(await found.findByText(/Nothing of this event/)).toBeVisible();
  });
});

it('a template is shown with its failing line, and parts without a form of their own as they were sent', async () => {
  const template = {
    filename: 'shop/cart.html',
    lineNo: 7,
    context: [
      [6, '<ul>'],
      [7, '{% broken %}'],
    ],
  };
  const entries = [
    { type: 'template', data: template },
    { type: 'of-tomorrow', data: { weather: 'fine' } },
  ];
  open({ entries });
  const found = await section('Template');
  expect(found.getByText('shop/cart.html')).toBeVisible();
  expect(found.getByRole('listitem', { current: true })).toHaveTextContent('{% broken %}');
  expect((await section('Other parts')).getByText(/weather/)).toBeVisible();
});

it('debug images are searched, and one that is none hides no other', async () => {
  const images = [{ type: 'elf', code_file: '/lib/a.so', image_addr: '0x1000', image_size: 256, debug_id: 'a-id' }, 7];
  const { user } = open({ entries: [{ type: 'debugmeta', data: { images } }] });
  await user.click(await screen.findByRole('button', { name: 'Debug images' }));
  const found = await section('Debug images');
  expect(await found.findByText('a.so')).toBeVisible();
  expect(found.getByText('0x0000000000001000 – 0x00000000000010ff')).toBeVisible();
  expect(found.getByText(/This image is not of the form/)).toBeVisible();
  await user.type(found.getByRole('searchbox'), '0x1001');
  expect(found.getByRole('status')).toHaveTextContent('1 of 2');
});

it('processing errors say what to do, once for all places', async () => {
  const error = (name: string) => ({ type: 'value_too_long', message: 'x', data: { name, reason: 'nested too deep' } });
  open({ errors: [error('extra.a'), error('extra.b')] });
  const found = await section('Processing errors');
  expect(await found.findByText('Send less under these names, or as an attachment.')).toBeVisible();
  expect(found.getAllByRole('term').map((term) => term.textContent)).toEqual(['extra.a', 'extra.b']);
  expect(found.getAllByText('nested too deep')).toHaveLength(2);
});
