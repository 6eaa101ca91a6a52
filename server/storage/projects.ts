import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import { ConflictError } from '../protocol/errors.ts';
import type { Database, Tables } from './tables.ts';

/** Times are Unix milliseconds. `isInternal`: Stackmend's own, for its own errors. */
export type Project = {
  id: number;
  slug: string;
  name: string;
  platform: string | null;
  dateCreated: number;
  firstEvent: number | null;
  isInternal: boolean;
};
export type ProjectKey = {
  publicKey: string;
  projectId: number;
  label: string;
  isActive: boolean;
  dateCreated: number;
};

export type ProjectChange = {
  slug?: string | undefined;
  name?: string | undefined;
  platform?: string | null | undefined;
  groupingEnhancements?: string | undefined;
};
export type KeyChange = { label?: string | undefined; isActive?: boolean | undefined };

const INTERNAL_PROJECT = 1;
/** Without `groupingEnhancements`: every request reads projects, and few need the rules, which may be long. */
const COLUMNS = ['id', 'slug', 'name', 'platform', 'dateCreated', 'firstEvent'] as const;

/** Projects and their DSN keys. `byId` and `bySlug` give null for what is not there. */
export function createProjectStore(db: Database) {
  const byId = async (id: number): Promise<Project | null> => {
    const row = await db.selectFrom('project').select(COLUMNS).where('id', '=', id).executeTakeFirst();
    return row ? toProject(row) : null;
  };
  const bySlug = async (slug: string): Promise<Project | null> => {
    const row = await db.selectFrom('project').select(COLUMNS).where('slug', '=', slug).executeTakeFirst();
    return row ? toProject(row) : null;
  };

  return {
    list: async (): Promise<Project[]> =>
      (await db.selectFrom('project').select(COLUMNS).orderBy('slug').execute()).map(toProject),
    byId,
    bySlug,

    /**
     * Makes a project and its first key.
     * @throws {ConflictError} the slug is taken
     */
    create: async (added: { slug: string; name: string; platform?: string | null }): Promise<Project> => {
      const dateCreated = Date.now();
      return db.transaction().execute(async (tx) => {
        const row = await tx
          .insertInto('project')
          .values({ slug: added.slug, name: added.name, platform: added.platform ?? null, dateCreated })
          .onConflict((conflict) => conflict.column('slug').doNothing())
          .returning(COLUMNS)
          .executeTakeFirst();
        if (!row) throw slugTaken(added.slug);
        await tx
          .insertInto('projectKey')
          .values(newKey(row.id, 'Default', dateCreated))
          .execute();
        return toProject(row);
      });
    },

    /**
     * What `change` does not name stays.
     * @throws {ConflictError} the slug is another project's
     */
    update: async (id: number, change: ProjectChange): Promise<void> => {
      const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      if (Object.keys(named).length === 0) return;
      await db.transaction().execute(async (tx) => {
        const taken = await tx
          .selectFrom('project')
          .select('id')
          .where('slug', '=', change.slug ?? '')
          .where('id', '!=', id)
          .executeTakeFirst();
        if (taken) throw slugTaken(change.slug ?? '');
        await tx.updateTable('project').set(named).where('id', '=', id).execute();
      });
    },

    /** Rules for in-app frames, one a line; empty for a project that is not there. */
    groupingEnhancements: async (id: number): Promise<string> => {
      const row = await db.selectFrom('project').select('groupingEnhancements').where('id', '=', id).executeTakeFirst();
      return row?.groupingEnhancements ?? '';
    },

    /** Oldest first. */
    keys: async (projectId: number): Promise<ProjectKey[]> => {
      const rows = await db
        .selectFrom('projectKey')
        .selectAll()
        .where('projectId', '=', projectId)
        .orderBy('dateCreated')
        .orderBy('publicKey')
        .execute();
      return rows.map((row) => ({ ...row, isActive: row.isActive === 1 }));
    },

    addKey: async (projectId: number, label: string): Promise<ProjectKey> => {
      const row = newKey(projectId, label, Date.now());
      await db.insertInto('projectKey').values(row).execute();
      return { ...row, isActive: true };
    },

    /** What `change` does not name stays. @returns null when the project has no such key */
    changeKey: async (projectId: number, publicKey: string, change: KeyChange): Promise<ProjectKey | null> => {
      const { label, isActive } = change;
      const row = await db
        .updateTable('projectKey')
        .set((eb) => ({
          label: label ?? eb.ref('label'),
          isActive: isActive === undefined ? eb.ref('isActive') : Number(isActive),
        }))
        .where('projectId', '=', projectId)
        .where('publicKey', '=', publicKey)
        .returningAll()
        .executeTakeFirst();
      return row ? { ...row, isActive: row.isActive === 1 } : null;
    },

    /** What ingest asks on a cache miss: whose key is it, and may it send? */
    findKey: async (publicKey: string): Promise<{ projectId: number; isActive: boolean } | null> => {
      const row = await db
        .selectFrom('projectKey')
        .select(['projectId', 'isActive'])
        .where('publicKey', '=', publicKey)
        .executeTakeFirst();
      return row ? { projectId: row.projectId, isActive: row.isActive === 1 } : null;
    },
  };
}
export type ProjectStore = ReturnType<typeof createProjectStore>;

const slugTaken = (slug: string) =>
  new ConflictError(`A project with the slug "${slug}" exists already. Choose another slug.`);

const newKey = (projectId: number, label: string, dateCreated: number) => ({
  publicKey: randomBytes(16).toString('hex'),
  projectId,
  label,
  dateCreated,
});

function toProject(row: Pick<Selectable<Tables['project']>, (typeof COLUMNS)[number]>): Project {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    platform: row.platform,
    dateCreated: row.dateCreated,
    firstEvent: row.firstEvent,
    isInternal: row.id === INTERNAL_PROJECT,
  };
}
