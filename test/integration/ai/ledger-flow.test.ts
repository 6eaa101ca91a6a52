import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { deleteIssue } from '../../../server/api/delete-issue.ts';
import { createSqlEventstream } from '../../../server/backends/eventstream.ts';
import { createSqlNodestore } from '../../../server/backends/nodestore.ts';
import { aiCallSchema, aiCallsSchema, suggestionSchema } from '../../../server/protocol/contract.ts';
import { createIssueStore } from '../../../server/storage/issues.ts';
import { storedEvent } from '../../unit/server/ai/sample-event.ts';
import { FIRST, type Flow, type FlowApp, openFlow, SECOND, textOf } from './flow-app.ts';

let flow: Flow;
beforeEach(async () => {
  flow = await openFlow();
});
afterEach(() => flow.close());

const DIFF = '--- a/app/api.py\n+++ b/app/api.py\n@@ -1 +1 @@\n-old\n+new\n';
const WITH_PATCH = `## Problem\nx\n\n## Fix\n\n\`\`\`diff\n${DIFF}\`\`\`\n\n## Confidence\nHigh: it is plain.\n`;

/** The one call that the ledger has. */
async function onlyCall(app: FlowApp) {
  const calls = aiCallsSchema.parse((await app.calls()).data);
  expect(calls).toHaveLength(1);
  return aiCallSchema.parse((await app.get(`/organizations/stackmend/ai-calls/${calls[0]?.id}/`)).data);
}

describe('a call', () => {
  it('is on record with all that went over the wire, what it took, and who asked', async () => {
    const app = await flow.start();
    const { sent } = await app.ask();
    const done = suggestionSchema.parse(sent.at(-1)?.data);
    const call = await onlyCall(app);
    expect(call).toMatchObject({
      id: done.id,
      project: { id: '2', slug: 'default' },
      issue: { id: '1', shortId: 'DEFAULT-1' },
      eventID: FIRST,
      user: null,
      endpointName: 'near',
      endpoint: new URL(flow.near.baseUrl).host,
      model: 'words',
      status: 'success',
      errorKind: null,
      tokensFrom: 'estimate',
      answer: 'Use the absolute amount.',
      patch: null,
      dateCreated: new Date(flow.clock.now).toISOString(),
    });
    expect(call.request).toEqual(flow.near.requests[0]?.messages);
    expect(call.inputTokens).toBeGreaterThan(300);
    expect(call.outputTokens).toBe(8);
    const { inputTokens, outputTokens, cost, duration } = call;
    expect(cost).toBeCloseTo(((inputTokens ?? 0) * 2 + 8 * 8) / 1_000_000, 6);
    expect(call.firstPieceAfter).toBeGreaterThanOrEqual(0);
    expect(call.firstPieceAfter).toBeLessThanOrEqual(duration);
    expect(done).toMatchObject({ inputTokens, outputTokens, cost, duration, patchCheck: null, feedback: null });
  });

  it('has the tokens that the endpoint told', async () => {
    const app = await flow.start({ endpoints: [{ model: 'no-choices', price: { input: 1_000_000, output: 0 } }] });
    await app.ask();
    const told = { tokensFrom: 'endpoint', inputTokens: 3, outputTokens: 5, cost: 3 };
    expect(await onlyCall(app)).toMatchObject(told);
  });

  it('is not made anew for an answer that is stored, nor for a second reader of the same', async () => {
    const app = await flow.start();
    await Promise.all([app.ask(), app.ask({}, { event: SECOND })]);
    await app.ask();
    await onlyCall(app);
  });

  test.each([
    ['unauthorized', { status: 'failure', errorKind: 'unauthorized', answer: '', cost: null, inputTokens: null }],
    ['server-error', { status: 'failure', errorKind: 'provider_error', answer: '' }],
    ['refusal', { status: 'failure', errorKind: 'refused', answer: '' }],
    ['cut', { status: 'failure', errorKind: 'cut_off', answer: 'The cause is', outputTokens: 4 }],
    ['length', { status: 'failure', errorKind: 'cut_off', answer: 'The cause is' }],
    ['error-midway', { status: 'failure', errorKind: 'provider_error', answer: 'The cause is' }],
  ])('that fails ("%s") is there with what had come', async (model, expected) => {
    const app = await flow.start({ endpoints: [{ model }] });
    await app.ask();
    const call = await onlyCall(app);
    expect(call).toMatchObject(expected);
    expect(call.request).toEqual(flow.near.requests[0]?.messages);
  });

  it('that its reader leaves is there as aborted, with what had come, and not before it has ended', async () => {
    const app = await flow.start({ endpoints: [{ model: 'stall' }] });
    const leaving = new AbortController();
    const response = await app.send('POST', app.pathOf(), {}, leaving.signal);
    await response.body?.getReader().read();
    expect((await app.calls()).data).toEqual([]);
    const begun = await flow.db.selectFrom('aiCall').selectAll().execute();
    expect(begun).toMatchObject([{ status: 'aborted', eventId: FIRST }]);
    leaving.abort();
    await expect.poll(async () => aiCallsSchema.parse((await app.calls()).data).length).toBe(1);
    expect(await onlyCall(app)).toMatchObject({ status: 'aborted', errorKind: null, answer: /^The cause/ });
  });

  it('that goes on when the server is stopped is ended before it stops', async () => {
    const app = await flow.start({ endpoints: [{ model: 'stall' }] });
    const response = await app.send('POST', app.pathOf(), {});
    await response.body?.getReader().read();
    await app.suggester.close();
    const [row] = await flow.db.selectFrom('aiCall').select(['status', 'duration', 'answer']).execute();
    expect(row).toMatchObject({ status: 'aborted', answer: expect.stringMatching(/^The cause/) });
    expect((await app.calls()).data).toHaveLength(1);
  });

  it('at the terminal is the operator’s, also about an event of no project', async () => {
    const app = await flow.start();
    const stored = { event: storedEvent({ event_id: FIRST }), projectId: 2, issueId: 1 };
    const ofFile = { event: storedEvent({ event_id: SECOND }), projectId: null, issueId: null };
    for (const asked of [stored, ofFile]) {
      for await (const _ of app.suggester.askAtTerminal(asked, {}, new AbortController().signal));
    }
    const calls = aiCallsSchema.parse((await app.calls('?user=operator')).data);
    expect(calls).toMatchObject([
      { project: null, issue: null, eventID: SECOND, user: { id: 'operator' }, status: 'success' },
      { project: { slug: 'default' }, issue: { id: '1' }, user: { id: 'operator' }, status: 'success' },
    ]);
    await app.settings({ localOnly: true });
    const far = app.suggester.askAtTerminal(stored, { endpoint: 'far' }, new AbortController().signal);
    await expect(far.next()).rejects.toMatchObject({ kind: 'restricted' });
  });
});

describe('the ledger', () => {
  it('is narrowed by project, issue, user and status, in pages', async () => {
    const app = await flow.start();
    await app.ask();
    await app.ask({ force: true }, { event: SECOND });
    await app.ask({}, { project: 'internal' });
    const bad = await flow.start({ endpoints: [{ name: 'bad', model: 'refusal' }] });
    await bad.ask();
    const count = async (query: string) => aiCallsSchema.parse((await bad.calls(query)).data).length;
    expect(await count('')).toBe(4);
    expect(await count('?project=default')).toBe(3);
    expect(await count('?project=1')).toBe(1);
    expect(await count('?issue=1')).toBe(3);
    expect(await count('?issue=INTERNAL-2')).toBe(1);
    expect(await count('?status=failure')).toBe(1);
    expect(await count('?status=success&project=default')).toBe(2);
    expect(await count('?user=local')).toBe(4);
    expect(await count('?user=7')).toBe(0);
    expect((await bad.calls('?project=none')).status).toBe(404);
    expect((await bad.calls('?issue=99')).status).toBe(404);
    expect((await bad.calls('?user=eve')).status).toBe(400);
    const page = await bad.calls('?limit=3');
    expect(page.headers.get('link')).toContain('rel="next"; results="true"; cursor="0:3:0"');
    const rest = await bad.calls('?limit=3&cursor=0:3:0');
    const ids = [...page.data, ...rest.data].map(({ id }: { id: string }) => Number(id));
    expect(ids).toEqual([4, 3, 2, 1]);
  });

  it('is exported a JSON object a line, whole or in parts', async () => {
    const app = await flow.start();
    for (let turn = 0; turn < 45; turn++) await app.ask({ force: true });
    const path = '/organizations/stackmend/ai-calls/export/';
    const lines = async (query: string) => {
      const { text, status, headers } = await app.get(path + query);
      expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => aiCallSchema.parse(JSON.parse(line)));
    };
    const all = await lines('?format=jsonl');
    expect(all.map(({ id }) => Number(id))).toEqual(Array.from({ length: 45 }, (_, index) => 45 - index));
    for (const call of all) expect(call).toMatchObject({ answer: 'Use the absolute amount.', request: [{}, {}] });
    expect((await lines('?before=3')).map(({ id }) => id)).toEqual(['2', '1']);
    expect((await lines('?limit=2&before=30')).map(({ id }) => id)).toEqual(['29', '28']);
    expect(await lines('?status=failure')).toEqual([]);
    expect((await app.get(`${path}?format=csv`)).status).toBe(400);
  });

  it('has the patch as it was checked, also of an answer that another has replaced', async () => {
    flow.near.answer(WITH_PATCH);
    const checked = {
      status: 'applies' as const,
      detail: 'Applies.',
      commit: 'c'.repeat(40),
      patch: `diff --git\n${DIFF}`,
    };
    const app = await flow.start({ checkAnswer: async () => checked });
    const { sent } = await app.ask();
    expect(sent.at(-1)?.data).toMatchObject({ patch: DIFF, patchCheck: checked, confidence: 'high', abstains: false });
    expect((await app.get(app.pathOf())).data).toMatchObject({ suggestion: { patchCheck: checked } });
    expect((await onlyCall(app)).patch).toBe(checked.patch);
    await app.ask({ force: true });
    expect((await app.get('/organizations/stackmend/ai-calls/1/')).data).toMatchObject({
      patch: checked.patch,
      patchCheck: { status: 'applies', commit: checked.commit, detail: 'Applies.' },
    });
  });

  it('loses a call with its issue, and with its project', async () => {
    const app = await flow.start();
    const { sent } = await app.ask();
    const id = suggestionSchema.parse(sent.at(-1)?.data).id;
    await app.request('PUT', app.pathOf('feedback/'), { id, rating: 'helpful' });
    await app.ask({}, { project: 'internal' });
    const issue = await createIssueStore(flow.db).byId([2], 1);
    if (!issue) throw new Error('The issue is not there.');
    const { db } = flow;
    await deleteIssue({ db, nodestore: createSqlNodestore(db), eventstream: createSqlEventstream(db) }, issue);
    expect((await app.calls()).data).toMatchObject([{ project: { slug: 'internal' } }]);
    expect(await db.selectFrom('aiFeedback').selectAll().execute()).toEqual([]);
    await db.deleteFrom('project').where('id', '=', 1).execute();
    expect((await app.calls()).data).toEqual([]);
  });

  it('shows an answer whose issue was deleted while it came, and keeps nothing of it', async () => {
    const app = await flow.start({ endpoints: [{ model: 'slow-first-byte' }] });
    const asking = app.ask();
    await expect.poll(() => flow.near.requests.length).toBe(1);
    await flow.db.deleteFrom('issue').where('id', '=', 1).execute();
    const { sent } = await asking;
    expect(textOf(sent)).toBe('Use the absolute amount.');
    expect(sent.at(-1)).toMatchObject({ event: 'done', data: { id: null } });
    expect((await app.calls()).data).toEqual([]);
    expect(await flow.db.selectFrom('aiSuggestion').selectAll().execute()).toEqual([]);
  });

  it('forgets what is too old; its answers stay, without what they took', async () => {
    const app = await flow.start();
    await app.ask();
    flow.clock.now += 1000;
    await app.ask({}, { project: 'internal' });
    expect(await flow.store.deleteBefore(flow.clock.now)).toBe(1);
    expect((await app.calls()).data).toMatchObject([{ project: { slug: 'internal' } }]);
    const { suggestion } = (await app.get(app.pathOf())).data as { suggestion: object };
    expect(suggestion).toMatchObject({ text: 'Use the absolute amount.', id: null, cost: null, inputTokens: null });
  });
});

describe('what redaction took out', () => {
  const secrets = { email: 'ann.canary@example.com', password: 'hunter2-Canary-99', name: 'canary-user' };
  const message = `login of ${secrets.email} with password=${secrets.password}`;

  beforeEach(() => {
    for (const event_id of [FIRST, SECOND]) {
      const user = { username: secrets.name };
      flow.events.set(`default ${event_id}`, storedEvent({ event_id, user, logentry: { formatted: message } }));
    }
  });

  /** All that the database has. */
  const everything = async () => {
    const tables = ['aiPayload', 'aiSuggestion', 'aiCall', 'aiFeedback'] as const;
    const rows = await Promise.all(tables.map((table) => flow.db.selectFrom(table).selectAll().execute()));
    return JSON.stringify(rows);
  };

  it('is in no row, answer, comment or line of the export, also where people write it', async () => {
    flow.near.answer('[email 1] gave [secret 1].');
    const app = await flow.start();
    const { sent } = await app.ask({ payloadId: (await app.payload()).data['payloadId'] });
    const { id } = suggestionSchema.parse(sent.at(-1)?.data);
    const comment = `[email 1] is ${secrets.email}, ${secrets.password} of ${secrets.name}; mail bob@example.com`;
    const put = await app.request('PUT', app.pathOf('feedback/'), { id, rating: 'not_helpful', comment });
    expect(put.status).toBe(204);
    // As digest has it: words of the event as it came.
    await flow.db.updateTable('issue').set({ title: message, culprit: message }).execute();
    const exported = (await app.get('/organizations/stackmend/ai-calls/export/')).text;
    const told = [await everything(), exported, JSON.stringify((await app.calls()).data), JSON.stringify(sent)];
    for (const text of told) {
      for (const secret of [...Object.values(secrets), 'bob@example.com']) expect(text).not.toContain(secret);
    }
    expect(aiCallSchema.parse(JSON.parse(exported)).feedback).toEqual([
      { rating: 'not_helpful', comment: '[email 1] is [email 1], [secret 1] of [user]; mail [email]', user: 'local' },
    ]);
  });

  it('is told to the page for the answer that has its placeholders, while it can be told for sure', async () => {
    const app = await flow.start();
    const { sent } = await app.ask();
    const { id } = suggestionSchema.parse(sent.at(-1)?.data);
    const path = app.pathOf(`placeholders/?id=${id}`);
    const { placeholders } = (await app.get(path)).data as { placeholders: Record<string, string> };
    expect(placeholders).toMatchObject({ '[email 1]': secrets.email, '[secret 1]': secrets.password });
    // Of another event, issue or project, and of nothing.
    expect((await app.get(app.pathOf(`placeholders/?id=${id}`, { event: SECOND }))).data).toEqual({ placeholders: {} });
    expect((await app.get(app.pathOf(`placeholders/?id=${id}`, { project: 'internal' }))).status).toBe(404);
    expect((await app.get(app.pathOf('placeholders/?id=99'))).status).toBe(404);
    expect((await app.get(app.pathOf('placeholders/'))).status).toBe(400);

    // Another value comes first now: the numbers would mean others.
    const changed = `first zoe@example.com, then ${message}`;
    flow.events.set(`default ${FIRST}`, storedEvent({ event_id: FIRST, logentry: { formatted: changed } }));
    expect((await app.get(path)).data).toEqual({ placeholders: {} });
  });

  it('is told though the issue was seen again since', async () => {
    let timesSeen = 1;
    const evidenceOf = async () => ({
      context: { counts: { timesSeen: timesSeen++, userCount: 1, firstSeen: 0, lastSeen: 0 } },
      late: [],
    });
    const app = await flow.start({ evidenceOf });
    const { id } = suggestionSchema.parse((await app.ask()).sent.at(-1)?.data);
    const { data } = await app.get(app.pathOf(`placeholders/?id=${id}`));
    expect(data).toMatchObject({ placeholders: { '[email 1]': secrets.email } });
    expect(timesSeen).toBe(3);
  });
});

describe('feedback', () => {
  it('is one a user and answer, shown with the answer, taken back by who gave it', async () => {
    const app = await flow.start();
    const { id } = suggestionSchema.parse((await app.ask()).sent.at(-1)?.data);
    const feedback = app.pathOf('feedback/', { event: SECOND });
    await app.request('PUT', feedback, { id, rating: 'helpful', comment: 'Yes.' });
    await app.request('PUT', feedback, { id, rating: 'not_helpful' });
    const shown = { rating: 'not_helpful', comment: '' };
    expect((await app.get(app.pathOf())).data).toMatchObject({ suggestion: { feedback: shown } });
    expect((await onlyCall(app)).feedback).toEqual([{ ...shown, user: 'local' }]);
    expect((await app.request('DELETE', app.pathOf(`feedback/?id=${id}`))).status).toBe(204);
    expect((await app.get(app.pathOf())).data).toMatchObject({ suggestion: { feedback: null } });
    expect((await onlyCall(app)).feedback).toEqual([]);
  });

  test.each([
    ['an answer of another issue', 404, { id: '1', rating: 'helpful' }, 'internal'],
    ['no answer', 404, { id: '77', rating: 'helpful' }, 'default'],
    ['no number', 404, { id: 'x', rating: 'helpful' }, 'default'],
    ['a word of its own', 400, { id: '1', rating: 'great' }, 'default'],
    ['a comment that is a book', 400, { id: '1', rating: 'helpful', comment: 'x'.repeat(4001) }, 'default'],
  ])('is refused on %s', async (_, status, body, project) => {
    const app = await flow.start();
    await app.ask();
    expect((await app.request('PUT', app.pathOf('feedback/', { project }), body)).status).toBe(status);
  });
});
