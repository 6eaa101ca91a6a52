import { describe, expect, it } from 'vitest';
import type { AssembleJob } from '../../../../server/artifacts/assemble.ts';
import { createAssembler } from '../../../../server/artifacts/assembler.ts';
import { TooLargeError } from '../../../../server/protocol/errors.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const JOB: AssembleJob = {
  checksum: 'c'.repeat(40),
  chunks: [A, B],
  projects: [{ id: 2, slug: 'default' }],
  release: 'v1',
  dist: null,
};

/** The store and the thread are told what to say; what they are asked is kept. */
function start(assemble: (job: AssembleJob) => Promise<void>, patienceMs = 60_000) {
  const chunks = new Map([
    [A, 10],
    [B, 20],
  ]);
  const stored = new Set<number>();
  const jobs: AssembleJob[] = [];
  const logged: unknown[] = [];
  const assembler = createAssembler({
    store: {
      chunkSizes: async (asked) => new Map([...chunks].filter(([chunk]) => asked.includes(chunk))),
      renew: async ({ projectId }) => stored.has(projectId),
    },
    assemble: async (job) => {
      jobs.push(job);
      await assemble(job);
    },
    limits: { maxUploadBytes: 100, maxFileBytes: 50 },
    patienceMs,
    log: (_, error) => logged.push(error),
  });
  return { ...assembler, chunks, stored, jobs, logged };
}

describe('what becomes of an upload', () => {
  it('is told at once when it is there already, in all projects', async () => {
    const { status, stored, jobs } = start(async () => {});
    const both = { ...JOB, projects: [...JOB.projects, { id: 1, slug: 'internal' }] };
    stored.add(2);
    expect(await status(JOB)).toEqual({ state: 'ok', missingChunks: [] });
    expect(jobs).toEqual([]);
    expect(await status(both)).toMatchObject({ state: 'ok' });
    expect(jobs).toMatchObject([{ projects: [{ id: 1 }] }]);
  });

  it('is which chunks are missing, each once', async () => {
    const { status, chunks, jobs } = start(async () => {});
    chunks.delete(B);
    expect(await status({ ...JOB, chunks: [B, A, B] })).toEqual({ state: 'not_found', missingChunks: [B] });
    expect(jobs).toEqual([]);
  });

  it('is waited for, and told as it is after a while; who asks again begins no other', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { status, jobs } = start(() => promise, 5);
    expect(await status(JOB)).toEqual({ state: 'assembling', missingChunks: [] });
    const again = [status(JOB), status(JOB)];
    resolve();
    await Promise.all(again);
    expect(jobs).toHaveLength(1);
  });

  it('is refused for its size before any of it is read', async () => {
    const { status, chunks, jobs } = start(async () => {});
    chunks.set(A, 99);
    const told = await status(JOB);
    expect(told).toMatchObject({ state: 'error', detail: expect.stringContaining('artifacts.max-upload-bytes') });
    expect(jobs).toEqual([]);
  });

  it('is its fault in words, told once: the next try is a new one', async () => {
    let fault: Error | null = new TooLargeError('Too large: split it.');
    const { status, jobs, logged } = start(async () => {
      if (fault) throw fault;
    });
    expect(await status(JOB)).toEqual({ state: 'error', missingChunks: [], detail: 'Too large: split it.' });
    fault = null;
    expect(await status(JOB)).toMatchObject({ state: 'ok' });
    expect(jobs).toHaveLength(2);
    expect(logged).toEqual([]);
  });

  it('is its fault also for who asks after it happened', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    const { status, jobs } = start(() => promise, 5);
    expect(await status(JOB)).toMatchObject({ state: 'assembling' });
    reject(new TooLargeError('Too large: split it.'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await status(JOB)).toMatchObject({ state: 'error', detail: 'Too large: split it.' });
    expect(jobs).toHaveLength(1);
  });

  it('keeps what went wrong on our side in the log', async () => {
    const { status, logged } = start(async () => {
      throw new Error('/secret/path');
    });
    const told = await status(JOB);
    expect(told).toMatchObject({ state: 'error', detail: expect.stringContaining('in the log') });
    expect(JSON.stringify(told)).not.toContain('secret');
    expect(logged).toHaveLength(1);
  });

  it('is one at a time, and not for ever more of them', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let running = 0;
    let most = 0;
    const { status } = start(async () => {
      running += 1;
      most = Math.max(most, running);
      await promise;
      running -= 1;
    });
    const all = Array.from({ length: 64 }, (_, index) => status({ ...JOB, release: `v${index}` }));
    await new Promise((wait) => setImmediate(wait));
    await expect(status({ ...JOB, release: 'one more' })).rejects.toMatchObject({ status: 503 });
    resolve();
    expect((await Promise.all(all)).every(({ state }) => state === 'ok')).toBe(true);
    expect(most).toBe(1);
    expect(await status({ ...JOB, release: 'one more' })).toMatchObject({ state: 'ok' });
  });
});
