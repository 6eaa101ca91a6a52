import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { type BackendOptions, createFailureLog, createMetricsBackend } from '../../../../server/metrics/backend.ts';
import { createStatsdBackend } from '../../../../server/metrics/statsd.ts';

const options: BackendOptions = {
  backend: 'none',
  sampleRate: 1,
  statsdHost: '127.0.0.1',
  statsdPort: 8125,
  debug: () => {},
  onError: (error) => {
    throw error;
  },
};
async function open(overrides: Partial<BackendOptions>) {
  const backend = await createMetricsBackend({ ...options, ...overrides });
  if (!backend) throw new Error('There is no backend.');
  return backend;
}

it('is nothing when none is set', async () => {
  expect(await createMetricsBackend(options)).toBe(null);
});

it('logs at debug', async () => {
  const lines: [object, string][] = [];
  const backend = await open({ backend: 'logging', debug: (fields, message) => lines.push([fields, message]) });
  backend.incr('a', 2, { x: '1' });
  backend.gauge('b', 3, {});
  backend.timing('c', 4.25, {});
  expect(lines).toEqual([
    [{ tags: { x: '1' } }, 'a: +2'],
    [{ tags: {} }, 'b: 3'],
    [{ tags: {} }, 'c: 4.3 ms'],
  ]);
});

describe('statsd', () => {
  let receiver: Socket | undefined;
  afterEach(() => receiver?.close());

  /** A statsd of the test's own. */
  async function listen() {
    const packets: string[] = [];
    const socket = createSocket('udp4');
    receiver = socket;
    socket.on('message', (message) => packets.push(message.toString()));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return { packets, port: socket.address().port, socket };
  }

  it('sends lines with tags, many in one packet', async () => {
    const { packets, port, socket } = await listen();
    const backend = await open({ backend: 'statsd', statsdPort: port });
    backend.incr('stackmend.a', 2, { x: '1', y: '2' });
    backend.gauge('stackmend.b', 3, {});
    backend.timing('stackmend.c', 4.5, { step: 'save' });
    const received = once(socket, 'message');
    await backend.close();
    await received;
    expect(packets).toEqual(['stackmend.a:2|c|#x:1,y:2\nstackmend.b:3|g\nstackmend.c:4.5|ms|#step:save']);
  });

  it('sends by itself after a moment', async () => {
    const { port, socket } = await listen();
    const backend = await open({ backend: 'statsd', statsdPort: port });
    backend.incr('a', 1, {});
    const [message] = await once(socket, 'message');
    expect(String(message)).toBe('a:1|c');
    await backend.close();
  });

  it('starts a new packet before one is too large for a frame, and loses no line', async () => {
    const { packets, port } = await listen();
    const backend = await open({ backend: 'statsd', statsdPort: port });
    for (let index = 0; index < 200; index += 1) backend.incr(`key.${index}`, 1, { route: '/api/0/projects/' });
    await backend.close();
    await expect.poll(() => packets.join('\n').split('\n').length).toBe(200);
    expect(Math.max(...packets.map((packet) => packet.length))).toBeLessThanOrEqual(1400);
  });

  it('lets no tag break out of its line', async () => {
    const { port, socket } = await listen();
    const backend = await open({ backend: 'statsd', statsdPort: port });
    backend.incr('a', 1, { route: '/x/:id/|c\nb:1|c#,@' });
    const received = once(socket, 'message');
    await backend.close();
    expect(String((await received)[0])).toBe('a:1|c|#route:/x/_id/_c_b_1_c___');
  });

  it('sends the share that is set, and says which', async () => {
    const { port, socket } = await listen();
    const rolls = [0.1, 0.9, 0.2, 0.8];
    const random = () => rolls.shift() ?? 1;
    const backend = createStatsdBackend({
      host: '127.0.0.1',
      port,
      sampleRate: 0.25,
      random,
      onError: options.onError,
    });
    backend.incr('kept', 1, {});
    backend.incr('left', 1, {});
    backend.timing('kept', 5, {});
    backend.timing('left', 5, {});
    backend.gauge('always', 9, {});
    const received = once(socket, 'message');
    await backend.close();
    expect(String((await received)[0])).toBe('kept:1|c|@0.25\nkept:5|ms|@0.25\nalways:9|g');
  });
});

describe('prometheus', () => {
  async function scraped(use: (backend: Awaited<ReturnType<typeof open>>) => void) {
    const backend = await open({ backend: 'prometheus' });
    use(backend);
    const page = await backend.scrape?.();
    return page?.text.split('\n') ?? [];
  }

  it('names counts _total and times _seconds, with underscores', async () => {
    const lines = await scraped((backend) => {
      backend.incr('stackmend.http.requests', 1, { route: '/a/:id/', status: '2xx' });
      backend.incr('stackmend.http.requests', 2, { status: '2xx', route: '/a/:id/' });
      backend.gauge('stackmend.spool.rows', 7, {});
      backend.gauge('stackmend.spool.rows', 5, {});
      backend.timing('stackmend.ai.duration', 1500, { result: 'success' });
    });
    expect(lines).toContain('stackmend_http_requests_total{route="/a/:id/",status="2xx"} 3');
    expect(lines).toContain('stackmend_spool_rows 5');
    expect(lines).toContain('stackmend_ai_duration_seconds_sum{result="success"} 1.5');
    expect(lines).toContain('stackmend_ai_duration_seconds_bucket{le="1",result="success"} 0');
    expect(lines).toContain('stackmend_ai_duration_seconds_bucket{le="2.5",result="success"} 1');
  });

  it('keeps why envelopes were refused, though the first one was accepted', async () => {
    const lines = await scraped((backend) => {
      backend.incr('stackmend.ingest.envelopes', 1, { outcome: 'accepted' });
      backend.incr('stackmend.ingest.envelopes', 1, { outcome: 'refused', status: '403', reason: 'ForbiddenError' });
    });
    expect(lines).toContain('stackmend_ingest_envelopes_total{outcome="accepted"} 1');
    expect(lines).toContain(
      'stackmend_ingest_envelopes_total{outcome="refused",status="403",reason="ForbiddenError"} 1',
    );
  });

  it('counts on when a key comes with a tag that it did not have', async () => {
    const lines = await scraped((backend) => {
      backend.incr('a', 1, { x: '1' });
      backend.incr('a', 1, { x: '1', made: 'up' });
    });
    expect(lines).toContain('a_total{x="1"} 2');
  });
});

it('logs a failing backend once a minute, with how often it failed', () => {
  const lines: string[] = [];
  let time = 0;
  const failed = createFailureLog(
    (message) => lines.push(message),
    () => time,
  );
  for (let index = 0; index < 1000; index += 1) failed(new Error('away'));
  time = 60_000;
  failed(new Error('away'));
  expect(lines).toEqual([
    'Metrics could not be recorded (1 since the last message)',
    'Metrics could not be recorded (1000 since the last message)',
  ]);
});
