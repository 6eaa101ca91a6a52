import { describe, expect, it } from 'vitest';
import type { MetricsBackend } from '../../../../server/metrics/backend.ts';
import { createMetrics, type Tags } from '../../../../server/metrics/metrics.ts';

describe('createMetrics', () => {
  it('counts by key and tags, whatever their order', () => {
    const metrics = createMetrics();
    metrics.incr('a');
    metrics.incr('a', 2, { x: '1', y: '2' });
    metrics.incr('a', 3, { y: '2', x: '1' });
    expect(metrics.counts()).toEqual([
      { key: 'a', tags: {}, value: 1 },
      { key: 'a', tags: { x: '1', y: '2' }, value: 5 },
    ]);
  });

  it('hands out copies', () => {
    const metrics = createMetrics();
    const tags = { x: '1' };
    metrics.incr('a', 1, tags);
    tags.x = '2';
    for (const count of metrics.counts()) count.value = 99;
    expect(metrics.counts()).toEqual([{ key: 'a', tags: { x: '1' }, value: 1 }]);
  });

  it('leaves out an amount that is no number, which would stay for ever', () => {
    const metrics = createMetrics();
    metrics.incr('a', Number.NaN);
    metrics.incr('a', 1);
    expect(metrics.counts()).toEqual([{ key: 'a', tags: {}, value: 1 }]);
  });

  it('stays bounded when tags are not', () => {
    const metrics = createMetrics();
    for (let index = 0; index < 20_000; index += 1) metrics.incr('a', 1, { index: String(index) });
    const counts = metrics.counts();
    expect(counts.length).toBeLessThanOrEqual(10_001);
    expect(counts.reduce((sum, { value }) => sum + value, 0)).toBe(20_000);
  });
});

type Call = [kind: string, key: string, value: number, tags: Tags];

/** A backend that remembers, and fails when told to. */
function recording() {
  const calls: Call[] = [];
  const state = { fails: false };
  const record = (kind: string) => (key: string, value: number, tags: Tags) => {
    if (state.fails) throw new Error('away');
    calls.push([kind, key, value, tags]);
  };
  const backend: MetricsBackend = {
    incr: record('incr'),
    gauge: record('gauge'),
    timing: record('timing'),
    close: async () => {},
  };
  return { calls, state, backend };
}

describe('a backend behind the registry', () => {
  it('is told everything, under the prefix as it is', () => {
    const { backend, calls } = recording();
    const metrics = createMetrics({ backend, prefix: 'shop.' });
    metrics.incr('a', 2, { x: '1' });
    metrics.gauge('b', 3);
    metrics.timing('c', 4.5, { step: 'save' });
    expect(calls).toEqual([
      ['incr', 'shop.a', 2, { x: '1' }],
      ['gauge', 'shop.b', 3, {}],
      ['timing', 'shop.c', 4.5, { step: 'save' }],
    ]);
    expect(metrics.counts()).toEqual([{ key: 'a', tags: { x: '1' }, value: 2 }]);
  });

  it('does not get more combinations of tags than are kept', () => {
    const { backend, calls } = recording();
    const metrics = createMetrics({ backend });
    for (let index = 0; index < 10_100; index += 1) metrics.incr('a', 1, { index: String(index) });
    expect(new Set(calls.map(([, , , tags]) => JSON.stringify(tags))).size).toBe(10_001);
  });

  it('may fail: nobody who counts notices, and the registry counts on', () => {
    const { backend, state } = recording();
    const errors: unknown[] = [];
    const metrics = createMetrics({ backend, onError: (error) => errors.push(error) });
    state.fails = true;
    metrics.incr('a');
    metrics.gauge('b', 1);
    metrics.timing('c', 1);
    expect(errors).toHaveLength(3);
    expect(metrics.counts()).toEqual([{ key: 'a', tags: {}, value: 1 }]);
  });
});

describe('timer', () => {
  const start = () => {
    const { backend, calls, state } = recording();
    let time = 100;
    const clock = () => {
      time += 25;
      return time;
    };
    return { metrics: createMetrics({ backend, clock }), calls, state };
  };

  it('says success, with the tags that it was given and that the work added', async () => {
    const { metrics, calls } = start();
    const tags = { x: '1' };
    const value = await metrics.timer(
      'a',
      async (told) => {
        told['y'] = '2';
        return 7;
      },
      tags,
    );
    expect(value).toBe(7);
    expect(calls).toEqual([['timing', 'a', 25, { x: '1', y: '2', result: 'success' }]]);
    expect(tags).toEqual({ x: '1' });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
  ])('says failure when the work %s, and throws the same', async (_, work) => {
    const { metrics, calls } = start();
    await expect(metrics.timer('a', work)).rejects.toThrow('no');
    expect(calls).toEqual([['timing', 'a', 25, { result: 'failure' }]]);
  });

  it('hands the result over though the backend fails', async () => {
    const { metrics, state } = start();
    state.fails = true;
    expect(await metrics.timer('a', () => 7)).toBe(7);
  });
});
