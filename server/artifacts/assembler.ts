import { StatusError, UnavailableError } from '../protocol/errors.ts';
import type { ArtifactStore } from '../storage/artifacts.ts';
import type { Assemble, AssembleJob } from './assemble.ts';
import { type ArtifactLimits, tooLargeUpload } from './limits.ts';

/** What Sentry's tools are told; they ask again once a second until it is `ok` or `error`. */
export type AssembleStatus =
  | { state: 'not_found'; missingChunks: string[] }
  | { state: 'assembling' | 'ok'; missingChunks: [] }
  | { state: 'error'; missingChunks: []; detail: string };

type Running = Promise<AssembleStatus>;

/** Uploads that wait for the one that is being assembled. */
const MAX_WAITING = 64;

export type AssemblerDeps = {
  store: Pick<ArtifactStore, 'chunkSizes' | 'renew'>;
  assemble: Assemble;
  limits: ArtifactLimits;
  /**
   * How long an answer waits for its upload to be there. Tools that are not told to wait ask but once, and would never hear
   * what was wrong with theirs.
   */
  patienceMs: number;
  /** Takes faults of our own. */
  log: (message: string, error: unknown) => void;
};

/** Uploads are assembled one at a time: each is one writer more on the database, and some have hundreds of megabytes. */
export function createAssembler({ store, assemble, limits, patienceMs, log }: AssemblerDeps) {
  /** By what is uploaded, and where to. */
  const running = new Map<string, Running>();
  /** A failure that nobody heard of yet. It is told once: the next try is a new one. */
  const failures = new Map<string, AssembleStatus>();
  let last: Promise<unknown> = Promise.resolve();

  function start(key: string, job: AssembleJob): Running {
    if (running.size >= MAX_WAITING) throw new UnavailableError('Too many uploads wait. Try again in a moment.', 10);
    const done = last.then(() => run(key, job));
    last = done;
    running.set(key, done);
    return done;
  }

  async function run(key: string, job: AssembleJob): Promise<AssembleStatus> {
    const status = await outcomeOf(job);
    running.delete(key);
    if (status.state === 'error') failures.set(key, status);
    for (const oldest of failures.keys()) {
      if (failures.size <= MAX_WAITING) break;
      failures.delete(oldest);
    }
    return status;
  }

  async function outcomeOf(job: AssembleJob): Promise<AssembleStatus> {
    try {
      await assemble(job);
      return { state: 'ok', missingChunks: [] };
    } catch (error) {
      const isOurs = !(error instanceof StatusError);
      if (isOurs) log(`The upload ${job.checksum} could not be assembled`, error);
      const detail = isOurs ? 'The upload could not be stored. The reason is in the log of Stackmend.' : error.message;
      return { state: 'error', missingChunks: [], detail };
    }
  }

  async function statusOf(key: string, job: Running): Promise<AssembleStatus> {
    const status = await Promise.race([job, patience(patienceMs)]);
    if (status.state === 'error') failures.delete(key);
    return status;
  }

  /**
   * What becomes of an upload; begins to assemble it when all of its chunks are here.
   *
   * @throws {UnavailableError} too many wait
   */
  async function status(job: AssembleJob): Promise<AssembleStatus> {
    const key = JSON.stringify([job.checksum, job.release, job.dist, job.projects.map(({ id }) => id)]);
    const begun = running.get(key);
    if (begun) return statusOf(key, begun);
    const failure = failures.get(key);
    if (failures.delete(key) && failure) return failure;
    const known = await Promise.all(job.projects.map(({ id }) => store.renew({ projectId: id, ...job })));
    const projects = job.projects.filter((_, index) => !known[index]);
    if (projects.length === 0) return { state: 'ok', missingChunks: [] };
    const sizes = await store.chunkSizes(job.chunks);
    const missingChunks = [...new Set(job.chunks)].filter((chunk) => !sizes.has(chunk));
    if (missingChunks.length > 0) return { state: 'not_found', missingChunks };
    const size = job.chunks.reduce((sum, chunk) => sum + (sizes.get(chunk) ?? 0), 0);
    if (size > limits.maxUploadBytes) {
      return { state: 'error', missingChunks: [], detail: tooLargeUpload(size, limits).message };
    }
    // Another request may have begun it meanwhile.
    return statusOf(key, running.get(key) ?? start(key, { ...job, projects }));
  }

  return { status };
}
export type Assembler = ReturnType<typeof createAssembler>;

function patience(milliseconds: number): Promise<AssembleStatus> {
  return new Promise((resolve) => {
    setTimeout(() => resolve({ state: 'assembling', missingChunks: [] }), milliseconds).unref();
  });
}
