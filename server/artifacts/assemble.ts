import { randomUUID } from 'node:crypto';
import { BadRequestError } from '../protocol/errors.ts';
import type { ArtifactStore } from '../storage/artifacts.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { ArtifactLimits } from './limits.ts';
import { quote } from './manifest.ts';
import { openBundle } from './read-bundle.ts';

/** An upload whose chunks are all here, and where it goes. */
export type AssembleJob = {
  /** SHA-1 (lower-case hex) of all of it. */
  checksum: string;
  /** Those of its chunks, in order. */
  chunks: readonly string[];
  /** Whoever uploads may release to these; by slug, as the bundle may name one. */
  projects: readonly { id: number; slug: string }[];
  /** Null: what the bundle says. */
  release: string | null;
  dist: string | null;
};
/** @throws {StatusError} in words for whoever uploads */
export type Assemble = (job: AssembleJob) => Promise<void>;

/**
 * Reads an artifact bundle out of its chunks into the store, once for each project; its content is stored once. The chunks
 * are deleted when all of it is there.
 */
export async function assembleHere(store: ArtifactStore, limits: ArtifactLimits, job: AssembleJob): Promise<void> {
  const reader = await ChunkReader.open(store, job.chunks);
  const bundle = await openBundle(reader, limits);
  const checksum = await reader.sha1();
  if (checksum !== job.checksum) {
    // They are what was sent, each for itself, and would be found again by the next try.
    await store.deleteChunks(job.chunks);
    throw new BadRequestError('The parts of the upload do not make what its checksum says. Upload it again.');
  }
  const { manifest } = bundle;
  const bundleId = manifest.bundleId ?? randomUUID();
  const release = job.release ?? manifest.release;
  const dist = job.dist ?? manifest.dist;
  if (release === null && manifest.files.every(({ debugId }) => debugId === null)) {
    throw new BadRequestError(
      'No frame would find these files: they have no debug ids, and the upload names no release. Run `sentry-cli sourcemaps inject` before the upload, or upload with --release.',
    );
  }
  for (const { id: projectId } of projectsOf(job, manifest.project)) {
    await store.addBundle({ projectId, bundleId, checksum, release, dist, files: bundle.files() });
  }
  await store.deleteChunks(job.chunks);
}

/** Old tools name the project in the bundle alone. */
function projectsOf({ projects }: AssembleJob, named: string | null): AssembleJob['projects'] {
  if (projects.length === 1) return projects;
  const found = named === null ? [] : projects.filter(({ id, slug }) => slug === named || String(id) === named);
  if (named !== null && found.length === 0) throw new BadRequestError(`There is no project ${quote(named)}.`);
  return found.length > 0 ? found : projects;
}
