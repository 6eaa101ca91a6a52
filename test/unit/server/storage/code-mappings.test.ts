import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createCodeMappingStore } from '../../../../server/storage/code-mappings.ts';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'code-mappings-'));
const db = openDatabase(join(folder, 'test.db'));
const store = createCodeMappingStore(db, { now: () => 42 });
beforeAll(() => migrate(db));
beforeEach(() => db.deleteFrom('codeMapping').execute());
afterAll(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true });
});

const mapping = (stackRoot: string, projectId = 2) => ({
  projectId,
  stackRoot,
  sourceRoot: 'src',
  repositoryPath: '/srv/shop',
});

it('keeps mappings by project', async () => {
  const first = await store.add(mapping('/a'));
  const second = await store.add(mapping('/b'));
  const foreign = await store.add(mapping('/a', 1));
  expect(first).toEqual({
    ...mapping('/a'),
    id: first?.id,
    repositoryUrl: null,
    provider: null,
    defaultBranch: null,
    dateCreated: 42,
  });
  expect(await store.list([2])).toEqual([first, second]);
  expect(await store.list([1, 2])).toEqual([foreign, first, second]);
  expect(await store.list([])).toEqual([]);
  expect(await store.byId([2], second?.id ?? 0)).toEqual(second);
  expect(await store.byId([2], foreign?.id ?? 0)).toBeNull();
});

it('has the two roots of a project once', async () => {
  const first = await store.add(mapping('/a'));
  const second = await store.add(mapping('/b'));
  expect(await store.add(mapping('/a'))).toBeNull();
  expect(await store.update(second?.id ?? 0, mapping('/a'))).toBeNull();
  expect(await store.update(first?.id ?? 0, { ...mapping('/a'), defaultBranch: 'main' })).toEqual({
    ...first,
    defaultBranch: 'main',
  });
  expect(await store.update(999, mapping('/c'))).toBeNull();
  expect(await store.list([2])).toHaveLength(2);
});

it('removes one of these projects, once', async () => {
  const { id = 0 } = (await store.add(mapping('/a'))) ?? {};
  expect(await store.remove([1], id)).toBe(false);
  expect(await store.remove([1, 2], id)).toBe(true);
  expect(await store.remove([1, 2], id)).toBe(false);
});
