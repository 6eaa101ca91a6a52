import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { PROMPT_VERSION } from '../../../server/ai/prompt.ts';
import { storedEvent } from '../../unit/server/ai/sample-event.ts';
import { FIRST, type Flow, type FlowOptions, openFlow, requestsTo, SECOND, textOf } from './flow-app.ts';

let flow: Flow;
beforeEach(async () => {
  flow = await openFlow();
});
afterEach(() => flow.close());

describe('several endpoints', () => {
  it('shows the first, all that there are, and what the call costs at most', async () => {
    const app = await flow.start();
    const { data } = await app.payload();
    expect(data).toMatchObject({ endpointName: 'near', endpoint: new URL(flow.near.baseUrl).host, isLocal: true });
    const { tokens, tokensFrom, answerTokens, window, cost, evidence } = data;
    expect(tokensFrom).toBe('estimate');
    expect(tokens).toBe(Math.ceil(tokens));
    expect(answerTokens).toBeLessThan(window);
    expect(cost).toBeCloseTo((tokens * 2 + answerTokens * 8) / 1_000_000, 6);
    // Nobody set a limit, so the endpoint is told none: it is no bound.
    expect(data).toMatchObject({ isAnswerLimited: false });
    const limited = await flow.start({ endpoints: [{ answerTokens: 900 }] });
    expect((await limited.payload()).data).toMatchObject({ isAnswerLimited: true, answerTokens: 900 });
    expect(evidence).toContainEqual(
      expect.objectContaining({ type: 'exception', origin: 'event', trust: 'untrusted' }),
    );
    const ends = { near: new URL(flow.near.baseUrl).host, far: new URL(flow.far.baseUrl).host };
    expect(data['endpoints']).toEqual([
      { name: 'near', host: ends.near, model: 'words', isLocal: true, detail: null },
      { name: 'far', host: ends.far, model: 'words', isLocal: false, detail: null },
    ]);
  });

  it('counts with the tokenizer of a model that has one', async () => {
    const app = await flow.start({ endpoints: [{ model: 'gpt-4o-mini' }] });
    expect((await app.payload()).data).toMatchObject({ tokensFrom: 'tokenizer', cost: null });
  });

  it('sends what was shown to the one that was chosen, and to no other', async () => {
    const app = await flow.start();
    const { payloadId, messages, cost } = (await app.payload('?endpoint=far')).data;
    expect(cost).toBeNull();
    const { sent } = await app.ask({ payloadId });
    expect(textOf(sent)).toBe('Refund with a positive amount.');
    expect(requestsTo(flow.near, flow.far)).toEqual([0, 1]);
    expect(flow.far.requests[0]?.messages).toEqual(messages);
    // Each has its own answer.
    expect((await app.get(app.pathOf())).data).toEqual({ suggestion: null });
    expect((await app.get(app.pathOf('?endpoint=far'))).data).toMatchObject({
      suggestion: { text: 'Refund with a positive amount.' },
    });
  });

  it('asks by name without a payload, the project’s own without a name, and none that is not there', async () => {
    const app = await flow.start();
    await app.ask({ endpoint: 'far' });
    expect(requestsTo(flow.near, flow.far)).toEqual([0, 1]);
    await app.settings({ endpoint: 'far' });
    expect((await app.payload()).data).toMatchObject({ endpointName: 'far' });
    await app.ask({ force: true });
    expect(requestsTo(flow.near, flow.far)).toEqual([0, 2]);
    expect(await app.payload('?endpoint=none')).toMatchObject({ status: 400, data: { detail: /near, far/ } });
    expect((await app.ask({ endpoint: 'none' })).status).toBe(400);
  });

  it('takes the first where the project’s own is not set any more', async () => {
    await (await flow.start()).settings({ endpoint: 'far' });
    const app = await flow.start({ endpoints: [{ name: 'near' }] });
    expect((await app.payload()).data).toMatchObject({ endpointName: 'near' });
    // The name may stay while the rest is changed.
    expect((await app.settings({ endpoint: 'far', localOnly: true })).status).toBe(200);
  });
});

describe('a project that is limited to local endpoints', () => {
  const restricted = { kind: 'restricted', detail: expect.stringMatching(/only to endpoints on this machine.*far/) };

  it('is sent to none that is not, whoever asks how', async () => {
    const app = await flow.start();
    const { payloadId } = (await app.payload('?endpoint=far')).data;
    await app.ask({ endpoint: 'far' }, { event: SECOND });
    await app.settings({ localOnly: true, endpoint: 'far' });

    expect(await app.payload('?endpoint=far')).toMatchObject({ status: 403, data: restricted });
    for (const body of [{ payloadId }, { endpoint: 'far' }, { endpoint: 'far', force: true }]) {
      expect(await app.ask(body)).toMatchObject({ status: 403, refused: restricted });
    }
    expect(requestsTo(flow.near, flow.far)).toEqual([0, 1]);
    // Its own is not local: the first that is, is asked.
    const { data } = await app.payload();
    expect(data).toMatchObject({ endpointName: 'near', configured: true, detail: null });
    expect(data['endpoints'][1]).toMatchObject({ name: 'far', detail: expect.stringContaining('only to endpoints') });
    expect((await app.ask()).status).toBe(200);
    expect(requestsTo(flow.near, flow.far)).toEqual([1, 1]);
    // Another project is not limited.
    expect((await app.ask({ endpoint: 'far' }, { project: 'internal' })).status).toBe(200);
  });

  it('shows what would be sent, and sends nothing, where no local one is set', async () => {
    const app = await flow.start({ endpoints: [{ name: 'far', baseUrl: flow.far.baseUrl, kind: 'compatible' }] });
    await app.settings({ localOnly: true });
    expect((await app.payload()).data).toMatchObject({ configured: false, detail: restricted.detail });
    expect(await app.ask()).toMatchObject({ status: 403, refused: restricted });
    expect(requestsTo(flow.far)).toEqual([0]);
  });
});

describe('the cache, and payloads that were shown', () => {
  type Change = { options?: FlowOptions; place?: object; rules?: string; version?: string; isFar?: boolean };
  const changes: [string, Change][] = [
    ['project', { place: { project: 'internal' } }],
    ['endpoint', { isFar: true }],
    ['name of the endpoint', { options: { endpoints: [{ name: 'other' }] } }],
    ['model', { options: { endpoints: [{ model: 'reasoning' }] } }],
    ['policy', { options: { policy: 'individual_consent' } }],
    ['set of redaction rules', { rules: 'name: iban' }],
    ['version of prompt or redaction', { version: '1.r1' }],
  ];

  test.each(changes)('never cross to another %s', async (_, { options, place, rules, version, isFar }) => {
    let app = await flow.start();
    const { payloadId } = (await app.payload()).data;
    await app.ask({ payloadId });
    const { payloadId: kept } = (await app.payload()).data;
    expect(kept).toBe(payloadId);
    expect((await app.get(app.pathOf())).data).toMatchObject({ suggestion: { text: 'Use the absolute amount.' } });

    const moved = { name: 'near', baseUrl: flow.far.baseUrl };
    if (options || isFar) app = await flow.start(options ?? { endpoints: [moved] });
    if (rules) await app.settings({ redactionRules: rules });
    if (version) {
      for (const table of ['aiSuggestion', 'aiPayload'] as const) {
        await flow.db.updateTable(table).set({ promptVersion: version }).execute();
      }
    }
    await app.request('PUT', '/users/me/ai-consent/', { consented: true });
    const before = requestsTo(flow.near, flow.far);
    expect((await app.get(app.pathOf('', place))).data).toEqual({ suggestion: null });
    expect(await app.ask({ payloadId }, place)).toMatchObject({ status: 409, refused: { kind: 'stale_payload' } });
    expect((await app.payload('', place)).data['payloadId']).not.toBe(payloadId);
    expect(requestsTo(flow.near, flow.far)).toEqual(before);
  });

  it('are those of before once all is as it was', async () => {
    const app = await flow.start();
    await app.settings({ redactionRules: 'name: iban' });
    await app.ask();
    await app.settings({ redactionRules: 'name: iban\ntext: Falcon' });
    expect((await app.get(app.pathOf())).data).toEqual({ suggestion: null });
    await app.settings({ redactionRules: 'name: iban\n' });
    expect((await app.get(app.pathOf())).data['suggestion']).not.toBeNull();
    expect(requestsTo(flow.near)).toEqual([1]);
  });

  it('have all that an answer depends on in their key', async () => {
    await (await flow.start()).ask();
    const row = await flow.db.selectFrom('aiSuggestion').selectAll().executeTakeFirstOrThrow();
    const { endpointName, endpoint, model, promptVersion, policy, rules } = row;
    expect({ endpointName, endpoint, model, promptVersion, policy, rules }).toEqual({
      endpointName: 'near',
      endpoint: flow.near.baseUrl,
      model: 'words',
      promptVersion: PROMPT_VERSION,
      policy: 'allowed',
      rules: '',
    });
  });
});

describe('redaction rules of a project', () => {
  it('are refused with the lines that cannot be read, and then nothing is changed', async () => {
    const app = await flow.start();
    const refused = await app.settings({ localOnly: true, redactionRules: 'name: iban\nhide: x\npattern: (a+)+' });
    expect(refused).toMatchObject({ status: 400 });
    expect(refused.data['detail']).toMatch(/^Line 2: .*\nLine 3: /);
    const path = '/projects/stackmend/default/ai-settings/';
    expect((await app.get(path)).data).toMatchObject({ localOnly: false, endpoint: null, redactionRules: '' });
  });

  it('hold for what is shown and sent, and for that project alone', async () => {
    flow.events.set(
      `default ${FIRST}`,
      storedEvent({ event_id: FIRST, logentry: { formatted: 'Project Falcon fails' } }),
    );
    flow.events.set(
      `internal ${FIRST}`,
      storedEvent({ event_id: FIRST, logentry: { formatted: 'Project Falcon fails' } }),
    );
    const app = await flow.start();
    await app.settings({ redactionRules: 'text: Project Falcon' });
    const { data } = await app.payload();
    expect(JSON.stringify(data)).not.toContain('Falcon');
    expect(data['redacted']).toContainEqual(expect.stringContaining('rule'));
    await app.ask({ payloadId: data['payloadId'] });
    expect(flow.near.requests[0]?.text).not.toContain('Falcon');
    expect(JSON.stringify((await app.payload('', { project: 'internal' })).data)).toContain('Project Falcon');
  });
});

describe('evidence', () => {
  it('says what was left out because it came too late', async () => {
    const late = ['source in 3 places left out: it took longer than 2 s'];
    const app = await flow.start({ evidenceOf: async () => ({ context: {}, late }) });
    expect((await app.payload()).data['leftOut']).toContain(late[0]);
    await app.ask();
    expect((await app.calls()).data[0]).toMatchObject({ leftOut: expect.arrayContaining(late) });
  });
});

describe('waiting', () => {
  it('tells why nothing comes yet, and for how long', async () => {
    let tries = 0;
    const app = await flow.start({ endpoints: [{ model: 'unset', retries: 3, concurrency: 1 }] });
    flow.near.scenario('server-error');
    const asking = app.ask();
    await expect.poll(() => requestsTo(flow.near)[0]).toBeGreaterThan(tries++);
    flow.near.scenario('words');
    const { sent } = await asking;
    expect(sent[0]).toMatchObject({ event: 'waiting', data: { reason: 'retry', seconds: 1, detail: /again/ } });
    expect(textOf(sent)).toBe('Use the absolute amount.');
    expect(sent.at(-1)?.event).toBe('done');
  });
});
