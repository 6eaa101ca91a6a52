/** The real SDK through the multiplexing transport, to an endpoint on each side. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as Sentry from '@sentry/node';
import { afterEach, describe, expect, it } from 'vitest';
import { parseEnvelope } from '../../../server/protocol/envelope.ts';
import type { CaptureRules } from '../../../server/sdk/capture-anything.ts';
import { configureSdk, type Sdk, type SdkDeps } from '../../../server/sdk/configure-sdk.ts';
import { countLines } from '../../unit/server/sdk/envelopes.ts';
import { type Endpoint, type SentEvent, startEndpoint, toEvent } from './endpoint.ts';

process.env['no_proxy'] = '127.0.0.1';
const CANARY = 'canary-4f1c';
const root = join(import.meta.dirname, '..', '..', '..');

let sdk: Sdk | undefined;
const endpoints: Endpoint[] = [];
// Each SDK of this process listens for uncaught errors for good.
const listeners = process.listeners('uncaughtException');
afterEach(async () => {
  await sdk?.close(1000);
  for (const added of process.listeners('uncaughtException')) {
    if (!listeners.includes(added)) process.off('uncaughtException', added);
  }
  await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.close()));
});

type Changes = Partial<Pick<SdkDeps, 'allow'>> & { rules?: Partial<CaptureRules>; dsn?: string; relayDsn?: string };

function configure({ dsn = '', relayDsn = '', rules, allow = () => true }: Changes) {
  const { incr, lines } = countLines();
  const logged: string[] = [];
  sdk = configureSdk({
    config: { dsn, relayDsn, environment: 'test', release: '', sampleRate: 1 },
    version: '1.2.3',
    rules: { upstreamMetrics: false, upstreamMetricsSampleRate: 0, relaySampleRate: 1, ...rules },
    internalProject: 1,
    incr,
    allow,
    log: (message) => void logged.push(message),
  });
  return { sdk, lines, logged };
}

async function startBoth(rules?: Partial<CaptureRules>) {
  const [upstream, relay] = [await startEndpoint(11), await startEndpoint(12)];
  endpoints.push(upstream, relay);
  return { upstream, relay, ...configure({ dsn: upstream.dsn, relayDsn: relay.dsn, rules }) };
}

/** A project that keeps what is appended to it. */
function project(findKey: () => Promise<string | null> = async () => 'f'.repeat(32)) {
  const events: SentEvent[] = [];
  const append = async (body: Buffer) => void events.push(...parseEnvelope(body).items.map(toEvent));
  return { events, findKey, append };
}

describe("text of users' events", () => {
  it('reaches the relay and never upstream, wherever it is in an error', async () => {
    const { sdk, upstream, relay } = await startBoth();
    const cause = new SyntaxError(`Unexpected token of ${CANARY}\n    at ${CANARY} (${root}/server/x.ts:1:1)`);
    const error = Object.assign(new Error(`Cannot digest "${CANARY}"`, { cause }), { event: { message: CANARY } });
    sdk.captureException(error, { project: 2, during: `GET /${CANARY} failed` });
    // The SDK's own functions, as any package may call them: the client is the process's.
    await expect.poll(() => relay.events().length).toBe(1);
    Sentry.withScope((scope) => {
      scope.setExtra('payload', CANARY).setUser({ id: CANARY }).setTag('shop', CANARY);
      scope.setContext('event', { payload: CANARY }).addBreadcrumb({ message: CANARY });
      scope.addAttachment({ filename: 'event.json', data: CANARY });
      console.error(new Error(CANARY));
      Sentry.captureException(new TypeError(CANARY));
      Sentry.captureMessage(CANARY);
      Sentry.captureFeedback({ message: CANARY });
    });
    await expect.poll(() => [relay.events().length, upstream.events().length]).toEqual([3, 3]);
    await sdk.close(2000);

    expect(relay.text().split(CANARY).length).toBeGreaterThan(10);
    expect(upstream.text()).not.toContain('canary');
    expect(upstream.types()).toEqual(['event', 'event', 'event']);
    expect(upstream.events()[0]).toMatchObject({
      environment: 'test',
      release: 'stackmend@1.2.3',
      tags: { processing_event_for_project: '2' },
      exception: { values: [{ type: 'SyntaxError' }, { type: 'Error', mechanism: { handled: true } }] },
    });
    const frames = upstream.events()[0]?.exception?.values[1]?.stacktrace?.frames ?? [];
    expect(frames.at(-1)).toMatchObject({ filename: 'app:///test/integration/sdk/client.test.ts', in_app: true });
    expect(Object.keys(frames.at(-1) ?? {}).toSorted()).toEqual(['colno', 'filename', 'in_app', 'lineno']);
    expect(relay.events()[0]?.exception?.values[1]?.stacktrace?.frames.at(-1)).toHaveProperty('context_line');
  });
});

describe('metrics of the SDK itself', () => {
  it.each([
    ['go to the relay alone', {}, []],
    ['go upstream too while the switch is on', { upstreamMetrics: true }, ['trace_metric']],
    ['go upstream too at a rate of 1', { upstreamMetricsSampleRate: 1 }, ['trace_metric']],
  ])('%s', async (_, rules, expected) => {
    const { sdk, upstream, relay, lines } = await startBoth(rules);
    sdk.captureException(new Error('so that it is loaded'));
    await expect.poll(() => relay.types()).toEqual(['event']);
    Sentry.metrics.count('checkout', 1);
    expect(await sdk.close(2000)).toBe(true);
    expect(relay.types()).toEqual(['event', 'trace_metric']);
    expect(upstream.types()).toEqual(['event', ...expected]);
    expect(lines.filter((line) => line === 'internal.uncaptured.events.upstream filtered')).toHaveLength(
      1 - expected.length,
    );
  });
});

describe('a side that fails', () => {
  it('does not keep the other waiting, nor the end beyond its deadline', async () => {
    const { sdk, upstream, relay, lines } = await startBoth();
    upstream.answer('never');
    sdk.captureException(new Error('one'));
    await expect.poll(() => relay.events()).toHaveLength(1);
    await expect.poll(() => upstream.requests()).toBe(1);
    const startedAt = performance.now();
    expect(await sdk.close(500)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(900);
    expect(lines).toContain('internal.sent_requests.upstream.events');
    expect(lines).toContain('internal.sent_requests.relay.events');
  });

  it('is unhealthy, which is logged, and counted as one that failed', async () => {
    const { sdk, upstream, relay, lines, logged } = await startBoth();
    upstream.answer(500);
    sdk.captureException(new Error('one'));
    await expect.poll(() => lines).toContain('internal.uncaptured.events.upstream failed');
    expect(relay.events()).toHaveLength(1);
    expect(sdk.isHealthy()).toBe(false);
    await expect.poll(() => logged).toEqual([expect.stringContaining('was not taken: look at sdk.dsn')]);
  });

  it('that limits its rate is not asked again, and no request is counted', async () => {
    const { sdk, upstream, relay, lines } = await startBoth();
    upstream.answer(429);
    for (const name of ['one', 'two']) {
      sdk.captureException(new Error(name));
      await expect.poll(() => relay.events().some((event) => event.exception?.values[0]?.value === name)).toBe(true);
      await expect
        .poll(() => lines.filter((line) => line === 'internal.uncaptured.events.upstream failed').length)
        .toBe(relay.events().length);
    }
    expect(upstream.requests()).toBe(1);
    expect(lines.filter((line) => line === 'internal.sent_requests.upstream.events')).toHaveLength(1);
    expect(lines.filter((line) => line === 'internal.captured.events.upstream')).toHaveLength(2);
  });
});

describe('the internal project', () => {
  it('gets what was captured before it was there', async () => {
    const { sdk, lines } = configure({});
    sdk.captureException(new Error('early'));
    const internal = project();
    await sdk.connectRelay(internal);
    await expect.poll(() => internal.events).toHaveLength(1);
    expect(internal.events[0]?.exception?.values[0]?.value).toBe('early');
    expect(lines).toContain('internal.sent_requests.relay.events');
  });

  it('gets no error of its own digest, and none that is unsafe; upstream gets both', async () => {
    const upstream = await startEndpoint(11);
    endpoints.push(upstream);
    const { sdk, lines } = configure({ dsn: upstream.dsn });
    const internal = project();
    await sdk.connectRelay(internal);
    sdk.captureException(new Error('its own'), { project: 1 });
    sdk.captureException(new Error('of the spool'), { isUnsafe: true });
    sdk.captureException(new Error("another's"), { project: 2 });
    await expect.poll(() => upstream.events()).toHaveLength(3);
    await sdk.close(1000);
    expect(internal.events.map((event) => event.exception?.values[0]?.value)).toEqual(["another's"]);
    expect(lines.filter((line) => line === 'internal.uncaptured.events.relay unsafe')).toHaveLength(2);
  });

  it.each([
    ['is switched off', async () => null, 'internal-error.no-project-available'],
    ['cannot be found', () => Promise.reject(new Error('no table')), 'internal-error.unable-to-fetch-project'],
  ])('gets nothing where its key %s, which is logged and stops nothing', async (_, findKey, line) => {
    const { sdk, lines, logged } = configure({});
    const internal = project(findKey);
    await sdk.connectRelay(internal);
    sdk.captureException(new Error('x'));
    expect(await sdk.close(1000)).toBe(true);
    expect(internal.events).toEqual([]);
    expect(logged).toEqual([line]);
    expect(lines).not.toContain('internal.captured.events.relay');
  });

  it('is not asked for where the relay has a DSN', async () => {
    const { sdk, relay, logged } = await startBoth();
    const internal = project(() => Promise.reject(new Error('asked')));
    await sdk.connectRelay(internal);
    sdk.captureException(new Error('x'));
    await expect.poll(() => relay.events()).toHaveLength(1);
    expect([logged, internal.events]).toEqual([[], []]);
  });
});

describe('an SDK that is not there', () => {
  it('because it is being loaded keeps the first errors, and counts the rest', async () => {
    const { sdk, lines } = configure({});
    for (let count = 0; count < 12; count += 1) sdk.captureException(new Error(`${count}`));
    const internal = project();
    await sdk.connectRelay(internal);
    await expect.poll(() => internal.events).toHaveLength(10);
    expect(lines.filter((line) => line === 'internal.uncaptured.errors not_ready')).toHaveLength(2);
  });

  it('because it cannot be set up is logged, and harms nobody', async () => {
    const { sdk, logged } = configure({ dsn: `http://${'a'.repeat(32)}@127.0.0.1:1/1`, relayDsn: 'nonsense' });
    sdk.captureException(new Error('x'));
    const internal = project();
    await sdk.connectRelay(internal);
    sdk.captureException(new Error('y'));
    expect(await sdk.close(100)).toBe(true);
    expect(logged).toEqual(['The SDK cannot be set up: errors of the server are only logged.']);
    expect(internal.events).toEqual([]);
  });
});

describe('what repeats', () => {
  it('is counted and told as lost, by its class and place and not by its words', async () => {
    const seen: string[] = [];
    const allow = (fingerprint: string) => {
      seen.push(fingerprint);
      return seen.filter((one) => one === fingerprint).length <= 2;
    };
    const upstream = await startEndpoint(11);
    endpoints.push(upstream);
    const { sdk, lines } = configure({ dsn: upstream.dsn, allow });
    const internal = project();
    await sdk.connectRelay(internal);
    for (let count = 0; count < 5; count += 1) sdk.captureException(new Error(`${CANARY} ${count}`));
    sdk.captureException(new TypeError('elsewhere'));
    await sdk.close(1000);
    expect(internal.events.filter((event) => event.exception)).toHaveLength(3);
    expect(new Set(seen).size).toBe(2);
    expect(seen.join()).not.toContain(CANARY);
    expect(lines.filter((line) => line === 'internal.uncaptured.errors repeated')).toHaveLength(3);
    const [report] = upstream
      .items()
      .filter(({ headers }) => headers.type === 'client_report')
      .map(toEvent);
    expect(report?.['discarded_events']).toEqual([{ reason: 'ratelimit_backoff', category: 'error', quantity: 3 }]);
  });
});

describe('an error that nobody caught', () => {
  it.each([
    ['thrown', "setTimeout(() => { throw new RangeError('thrown'); });", 'RangeError'],
    ['rejected', "Promise.reject(new RangeError('rejected'));", 'RangeError'],
    // The SDK's own integration would let the process live on after this one.
    ['rejected as an abort', "Promise.reject(Object.assign(new Error('gone'), { name: 'AbortError' }));", 'AbortError'],
  ])('%s: is told, and ends the process as Node does', async (_, code, type) => {
    const relay = await startEndpoint(12);
    endpoints.push(relay);
    const program = `
      import { openClient } from ${JSON.stringify(pathToFileURL(join(root, 'server/sdk/open-client.ts')).href)};
      openClient({
        config: { dsn: '', relayDsn: ${JSON.stringify(relay.dsn)}, environment: 'test', release: '', sampleRate: 1 },
        version: '1', rules: { upstreamMetrics: false, upstreamMetricsSampleRate: 0, relaySampleRate: 1 },
        internalProject: 1, incr: () => {}, log: () => {},
      });
      setTimeout(() => console.log('lived on'), 5000);
      ${code}`;
    const run = (text: string) =>
      new Promise<{ code: number | null; output: string }>((resolve) => {
        const child = spawn(process.execPath, ['--input-type=module', '--eval', text]);
        let output = '';
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (chunk) => {
            output += chunk;
          });
        child.once('close', (code) => resolve({ code, output }));
      });
    const [ended, asNode] = await Promise.all([run(program), run(code)]);
    expect(ended.code).toBe(asNode.code);
    expect(ended.output).toContain(type);
    expect(ended.output).not.toContain('lived on');
    expect(relay.events()).toMatchObject([
      { level: 'fatal', exception: { values: [{ type, mechanism: { handled: false } }] } },
    ]);
  });
});
