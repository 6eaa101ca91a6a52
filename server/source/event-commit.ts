import { commitInRelease, isSurelyCommit } from './commit.ts';
import { type Git, isFullHash } from './git.ts';
import type { Repository } from './repository.ts';

export type CommitFrom = 'release' | 'release_name' | 'tag' | 'query';
export type EventRelease = {
  /** As the SDK names it. */
  release?: string | null;
  /** As the release's record has it. */
  recorded?: string | null;
  /** As whoever asks has it. */
  asked?: string | null;
};
export type EventCommit =
  | { kind: 'found'; commit: string; from: CommitFrom }
  /** It is known, and the checkout lacks it. */
  | { kind: 'unknown'; commit: string; from: CommitFrom }
  | { kind: 'none' };

type NamedCommit = { hex: string; from: CommitFrom; isSure: boolean };

/** What may be the commit, the surest first; all of it is hex. */
export function namedCommits({ release, recorded, asked }: EventRelease): NamedCommit[] {
  const inName = release ? commitInRelease(release) : null;
  const named: { text: string | null | undefined; from: CommitFrom }[] = [
    // The page hands on what the release's record says.
    { text: asked, from: asked && asked.toLowerCase() === recorded?.toLowerCase() ? 'release' : 'query' },
    { text: recorded, from: 'release' },
    { text: inName, from: 'release_name' },
  ];
  return named.flatMap(({ text, from }) => {
    const hex = text?.trim().toLowerCase() ?? '';
    if (!/^[0-9a-f]{7,64}$/.test(hex)) return [];
    return [{ hex, from, isSure: from !== 'release_name' || isSurelyCommit(hex) }];
  });
}

const KEPT_COMMITS = 1000;
const TAGS_AGE_MS = 15_000;
const KEPT_TAG_LISTS = 16;

/** Finds the commits that events are of. */
export function createEventCommits(git: Pick<Git, 'object' | 'listTags'>, now: () => number) {
  /** Full hashes by what was asked. */
  const commits = new Map<string, string>();
  const tagLists = new Map<string, { tags: Promise<Map<string, string>>; readAt: number }>();

  /** @returns its full hash; null when the repository has no such commit, or several */
  async function resolve(repository: Repository, name: string): Promise<string | null> {
    const key = `${repository.id} ${name}`;
    const known = commits.get(key);
    if (known) return known;
    const object = await git.object(repository, `${name}^{commit}`);
    // A branch may be called `deadbeef`, and git takes its name first.
    if (object?.type !== 'commit' || !(name === 'HEAD' || object.id.startsWith(name))) return null;
    if (isFullHash(name)) keep(commits, key, object.id, KEPT_COMMITS);
    return object.id;
  }

  function tagsOf(repository: Repository): Promise<Map<string, string>> {
    const known = tagLists.get(repository.id);
    if (known && now() - known.readAt < TAGS_AGE_MS) return known.tags;
    const tags = git.listTags(repository).then(parseTags);
    tags.catch(() => tagLists.delete(repository.id));
    keep(tagLists, repository.id, { tags, readAt: now() }, KEPT_TAG_LISTS);
    return tags;
  }

  /** A tag named like the release, like its version, or like that with a v. Names are compared here; git is told a hash. */
  async function byTag(repository: Repository, release: string): Promise<string | null> {
    const version = release.slice(release.lastIndexOf('@') + 1);
    const tags = await tagsOf(repository);
    const hash = [release, version, `v${version}`].map((name) => tags.get(name)).find((found) => found !== undefined);
    return hash && isFullHash(hash) ? resolveTag(repository, hash) : null;
  }

  /** An annotated tag is an object of its own, which leads to the commit. */
  async function resolveTag(repository: Repository, hash: string): Promise<string | null> {
    const object = await git.object(repository, `${hash}^{commit}`);
    return object?.type === 'commit' ? object.id : null;
  }

  return {
    resolve,
    /** @throws {GitError} */
    find: async (repository: Repository, event: EventRelease): Promise<EventCommit> => {
      const named = namedCommits(event);
      for (const { hex, from, isSure } of named) {
        const commit = await resolve(repository, hex);
        if (commit) return { kind: 'found', commit, from };
        // Another one would be a guess.
        if (isSure) return { kind: 'unknown', commit: hex, from };
      }
      const tagged = event.release ? await byTag(repository, event.release.trim()) : null;
      return tagged ? { kind: 'found', commit: tagged, from: 'tag' } : { kind: 'none' };
    },
  };
}

function parseTags(text: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const [, hash = '', name = ''] of text.matchAll(/^([0-9a-f]+) refs\/tags\/(.+)$/gm)) tags.set(name, hash);
  return tags;
}

function keep<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of [...map.keys()].slice(0, -most)) map.delete(oldest);
}
