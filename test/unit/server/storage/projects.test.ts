import { expect, it } from 'vitest';
import { createProjectStore } from '../../../../server/storage/projects.ts';
import { temporaryDatabase } from '../../../integration/api/seed.ts';

it('makes a project with a key that ingest finds, and none under a slug that is taken', async () => {
  const { db, close } = await temporaryDatabase();
  try {
    const projects = createProjectStore(db);
    const shop = await projects.create({ slug: 'shop', name: 'Shop' });
    expect(shop).toMatchObject({ id: 3, slug: 'shop', platform: null, firstEvent: null, isInternal: false });
    const [key] = await projects.keys(shop.id);
    expect(key?.publicKey).toMatch(/^[0-9a-f]{32}$/);
    expect(await projects.findKey(key?.publicKey ?? '')).toEqual({ projectId: 3, isActive: true });
    expect(await projects.findKey('nobody')).toBeNull();
    await expect(projects.create({ slug: 'shop', name: 'Other' })).rejects.toMatchObject({ status: 409 });
    expect(await projects.bySlug('shop')).toEqual(shop);
    expect(await projects.byId(99)).toBeNull();
    expect((await projects.list()).map(({ slug }) => slug)).toEqual(['default', 'internal', 'shop']);
  } finally {
    await close();
  }
});
