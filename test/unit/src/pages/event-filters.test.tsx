import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { filterSearch, noFilter, readEventFilter } from '../../../../src/api/event-filter.ts';
import { chooseTimeZone } from '../../../../src/components/time-zone.ts';
import { toCsv } from '../../../../src/pages/issue-details/tag-csv.ts';
import { tagQuery } from '../../../../src/pages/issue-details/tag-query.ts';
import { termAt } from '../../../../src/pages/issues/search-term.ts';
import { event, issue } from '../app/fixtures.ts';
import { openPage, refuse } from '../app/render-app.tsx';
import { answers, issuePath, pretendCanvas, tags } from './event-answers.ts';

beforeEach(pretendCanvas);

const filter = '?environment=staging&statsPeriod=7d&query=browser%3ASafari';
const searchOf = (path: string | null) => new URL(path ?? '', 'http://x').searchParams.toString();

describe('the filter of an issue page', () => {
  it('stands in the address: the event, the links to others, the table and the graph are of it', async () => {
    const { sent } = openPage(`/issues/7/${filter}`, answers());
    const events = within(await screen.findByRole('navigation', { name: 'Events' }));
    for (const name of ['First', 'Last', 'Recommended', 'All that match', 'Previous event']) {
      const link = events.getByRole('link', { name });
      expect(searchOf(link.getAttribute('href'))).toBe(new URLSearchParams(filter).toString());
    }
    expect(await screen.findByRole('combobox', { name: 'Environment' })).toHaveValue('staging');
    expect(screen.getByRole('combobox', { name: 'Time range' })).toHaveValue('7d');
    expect(screen.getByRole('combobox', { name: 'Search events' })).toHaveValue('browser:Safari');
    await waitFor(() => expect(sent.some(({ path }) => path === `${issuePath}events-stats/`)).toBe(true));
    const asked = sent.filter(({ path }) => /events\/recommended\/$|events-stats\/$/.test(path));
    for (const { query } of asked) expect(query.toString()).toBe(new URLSearchParams(filter).toString());
  });

  it('is chosen by environment and period, and goes from event to event by key', async () => {
    const { user, router } = openPage('/issues/7/', answers());
    const environment = await screen.findByRole('combobox', { name: 'Environment' });
    await within(environment).findByRole('option', { name: 'staging' });
    await user.selectOptions(environment, 'staging');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Time range' }), 'Last 14 days');
    await waitFor(() => expect(router.state.location.search).toBe('?environment=staging&statsPeriod=14d'));
    (document.activeElement as HTMLElement | null)?.blur();
    const previous = await screen.findByRole('link', { name: 'Previous event' });
    await waitFor(() => expect(previous).toHaveAttribute('href', expect.stringMatching(/statsPeriod=14d$/)));
    await user.keyboard('h');
    await waitFor(() => expect(router.state.location.pathname).toBe(`/issues/7/events/${'b'.repeat(32)}/`));
    expect(router.state.location.search).toBe('?environment=staging&statsPeriod=14d');
    await user.keyboard('H');
    await waitFor(() => expect(router.state.location.pathname).toBe('/issues/7/events/oldest/'));
    expect(router.state.location.search).toBe('?environment=staging&statsPeriod=14d');
  });

  it('takes an absolute range, in local time, and says what is wrong with one', async () => {
    const { user, router } = openPage('/issues/7/?statsPeriod=7d', answers());
    await user.selectOptions(await screen.findByRole('combobox', { name: 'Time range' }), 'From … to …');
    const dialog = within(await screen.findByRole('dialog', { name: 'Events from when to when' }));
    const from = dialog.getByLabelText('From');
    const to = dialog.getByLabelText('To');
    await user.clear(from);
    await user.type(from, '2026-11-22T14:00');
    await user.clear(to);
    await user.type(to, '2026-11-22T13:00');
    await user.click(dialog.getByRole('button', { name: 'Show these events' }));
    expect(dialog.getByRole('alert')).toHaveTextContent('The range must end after it begins.');
    await user.clear(to);
    await user.type(to, '2026-11-22T15:30');
    await user.click(dialog.getByRole('button', { name: 'Show these events' }));
    await waitFor(() =>
      expect(Object.fromEntries(new URLSearchParams(router.state.location.search))).toEqual({
        start: new Date(2026, 10, 22, 14).toISOString(),
        end: new Date(2026, 10, 22, 15, 30).toISOString(),
      }),
    );
    const range = screen.getByRole('combobox', { name: 'Time range' });
    await waitFor(() => expect(range).toHaveDisplayValue('Nov 22, 14:00 – Nov 22, 15:30'));
  });

  it('tells and takes times in UTC where the reader chose that', async () => {
    chooseTimeZone('utc');
    try {
      const range = '?start=2026-11-22T14:00:00.000Z&end=2026-11-22T15:30:00.000Z';
      const { user, router } = openPage(`/issues/7/${range}`, answers());
      const select = await screen.findByRole('combobox', { name: 'Time range' });
      expect(select).toHaveDisplayValue('Nov 22, 14:00 – Nov 22, 15:30');
      await user.selectOptions(select, 'Another range…');
      const dialog = within(await screen.findByRole('dialog', { name: 'Events from when to when' }));
      expect(dialog.getByLabelText('From')).toHaveValue('2026-11-22T14:00');
      expect(dialog.getByText('In UTC.')).toBeVisible();
      await user.click(dialog.getByRole('button', { name: 'Show these events' }));
      await waitFor(() =>
        expect(new URLSearchParams(router.state.location.search).get('start')).toBe('2026-11-22T14:00:00.000Z'),
      );
    } finally {
      chooseTimeZone('local');
    }
  });

  it('completes keys and then values by keyboard, and quotes what must be', async () => {
    const { user, router } = openPage('/issues/7/', answers());
    const field = await screen.findByRole('combobox', { name: 'Search events' });
    await user.type(field, '!bro');
    const keys = within(await screen.findByRole('listbox', { name: 'Keys' }));
    expect(keys.getAllByRole('option')).toHaveLength(1);
    expect(keys.getByRole('option', { name: 'browser 5 values' })).toBeVisible();
    await user.keyboard('{ArrowDown}');
    expect(field).toHaveAttribute('aria-activedescendant', keys.getByRole('option').id);
    await user.keyboard('{Enter}');
    expect(field).toHaveValue('!browser:');
    const values = within(await screen.findByRole('listbox', { name: 'Values of browser' }));
    await waitFor(() => expect(values.getAllByRole('option')).toHaveLength(3));
    await user.keyboard('Fi');
    await waitFor(() => expect(values.getAllByRole('option')).toHaveLength(1));
    await user.keyboard('{ArrowDown}{Enter}');
    await waitFor(() =>
      expect(new URLSearchParams(router.state.location.search).get('query')).toBe('!browser:"Firefox 140"'),
    );
    expect(screen.queryByRole('listbox')).toBeNull();
  });

  it('closes the list with Escape and sends what was typed with Enter', async () => {
    const { user, router } = openPage('/issues/7/', answers());
    const field = await screen.findByRole('combobox', { name: 'Search events' });
    await user.type(field, 'bro');
    await screen.findByRole('listbox', { name: 'Keys' });
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(field).toHaveFocus();
    await user.keyboard('ken{Enter}');
    expect(new URLSearchParams(router.state.location.search).get('query')).toBe('broken');
  });

  it('says at the field what the server could not read', async () => {
    const words = '"browser:[" is not closed. Write browser:[a, b].';
    openPage('/issues/7/?query=browser%3A%5B', {
      ...answers(),
      [`GET ${issuePath}events-stats/`]: refuse(400, words),
      [`GET ${issuePath}events/recommended/`]: refuse(400, words),
    });
    const field = await screen.findByRole('combobox', { name: 'Search events' });
    await waitFor(() => expect(field).toHaveAccessibleDescription(words));
    expect(field).toBeInvalid();
    expect(screen.getByText('The filter could not be read.')).toBeVisible();
  });

  it('says when nothing matches, and takes the filter away', async () => {
    const { user, router } = openPage('/issues/7/?query=nothing', {
      ...answers(),
      [`GET ${issuePath}events/recommended/`]: ({ query }) =>
        query.get('query') ? refuse(404, 'No event matches.')() : event(),
    });
    expect(await screen.findByText('No event of this issue matches the filter.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Clear the filter' }));
    expect(await screen.findByRole('navigation', { name: 'Events' })).toBeVisible();
    expect(router.state.location.search).toBe('');
  });

  it.each([
    ['says quietly that the open event is outside of it', [], true],
    ['says nothing of an event that is within it', [{ ...row('1'), eventID: event().eventID }], false],
  ])('%s', async (_, rows, isSaid) => {
    const { sent } = openPage(`/issues/7/events/${event().eventID}/?query=browser:Safari`, {
      ...answers(),
      [`GET ${issuePath}events/`]: () => rows,
    });
    await waitFor(() => {
      const asked = sent.find(({ path }) => path === `${issuePath}events/`);
      expect(asked?.query.get('query')).toBe(`browser:Safari id:${event().eventID}`);
    });
    const words = 'This event is outside the filter';
    if (isSaid) expect(await screen.findByText(words)).toBeVisible();
    else expect(screen.queryByText(words)).toBeNull();
  });

  it('is not there where an issue has a single event', async () => {
    openPage('/issues/7/', { ...answers(), [`GET ${issuePath}`]: () => issue({ count: '1' }) });
    await screen.findByRole('navigation', { name: 'Events' });
    expect(screen.queryByRole('combobox', { name: 'Environment' })).toBeNull();
  });
});

describe('the tags of all events', () => {
  it('filter by a value where they stand', async () => {
    const { user, router } = openPage('/issues/7/?query=level%3Aerror', answers());
    const section = within(await screen.findByRole('region', { name: 'Tags of all events' }));
    await user.click(section.getByRole('link', { name: 'Firefox 140' }));
    expect(router.state.location.pathname).toBe('/issues/7/');
    expect(new URLSearchParams(router.state.location.search).get('query')).toBe('level:error browser:"Firefox 140"');
    await user.click(section.getByRole('link', { name: 'staging' }));
    expect(new URLSearchParams(router.state.location.search).get('environment')).toBe('staging');
  });

  it('list all values of one with counts and share; they can be searched, copied and filtered by', async () => {
    const { user, router } = openPage('/issues/7/', answers());
    await user.click(await screen.findByRole('button', { name: '2 more values of browser' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Values of browser' }));
    const rows = await dialog.findAllByRole('row');
    expect(rows[1]).toHaveTextContent(/Firefox 140.*20.*50%/);
    await user.click(dialog.getByRole('button', { name: 'Copy as CSV' }));
    expect(await navigator.clipboard.readText()).toMatch(
      /^browser,events,share,first seen,last seen\r\nFirefox 140,20,0.5000,,/,
    );
    await user.type(dialog.getByLabelText('Find a value'), 'Sa');
    await waitFor(() => expect(dialog.getAllByRole('row')).toHaveLength(2));
    await user.click(dialog.getByRole('link', { name: 'Safari' }));
    expect(new URLSearchParams(router.state.location.search).get('query')).toBe('browser:Safari');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});

function row(id: string) {
  return { id, eventID: id.padStart(32, '0'), title: `event ${id}`, dateCreated: '2026-11-22T12:00:00Z', tags: [] };
}

test.each([
  ['a key', 'lev', { key: null, typed: 'lev', start: 0 }],
  ['a key after other terms', 'a:b "c d" !re', { key: null, typed: 're', start: 10, negated: true }],
  ['a value', 'release:1.', { key: 'release', typed: '1.', start: 0 }],
  ['a quoted value with a space and a quote', 'x browser:"a \\"b', { key: 'browser', typed: 'a "b', start: 2 }],
  ['a key with a colon of its own', 'tags[a:b]:c', { key: 'a:b', typed: 'c' }],
  ['nothing yet', 'a:b ', { key: null, typed: '', start: 4 }],
])('the caret is in %s', (_, text, expected) => {
  expect(termAt(text, text.length)).toMatchObject(expected);
});

test.each([
  ['a list', 'release:[a, b'],
  ['a comparison', 'timestamp:>2026'],
  ['quoted words', '"some wor'],
])('the caret is in %s, which is not completed', (_, text) => {
  expect(termAt(text, text.length)).toBeNull();
});

test('a term ends where the next one begins', () => {
  expect(termAt('release:1.4 level:error', 9)).toMatchObject({ start: 0, end: 11, typed: '1' });
  expect(termAt('browser:"Fire fox" x', 11)).toMatchObject({ end: 18 });
});

test.each([
  ['release', 'shop@1.4.0', 'release:shop@1.4.0'],
  ['browser', 'Firefox 140', 'browser:"Firefox 140"'],
  ['path', 'C:\\x "y"', 'path:"C:\\\\x \\"y\\""'],
  ['a:b', 'c', 'tags[a:b]:c'],
  ['empty', '', 'empty:""'],
  ['star', '*', 'star:"*"'],
])('the tag %s with %j is searched for as %s', (key, value, term) => {
  expect(tagQuery(key, value)).toBe(term);
});

test('a filter goes to an address and back; an absolute range leaves no period beside it', () => {
  const given = { ...noFilter, environment: 'a b', start: '2026-01-01T00:00:00Z', query: 'x:"&="' };
  expect(readEventFilter(new URLSearchParams(filterSearch(given)))).toEqual(given);
  expect(readEventFilter(new URLSearchParams('statsPeriod=1h&end=2026-01-01')).statsPeriod).toBe('');
  expect(filterSearch(noFilter)).toBe('');
});

test('a value that a spreadsheet would work out is copied as text', () => {
  const [tag] = tags;
  if (!tag) throw new Error('There is no tag.');
  const lines = toCsv(tag, [
    { value: '=HYPERLINK("http://x")', count: 1 },
    { value: 'a,"b"\nc', count: 2 },
  ]);
  expect(lines).toContain(`"'=HYPERLINK(""http://x"")",1,0.0250,,`);
  expect(lines).toContain('"a,""b""\nc",2,0.0500,,');
});
