import type { GeneratedUrl, Located, Lookup, Place } from './locate.ts';

/** Answers about files that are remembered. */
const MAX_KNOWN = 5000;

/**
 * Where files were found, as long as nothing is uploaded or removed: the events of one program ask for the same again
 * and again.
 *
 * @param version changes whenever anything was written to the database
 */
export function createRemembered(version: () => Promise<unknown>, store: Pick<Lookup, 'uploads'>) {
  const files = new Map<string, Located>();
  const sources = new Map<string, Located['map']>();
  /** What each project had when it was last asked, and those that were asked since the last change. */
  const uploads = new Map<number, string>();
  const asked = new Set<number>();
  let lastVersion: unknown;

  return {
    /** Before each event. Most that is written is an event of digest's, so it is asked whether it was an upload. */
    renew: async (projectId: number): Promise<void> => {
      const current = await version();
      if (current !== lastVersion) asked.clear();
      lastVersion = current;
      if (asked.has(projectId)) return;
      asked.add(projectId);
      const { bundles, newest } = await store.uploads(projectId);
      const state = `${bundles}:${newest}`;
      if (uploads.get(projectId) === state) return;
      uploads.set(projectId, state);
      files.clear();
      sources.clear();
    },

    /** By address. @param find asked for those that are not known, answers in their order */
    located: async (
      place: Place,
      wanted: readonly GeneratedUrl[],
      find: (open: GeneratedUrl[]) => Promise<Located[]>,
    ): Promise<Map<string, Located>> => {
      if (files.size + wanted.length > MAX_KNOWN) files.clear();
      const keys = new Map(wanted.map(({ url, debugId }) => [url, keyOf(place, url, debugId)]));
      const open = wanted.filter(({ url }) => !files.has(keys.get(url) ?? ''));
      const found = open.length > 0 ? await find(open) : [];
      for (const [index, { url }] of open.entries()) {
        const located = found[index];
        if (located) files.set(keys.get(url) ?? '', located);
      }
      return new Map(
        [...keys].flatMap(([url, key]) => {
          const located = files.get(key);
          return located ? [[url, located] as const] : [];
        }),
      );
    },

    source: async (place: Place, url: string, bundle: number, find: () => Promise<Located['map']>) => {
      const key = keyOf(place, url, bundle);
      const known = sources.get(key);
      if (known !== undefined) return known;
      const found = await find();
      if (sources.size >= MAX_KNOWN) sources.clear();
      sources.set(key, found);
      return found;
    },
  };
}

function keyOf({ projectId, release, dist }: Place, url: string, of: string | number | null): string {
  return JSON.stringify([projectId, release, dist, url, of]);
}
