/** A symbolicator that dies or is slow: the event is kept as it came, digest goes on, and another try maps it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { digestPending } from '../../../server/digest/digest.ts';
import { createSymbolicateBatch } from '../../../server/digest/symbolicate.ts';
import type { SourceMapDebug } from '../../../server/protocol/contract.ts';
import { createSymbolicator, type Symbolicator } from '../../../server/runner/symbolicator.ts';
import { createArtifactStore } from '../../../server/storage/artifacts.ts';
import { startServer } from '../../server.ts';
import { buildProgram } from '../../unit/server/artifacts/symbolicate/built.ts';
import { openDigest } from '../digest/harness.ts';
import { ask, browserEvent, PATIENCE_MS, placesOf, send, stored, upload } from './harness.ts';

const FRAME = { url: 'https://shop.example/a.js', line: 1, column: 1, function: 't' };
const REQUEST = { projectId: 2, release: '1', dist: null, debugIds: [], stacks: [[FRAME]] };

describe('the real server', { timeout: PATIENCE_MS }, () => {
  it('lives on after maps that would take all memory, and maps what comes behind them', async () => {
    const [server, built] = await Promise.all([startServer(), buildProgram()]);
    try {
      const files = [{ text: built.code }, { url: '~/assets/index.js.map', text: built.map }];
      await upload(server, { release: '1', files });
      // Of fifteen million objects; of sixteen million mappings; of fifty million lines.
      const bombs = [
        `{"version":3,"mappings":"AAAA","sources":[${'{},'.repeat(15_000_000)}0]}`,
        `{"version":3,"sources":["a"],"mappings":"${'A,'.repeat(16_000_000)}"}`,
        `{"version":3,"sources":["a"],"mappings":"${';'.repeat(50_000_000)}"}`,
        `{"version":3,"sources":[],"mappings":"","x":${'['.repeat(25_000_000)}${']'.repeat(25_000_000)}}`,
      ];
      for (const [index, text] of bombs.entries()) {
        await upload(server, { release: '1', files: [{ url: `~/bomb${index}.js.map`, text }] });
      }
      const deadly = bombs.map((_, index) => {
        const frames = [{ ...FRAME, url: `https://shop.example/bomb${index}.js` }];
        return browserEvent({ frames, release: '1', type: 'BombError' });
      });
      const ids = await send(server, ...deadly, browserEvent({ frames: built.frames, release: '1' }));
      const fine = ids.pop() ?? '';
      expect(placesOf(await stored(server, fine)).at(-1)).toBe('charge ../../src/checkout.ts:7');
      for (const id of ids) {
        expect(placesOf(await stored(server, id))).toHaveLength(1);
        const { frames } = await ask<SourceMapDebug>(server, 'GET', `events/${id}/source-map-debug/`);
        expect(frames).toMatchObject([
          { reason: 'source_map_unreadable', detail: expect.stringContaining('more than') },
        ]);
      }
    } finally {
      await server.stop();
    }
  });
});

describe('digest', { timeout: PATIENCE_MS }, () => {
  it.each([
    ['is slow', () => new Promise<never>((_, reject) => setTimeout(() => reject(new Error('It was too slow.')), 5))],
    ['rejects', () => Promise.reject(new Error('It was too slow.'))],
    ['answers nonsense', async () => ({ stacks: [[{ status: 'mapped' }]] }) as never],
  ])('saves every event once when the symbolicator %s', async (_, symbolicate) => {
    const digest = await openDigest();
    try {
      const artifacts = createArtifactStore(digest.db);
      await artifacts.addBundle({ projectId: 2, bundleId: 'b', checksum: 'c', release: '1', dist: null, files: [] });
      const services = {
        ...digest.services,
        symbolicate: createSymbolicateBatch({ artifacts, symbolicate, now: Date.now }),
      };
      for (let index = 0; index < 5; index += 1) {
        digest.spool.append([
          {
            projectId: 2,
            eventId: String(index).repeat(32),
            receivedAt: Date.now(),
            remoteAddress: null,
            client: null,
            body: Buffer.from(
              `{}\n{"type":"event"}\n${JSON.stringify(browserEvent({ frames: [FRAME], release: '1' }))}\n`,
            ),
          },
        ]);
      }
      expect((await digestPending(services, { limit: 100 })).digested).toBe(5);
      expect((await digestPending(services, { limit: 100 })).digested).toBe(0);
      const rows = await digest.db.selectFrom('event').select('eventId').execute();
      expect(rows.map(({ eventId }) => eventId)).toEqual(['0', '1', '2', '3', '4'].map((digit) => digit.repeat(32)));
      expect(await digest.db.selectFrom('deadLetter').selectAll().execute()).toEqual([]);
    } finally {
      await digest.close();
    }
  });

  it('asks nobody about events that have no such frames, nor for projects without uploads', async () => {
    const digest = await openDigest();
    try {
      const artifacts = createArtifactStore(digest.db);
      const batch = createSymbolicateBatch({
        artifacts,
        symbolicate: () => Promise.reject(new Error('asked')),
        now: Date.now,
      });
      const events = [browserEvent({ frames: [FRAME] }), { platform: 'python' }] as never[];
      expect(await batch(events)).toEqual(events);
    } finally {
      await digest.close();
    }
  });
});

describe('the thread', { timeout: PATIENCE_MS }, () => {
  let symbolicator: Symbolicator;
  let folder: Awaited<ReturnType<typeof openDigest>>;
  afterEach(async () => {
    await symbolicator.close();
    await folder.close();
  });

  /** Its first life does as it is told; the next ones answer. */
  async function withThread(firstLife: string, options = {}) {
    folder = await openDigest();
    const marker = join(folder.directory, 'lived');
    const script = join(folder.directory, 'thread.mjs');
    writeFileSync(
      script,
      `import { existsSync, writeFileSync } from 'node:fs';
       import { parentPort, workerData } from 'node:worker_threads';
       const isFirst = !existsSync(${JSON.stringify(marker)});
       writeFileSync(${JSON.stringify(marker)}, '');
       parentPort.on('message', () => {
         if (isFirst) { ${firstLife} }
         else parentPort.postMessage({ type: 'answer', answer: { stacks: [], refused: workerData.refused } });
       });`,
    );
    symbolicator = createSymbolicator({ file: 'none', cacheBytes: 1, thread: pathToFileURL(script), ...options });
  }

  it.each([
    ['throws', 'throw new Error("boom")', {}, /ended in the middle/],
    ['exits', 'process.exit(3)', {}, /took longer|ended/],
    ['never answers', 'for (;;);', { killAfterMs: 4000 }, /took longer/],
  ])('that %s rejects the one request, and the next one is answered', async (_, life, options, message) => {
    await withThread(life, options);
    const [first, second] = await Promise.allSettled([
      symbolicator.symbolicate(REQUEST),
      symbolicator.symbolicate(REQUEST),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(message) } });
    expect(second).toMatchObject({ status: 'fulfilled' });
  });

  it('that dies with a file is told not to read that one again', async () => {
    await withThread(
      `parentPort.postMessage({ type: 'reading', checksum: 'deadly' }); setTimeout(() => process.exit(1), 50);`,
    );
    await expect(symbolicator.symbolicate(REQUEST)).rejects.toThrow();
    expect(await symbolicator.symbolicate(REQUEST)).toHaveProperty('refused', ['deadly']);
  });

  it('that says what failed rejects with it and lives on', async () => {
    await withThread(`parentPort.postMessage({ type: 'failed', message: 'The disk is gone.' });`);
    await expect(symbolicator.symbolicate(REQUEST)).rejects.toThrow('The disk is gone.');
    await expect(symbolicator.symbolicate(REQUEST)).rejects.toThrow('The disk is gone.');
  });

  it('that idles is ended, and starts again when it is asked', async () => {
    await withThread(`parentPort.postMessage({ type: 'answer', answer: { stacks: [] } });`, { idleMs: 1 });
    await symbolicator.symbolicate(REQUEST);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await symbolicator.symbolicate(REQUEST)).toHaveProperty('refused', []);
  });

  it('that is closed answers nobody', async () => {
    await withThread('for (;;);');
    const waiting = symbolicator.symbolicate(REQUEST);
    const closed = symbolicator.close();
    await expect(waiting).rejects.toThrow(/closed/);
    await closed;
    await expect(symbolicator.symbolicate(REQUEST)).rejects.toThrow(/closed/);
  });
});
