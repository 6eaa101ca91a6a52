import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../../server/metrics/metrics.ts';

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
