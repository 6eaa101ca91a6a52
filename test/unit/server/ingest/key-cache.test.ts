import { describe, expect, it } from 'vitest';
import { createKeyCache, type ProjectKey } from '../../../../server/ingest/key-cache.ts';

describe('createKeyCache', () => {
  const key: ProjectKey = { projectId: 2, isActive: true };

  it('asks once a second for a key that is known', async () => {
    let time = 0;
    let asked = 0;
    const find = createKeyCache(
      async () => {
        asked += 1;
        return key;
      },
      () => time,
    );
    expect(await find('a')).toBe(key);
    expect(find('a')).toBe(key); // at once, not as a promise
    time = 999;
    expect(find('a')).toBe(key);
    expect(asked).toBe(1);
    time = 1_000;
    expect(await find('a')).toBe(key);
    expect(asked).toBe(2);
  });

  it('asks each time for one that is not', async () => {
    let asked = 0;
    const find = createKeyCache(
      async () => {
        asked += 1;
        return null;
      },
      () => 0,
    );
    expect([await find('a'), await find('a')]).toEqual([null, null]);
    expect(asked).toBe(2);
  });

  it('forgets a key that was deleted', async () => {
    let time = 0;
    let found: ProjectKey | null = key;
    const find = createKeyCache(
      async () => found,
      () => time,
    );
    await find('a');
    found = null;
    time = 2_000;
    expect(await find('a')).toBeNull();
    time = 0;
    expect(await find('a')).toBeNull();
  });
});
