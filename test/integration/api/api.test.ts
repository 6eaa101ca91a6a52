import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import {
  attachmentsSchema,
  errorBodySchema,
  eventRowsSchema,
  eventSchema,
  type Issue,
  importedSchema,
  ingestStatusSchema,
  issueSchema,
  issuesSchema,
  issueTagsSchema,
  projectKeysSchema,
  projectSchema,
  projectsSchema,
} from '../../../server/protocol/contract.ts';
import { parseDsn } from '../../../server/protocol/dsn.ts';
import { parseEnvelope } from '../../../server/protocol/envelope.ts';
import { parseLinkHeader } from '../../../src/api/link-header.ts';
import { startApp, type TestApp } from './harness.ts';
import { DAY, eventIdOf, HOUR, NOW, seedAttachment, seedIssue } from './seed.ts';

let app: TestApp;
beforeEach(async () => {
  app = await startApp();
});
afterEach(async () => {
  expect(app.logged).toEqual([]);
  await app.close();
});

const ISSUES = '/organizations/stackmend/issues/';
const detailOf = ({ body }: { body: unknown }) => errorBodySchema.parse(body).detail;

describe('organizations and projects', () => {
  it('has one organization with two projects', async () => {
    expect((await app.get('/')).body).toMatchObject({ version: '0' });
    expect((await app.get('/organizations/')).body).toMatchObject([{ slug: 'stackmend' }]);
    expect((await app.get('/organizations/stackmend/')).body).toMatchObject({
      projects: [{ slug: 'default' }, { slug: 'internal' }],
    });
    const projects = projectsSchema.parse((await app.get('/organizations/stackmend/projects/')).body);
    expect(projects.map(({ slug, isInternal }) => [slug, isInternal])).toEqual([
      ['default', false],
      ['internal', true],
    ]);
    expect((await app.get('/organizations/other/projects/')).status).toBe(404);
  });

  it('gives the DSN of a project', async () => {
    const [key] = projectKeysSchema.parse((await app.get('/projects/stackmend/default/keys/')).body);
    expect(parseDsn(key?.dsn.public ?? '')).toMatchObject({
      host: '127.0.0.1:8765',
      projectId: 2,
      publicKey: key?.public,
    });
  });

  it('makes a project, by slug or by name, and refuses one that is taken', async () => {
    const made = await app.ask('POST', '/organizations/stackmend/projects/', { name: 'My Shop!', platform: 'node' });
    expect(made.status).toBe(201);
    expect(projectSchema.parse(made.body)).toMatchObject({
      slug: 'my-shop',
      name: 'My Shop!',
      platform: 'node',
      firstEvent: null,
    });
    expect((await app.get('/projects/stackmend/my-shop/')).status).toBe(200);
    expect((await app.get('/projects/stackmend/3/')).body).toMatchObject({ slug: 'my-shop' });
    const again = await app.ask('POST', '/organizations/stackmend/projects/', { slug: 'my-shop' });
    expect(again.status).toBe(409);
    expect(detailOf(again)).toMatch(/my-shop/);
  });

  test.each([
    [{ slug: 'Big Slug' }],
    [{ slug: '12' }],
    [{ slug: '' }],
    [{ slug: '../x' }],
    [{}],
    [{ name: '!!!' }],
    [{ slug: 'a', colour: 'red' }],
    [[]],
  ])('makes no project of %j', async (body) => {
    expect((await app.ask('POST', '/organizations/stackmend/projects/', body)).status).toBe(400);
  });

  it('changes a project', async () => {
    const changed = await app.ask('PUT', '/projects/stackmend/default/', { name: 'Shop' });
    expect(changed.body).toMatchObject({ slug: 'default', name: 'Shop' });
    expect((await app.ask('PUT', '/projects/stackmend/default/', { slug: '7' })).status).toBe(400);
  });

  it('gives a project another slug, and its issues other short ids, but no slug of another one', async () => {
    await app.ask('POST', '/organizations/stackmend/projects/', { slug: 'cart' });
    const taken = await app.ask('PUT', '/projects/stackmend/default/', { slug: 'cart', name: 'Lost' });
    expect(taken).toMatchObject({ status: 409, body: { detail: expect.stringContaining('slug "cart"') } });
    expect((await app.get('/projects/stackmend/default/')).body).toMatchObject({ name: 'Default' });
    const changed = await app.ask('PUT', '/projects/stackmend/default/', { slug: 'till' });
    expect(changed).toMatchObject({ status: 200, body: { slug: 'till', id: '2' } });
    expect((await app.get('/projects/stackmend/default/')).status).toBe(404);
    expect((await app.ask('PUT', '/projects/stackmend/till/', { slug: 'till' })).status).toBe(200);
    const internal = await app.ask('PUT', '/projects/stackmend/internal/', { slug: 'own' });
    expect(internal).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/^slug: /) } });
  });

  it('makes keys of a project, names them and switches them off', async () => {
    const path = '/projects/stackmend/default/keys/';
    const made = await app.ask('POST', path, { name: 'CI' });
    expect(made).toMatchObject({ status: 201, body: { name: 'CI', isActive: true } });
    const [, key] = projectKeysSchema.parse((await app.get(path)).body);
    expect(key).toEqual(made.body);
    expect(key?.dsn.public).toContain(`${key?.public}@`);
    const off = await app.ask('PUT', `${path}${key?.id}/`, { isActive: false });
    expect(off).toMatchObject({ status: 200, body: { name: 'CI', isActive: false } });
    const named = await app.ask('PUT', `${path}${key?.id}/`, { name: 'Old CI' });
    expect(named).toMatchObject({ status: 200, body: { name: 'Old CI', isActive: false } });
    expect((await app.ask('PUT', `/projects/stackmend/internal/keys/${key?.id}/`, { name: 'x' })).status).toBe(404);
    for (const body of [{ name: '' }, { isActive: 1 }, { other: true }]) {
      expect((await app.ask('PUT', `${path}${key?.id}/`, body)).status).toBe(400);
    }
  });

  it('shows what ingest refused and counted', async () => {
    const status = ingestStatusSchema.parse((await app.get('/projects/stackmend/default/ingest/')).body);
    expect(status.refused[0]?.path).toBe('/api/2/store/');
    expect(status.counts).toHaveLength(1);
  });
});

describe('issues', () => {
  it('lists those of all projects, or of one, each with its counts over time', async () => {
    const hour = NOW - (NOW % HOUR);
    const first = await seedIssue(app.db, {
      timesSeen: 40,
      hours: [
        [hour, 2],
        [hour - 3 * DAY, 9],
      ],
    });
    const second = await seedIssue(app.db, { projectId: 1, lastSeen: NOW - 2 * HOUR });
    await seedIssue(app.db, { status: 'resolved' });

    const all = await app.get(ISSUES);
    const issues = issuesSchema.parse(all.body);
    expect(issues.map(({ id }) => id)).toEqual([String(first), String(second)]);
    expect(issues[0]).toMatchObject({
      shortId: 'DEFAULT-1',
      count: '40',
      permalink: `http://127.0.0.1:8765/issues/${first}/`,
    });
    expect(issues[0]?.stats?.['24h']?.at(-1)).toEqual([hour / 1000, 2]);
    expect(all.headers.get('x-hits')).toBe('2');

    const ours = issuesSchema.parse((await app.get('/projects/stackmend/default/issues/')).body);
    expect(ours.map(({ id }) => id)).toEqual([String(first)]);
    expect(issuesSchema.parse((await app.get(`${ISSUES}?project=internal`)).body)).toHaveLength(1);
    expect(issuesSchema.parse((await app.get(`${ISSUES}?project=-1&query=`)).body)).toHaveLength(3);
    expect((await app.get(`${ISSUES}?project=99`)).status).toBe(404);

    const day = issuesSchema.parse((await app.get(`${ISSUES}?statsPeriod=24h&project=2`)).body);
    expect(day[0]).toMatchObject({ count: '2', lifetime: { count: '40' } });
  });

  test.each([
    ['query=is:wrong'],
    ['sort=up'],
    ['statsPeriod=x'],
    ['cursor=x'],
    ['limit=0'],
    ['limit=1000'],
    ['query=a&query=b'],
  ])('refuses ?%s with a reason', async (query) => {
    const answer = await app.get(`${ISSUES}?${query}`);
    expect(answer.status).toBe(400);
    expect(detailOf(answer)).toMatch(/\w{3}/);
  });

  it('pages with Link headers that the page understands', async () => {
    for (let index = 0; index < 5; index += 1) await seedIssue(app.db, { lastSeen: NOW - index * HOUR });
    const seen: Issue[] = [];
    let url: string | null = `${ISSUES}?limit=2&query=${encodeURIComponent('is:unresolved')}`;
    let pages = 0;
    while (url) {
      const page = await app.get(url);
      seen.push(...issuesSchema.parse(page.body));
      const link = page.headers.get('link') ?? '';
      expect(link).toMatch(
        /^<http[^>]+>; rel="previous"; results="(true|false)"; cursor="[^"]+", <http[^>]+>; rel="next"; /,
      );
      const { next, previous } = parseLinkHeader(link);
      expect(previous === null).toBe(pages === 0);
      url = next && `${ISSUES}?limit=2&cursor=${next}&query=${encodeURIComponent('is:unresolved')}`;
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(5);
  });

  it('opens one by number, by short id and by the short path', async () => {
    const id = await seedIssue(app.db);
    for (const path of [`${ISSUES}${id}/`, `${ISSUES}DEFAULT-1/`, `${ISSUES}default-1/`, `/issues/${id}/`]) {
      expect(issueSchema.parse((await app.get(path)).body).id).toBe(String(id));
    }
    expect(Object.keys(issueSchema.parse((await app.get(`/issues/${id}/`)).body).stats ?? {})).toEqual(['24h', '30d']);
    expect((await app.get('/organizations/stackmend/shortids/DEFAULT-1/')).body).toMatchObject({ groupId: String(id) });
    for (const unknown of ['999', 'DEFAULT-9', 'INTERNAL-1', 'x', '1e3', '99999999999999999999', '__proto__']) {
      expect((await app.get(`${ISSUES}${unknown}/`)).status).toBe(404);
    }
  });

  it('resolves, archives and bookmarks, and leaves what is not named', async () => {
    const id = await seedIssue(app.db, { substatus: 'regressed' });
    const put = (body: unknown) => app.ask('PUT', `/issues/${id}/`, body);
    expect((await put({ status: 'resolved', statusDetails: {} })).body).toMatchObject({
      status: 'resolved',
      substatus: null,
      isBookmarked: false,
    });
    expect((await put({ isBookmarked: true })).body).toMatchObject({ status: 'resolved', isBookmarked: true });
    expect((await put({ status: 'ignored' })).body).toMatchObject({ substatus: 'archived_forever' });
    expect((await put({})).body).toMatchObject({ status: 'ignored', isBookmarked: true });
    for (const wrong of [
      { status: 'gone' },
      { isBookmarked: 'yes' },
      { assignedTo: 'me' },
      [],
      'x',
      { status: null },
    ]) {
      expect((await put(wrong)).status).toBe(400);
    }
    expect((await app.ask('PUT', '/issues/999/', { status: 'resolved' })).status).toBe(404);
  });

  it('changes several at once, but none of another project', async () => {
    const ours = await seedIssue(app.db);
    const theirs = await seedIssue(app.db, { projectId: 1 });
    const path = `/projects/stackmend/default/issues/?id=${ours}&id=${theirs}`;
    expect((await app.ask('PUT', path, { status: 'resolved' })).body).toEqual({
      status: 'resolved',
      statusDetails: {},
    });
    expect((await app.get(`/issues/${ours}/`)).body).toMatchObject({ status: 'resolved' });
    expect((await app.get(`/issues/${theirs}/`)).body).toMatchObject({ status: 'unresolved' });
    expect((await app.ask('DELETE', path)).status).toBe(204);
    expect((await app.get(`/issues/${ours}/`)).status).toBe(404);
    expect((await app.get(`/issues/${theirs}/`)).status).toBe(200);
    expect((await app.ask('PUT', ISSUES, { status: 'resolved' })).status).toBe(400);
    expect((await app.ask('DELETE', ISSUES)).status).toBe(400);
  });

  it('deletes an issue with everything that belongs to it, and nothing else', async () => {
    const tags: [string, string][] = [['browser', 'Firefox']];
    const gone = await seedIssue(app.db, { hash: 'gone', tags: { browser: ['Firefox'] }, hours: [[0, 1]] });
    const kept = await seedIssue(app.db, { hash: 'kept', tags: { browser: ['Firefox'] }, hours: [[0, 1]] });
    for (let index = 0; index < 1_100; index += 1)
      await app.seedEventWithBody(gone, { eventId: eventIdOf(index), tags });
    await app.seedEventWithBody(kept, { eventId: eventIdOf(5_000), tags });
    for (const eventId of [eventIdOf(1), eventIdOf(5_000)]) {
      await seedAttachment(app.db, 2, eventId);
      await app.db.insertInto('userReport').values({ projectId: 2, eventId, comments: 'c', dateCreated: 0 }).execute();
    }
    for (const primaryHash of ['gone', 'kept']) {
      const suggestion = {
        projectId: 2,
        primaryHash,
        endpointName: 'n',
        endpoint: 'e',
        model: 'm',
        promptVersion: '1',
        policy: 'allowed',
        rules: '',
        eventId: 'x',
        text: 't',
        dateCreated: 0,
      };
      await app.db.insertInto('aiSuggestion').values(suggestion).execute();
    }

    expect((await app.ask('DELETE', `${ISSUES}${gone}/`)).status).toBe(204);
    expect((await app.get(`${ISSUES}${gone}/`)).status).toBe(404);
    const tables = [
      'issue',
      'issueHash',
      'issueTag',
      'issueStat',
      'event',
      'eventTag',
      'node',
      'attachment',
      'userReport',
      'aiSuggestion',
    ] as const;
    for (const table of tables) expect([table, await countRows(app, table)]).toEqual([table, 1]);
    expect((await app.get(`${ISSUES}${kept}/events/latest/`)).status).toBe(200);
  });

  it('shows tags and their values', async () => {
    const id = await seedIssue(app.db, { tags: { browser: ['Firefox', 'Chrome', 'Edge'], 'odd/key': ['x'] } });
    const tags = issueTagsSchema.parse((await app.get(`/issues/${id}/tags/`)).body);
    expect(tags.map(({ key, totalValues }) => [key, totalValues])).toEqual([
      ['browser', 6],
      ['odd/key', 1],
    ]);
    expect((await app.get(`/issues/${id}/tags/browser/`)).body).toMatchObject({ uniqueValues: 3 });
    expect((await app.get(`/issues/${id}/tags/odd%2Fkey/`)).body).toMatchObject({ key: 'odd/key' });
    expect((await app.get(`/issues/${id}/tags/none/`)).status).toBe(404);
    const values = await app.get(`/issues/${id}/tags/browser/values/?limit=2`);
    expect(values.body).toMatchObject([
      { value: 'Firefox', count: 3 },
      { value: 'Chrome', count: 2 },
    ]);
    const { next } = parseLinkHeader(values.headers.get('link'));
    expect((await app.get(`/issues/${id}/tags/browser/values/?limit=2&cursor=${next}`)).body).toMatchObject([
      { value: 'Edge' },
    ]);
    const found = await app.get(`/issues/${id}/tags/browser/values/?query=CHR`);
    expect((found.body as { value: string }[]).map(({ value }) => value)).toEqual(['Chrome']);
  });
});

describe('events', () => {
  let issueId: number;
  beforeEach(async () => {
    issueId = await seedIssue(app.db);
    // Two at one time: the row decides.
    await app.seedEventWithBody(issueId, {
      eventId: eventIdOf(2),
      timestamp: NOW - HOUR,
      richness: 9,
      tags: [['browser', 'Firefox']],
    });
    await app.seedEventWithBody(issueId, { eventId: eventIdOf(3), timestamp: NOW - HOUR });
    await app.seedEventWithBody(issueId, { eventId: eventIdOf(1), timestamp: NOW - 2 * HOUR });
  });

  const event = async (name: string) => eventSchema.parse((await app.get(`${ISSUES}${issueId}/events/${name}/`)).body);

  it('finds the latest, oldest and recommended, and any by its id', async () => {
    expect((await event('latest')).eventID).toBe(eventIdOf(3));
    expect((await event('oldest')).eventID).toBe(eventIdOf(1));
    expect((await event('recommended')).eventID).toBe(eventIdOf(2));
    expect((await event(eventIdOf(2))).eventID).toBe(eventIdOf(2));
    const dashed = eventIdOf(2)
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
      .toUpperCase();
    expect((await event(dashed)).eventID).toBe(eventIdOf(2));
    const { id } = await app.db
      .selectFrom('event')
      .select('id')
      .where('eventId', '=', eventIdOf(2))
      .executeTakeFirstOrThrow();
    expect((await event(String(id))).eventID).toBe(eventIdOf(2));
    for (const unknown of ['newest', eventIdOf(9), '999', 'x'.repeat(32)]) {
      expect((await app.get(`/issues/${issueId}/events/${unknown}/`)).status).toBe(404);
    }
  });

  it('leads from each event to its neighbours', async () => {
    const names = { nextEventID: null, previousEventID: null };
    expect(await event('oldest')).toMatchObject({ ...names, nextEventID: eventIdOf(2) });
    expect(await event(eventIdOf(2))).toMatchObject({ nextEventID: eventIdOf(3), previousEventID: eventIdOf(1) });
    expect(await event('latest')).toMatchObject({ ...names, previousEventID: eventIdOf(2) });
  });

  it('lists them, by tag and by page', async () => {
    const list = await app.get(`/issues/${issueId}/events/?limit=2`);
    const rows = eventRowsSchema.parse(list.body);
    expect(rows.map(({ eventID }) => eventID)).toEqual([eventIdOf(3), eventIdOf(2)]);
    expect(rows[1]?.tags).toEqual([{ key: 'browser', value: 'Firefox' }]);
    const { next } = parseLinkHeader(list.headers.get('link'));
    const rest = eventRowsSchema.parse((await app.get(`/issues/${issueId}/events/?limit=2&cursor=${next}`)).body);
    expect(rest.map(({ eventID }) => eventID)).toEqual([eventIdOf(1)]);
    const found = eventRowsSchema.parse((await app.get(`/issues/${issueId}/events/?query=browser:Firefox`)).body);
    expect(found).toHaveLength(1);
  });

  it('gives the stored JSON, as data that runs nowhere', async () => {
    const json = await app.get(`/projects/stackmend/default/events/${eventIdOf(1)}/json/`);
    expect(json.body).toMatchObject({ event_id: eventIdOf(1), exception: { values: [{ type: 'ValueError' }] } });
    expect(json.headers.get('content-type')).toMatch(/^application\/json/);
    expect(json.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    const download = await app.get(`/projects/stackmend/default/events/${eventIdOf(1)}/json/?download=1`);
    expect(download.headers.get('content-disposition')).toContain(`${eventIdOf(1)}.json`);
  });

  it('finds no event of another issue or project', async () => {
    const other = await seedIssue(app.db);
    const foreign = await seedIssue(app.db, { projectId: 1 });
    await app.seedEventWithBody(foreign, { projectId: 1, eventId: eventIdOf(7) });
    await seedAttachment(app.db, 1, eventIdOf(7));
    await seedAttachment(app.db, 2, eventIdOf(1));
    for (const path of [
      `/issues/${other}/events/${eventIdOf(1)}/`,
      `/issues/${other}/events/latest/`,
      `/issues/${issueId}/events/${eventIdOf(7)}/`,
      `/projects/stackmend/default/events/${eventIdOf(7)}/`,
      `/projects/stackmend/default/events/${eventIdOf(7)}/json/`,
      `/projects/stackmend/default/events/${eventIdOf(7)}/attachments/`,
      `/projects/stackmend/default/events/${eventIdOf(1)}/attachments/1/?download=1`,
      `/projects/stackmend/internal/events/${eventIdOf(7)}/attachments/2/?download=1`,
      `/organizations/other/issues/${issueId}/events/latest/`,
      `/projects/other/default/events/${eventIdOf(1)}/`,
    ]) {
      expect([path, (await app.get(path)).status]).toEqual([path, 404]);
    }
    expect((await app.get(`/projects/stackmend/internal/events/${eventIdOf(7)}/`)).status).toBe(200);
    expect((await app.get(`/organizations/stackmend/eventids/${eventIdOf(7)}/`)).body).toMatchObject({
      projectSlug: 'internal',
      groupId: String(foreign),
    });
  });

  it('serves attachments as downloads, never as a page', async () => {
    const html = await seedAttachment(app.db, 2, eventIdOf(1), {
      name: '../"x".html',
      contentType: 'text/html',
      text: '<script>1</script>',
    });
    const image = await seedAttachment(app.db, 2, eventIdOf(1), { name: 'shot.png', contentType: 'image/png; x=1' });
    const base = `/projects/stackmend/default/events/${eventIdOf(1)}/attachments/`;
    const list = attachmentsSchema.parse((await app.get(base)).body);
    expect(list.map(({ name, size }) => [name, size])).toEqual([
      ['../"x".html', 18],
      ['shot.png', 5],
    ]);
    const page = await app.get(`${base}${html}/?download=1`);
    expect(page.text).toBe('<script>1</script>');
    expect(page.headers.get('content-type')).toBe('application/octet-stream');
    expect(page.headers.get('content-disposition')).toMatch(/^attachment; filename="/);
    expect(page.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await app.get(`${base}${image}/?download=1`)).headers.get('content-type')).toBe('image/png');
    expect((await app.get(`${base}${image}/`)).body).toMatchObject({ id: String(image), name: 'shot.png' });
    expect((await app.get(`${base}x/`)).status).toBe(400);
  });

  it('adds what the user wrote', async () => {
    await app.db
      .insertInto('userReport')
      .values({ projectId: 2, eventId: eventIdOf(1), name: 'N', comments: 'It broke', dateCreated: NOW })
      .execute();
    expect((await event('oldest')).userReport).toMatchObject({ name: 'N', comments: 'It broke' });
  });
});

describe('events handed over', () => {
  const EVENTS = '/projects/stackmend/default/events/';

  it('spools pasted JSON, whatever its content type', async () => {
    for (const body of ['{"message": "pasted"}', { message: 'pasted' }]) {
      const answer = await app.ask('POST', EVENTS, body);
      expect(answer.status).toBe(202);
      const { eventIDs } = importedSchema.parse(answer.body);
      const spooled = app.spooled.pop();
      expect(spooled).toMatchObject({ projectId: 2, eventId: eventIDs[0], receivedAt: NOW });
      const { headers, items } = parseEnvelope(spooled?.body ?? Buffer.alloc(0));
      expect(headers['event_id']).toBe(eventIDs[0]);
      expect(JSON.parse(Buffer.from(items[0]?.payload ?? '').toString())).toMatchObject({ message: 'pasted' });
    }
  });

  it('refuses what is no event, and what is too large', async () => {
    expect((await app.ask('POST', EVENTS, 'hello')).status).toBe(400);
    expect((await app.ask('POST', EVENTS, '')).status).toBe(400);
    expect((await app.ask('POST', EVENTS, JSON.stringify({ message: 'x'.repeat(1024 * 1024) }))).status).toBe(413);
    expect((await app.ask('POST', '/projects/stackmend/none/events/', '{"message":"x"}')).status).toBe(404);
    expect(app.spooled).toEqual([]);
  });

  it('makes new events of the samples each time', async () => {
    const all = importedSchema.parse((await app.ask('POST', '/projects/stackmend/default/create-sample/')).body);
    const one = importedSchema.parse(
      (await app.ask('POST', '/projects/stackmend/default/create-sample/?sample=native')).body,
    );
    expect(all.eventIDs).toHaveLength(5);
    expect(one.eventIDs).toHaveLength(1);
    expect(new Set([...all.eventIDs, ...one.eventIDs]).size).toBe(6);
    expect(app.spooled).toHaveLength(6);
    const unknown = await app.ask('POST', '/projects/stackmend/default/create-sample/?sample=cobol');
    expect(unknown.status).toBe(404);
    expect(detailOf(unknown)).toMatch(/native/);
  });
});

it('answers JSON without a cache, and 404 with the path for what it has not', async () => {
  const answer = await app.get('/nothing/here/');
  expect(answer.status).toBe(404);
  expect(detailOf(answer)).toContain('/api/0/nothing/here/');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect((await app.ask('PATCH', '/issues/1/')).status).toBe(404);
});

async function countRows(
  app: TestApp,
  table:
    | 'issue'
    | 'issueHash'
    | 'issueTag'
    | 'issueStat'
    | 'event'
    | 'eventTag'
    | 'node'
    | 'attachment'
    | 'userReport'
    | 'aiSuggestion',
): Promise<number> {
  const { count } = await app.db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}
