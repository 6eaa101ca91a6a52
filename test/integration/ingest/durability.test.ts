import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSpoolWriter, type SpoolWriterOptions } from '../../../server/runner/spool-writer.ts';
import { type NewEnvelope, openSpool } from '../../../server/storage/spool.ts';
import { eventEnvelope, post } from './serve.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stackmend-durability-'));
  file = join(folder, 'spool.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function envelope(body: Buffer | string): NewEnvelope {
  return { projectId: 2, eventId: null, receivedAt: 1, remoteAddress: null, client: null, body: Buffer.from(body) };
}
function stored(): string[] {
  const spool = openSpool(file, { readonly: true });
  const rows = spool.readAfter(0, 100_000, 1e9).map(({ body }) => body.toString());
  spool.close();
  return rows;
}

describe('a 200', () => {
  it('means on disk, also when the process is killed in the middle of many', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'serve-child.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    const url = String(line).trim();
    const answered: string[] = [];
    let isRunning = true;
    const send = async (client: number): Promise<void> => {
      for (let count = 0; isRunning; count += 1) {
        const eventId = `${client}`.padStart(8, '0') + `${count}`.padStart(24, '0');
        try {
          const response = await post({ url }, eventEnvelope({}, { event_id: eventId }));
          if (response.status === 200) answered.push(eventId);
        } catch {
          return; // killed
        }
      }
    };
    const clients = Array.from({ length: 16 }, (_, client) => send(client));
    await expect.poll(() => answered.length, { timeout: 20_000 }).toBeGreaterThan(300);
    child.kill('SIGKILL');
    await once(child, 'exit');
    isRunning = false;
    await Promise.all(clients);

    const spool = openSpool(file);
    const kept = new Set(spool.readAfter(0, 1_000_000, 1e9).map(({ eventId }) => eventId));
    spool.close();
    expect(answered.filter((eventId) => !kept.has(eventId))).toEqual([]);
  });
});

describe('createSpoolWriter', () => {
  it('keeps order, whether bodies are small, large or slices of a shared pool', async () => {
    const writer = createSpoolWriter({ file });
    const bodies = Array.from({ length: 500 }, (_, index) =>
      Buffer.from(`${index} ${'x'.repeat(index % 7 === 0 ? 300_000 : index)}`),
    );
    await Promise.all(bodies.map((body) => writer.append(envelope(body))));
    await writer.close();
    expect(stored()).toEqual(bodies.map((body, index) => body.toString() || String(index)));
  });

  it('tells each commit with the highest id, deletes, and knows its depth after a restart', async () => {
    const writer = createSpoolWriter({ file });
    const marks: number[] = [];
    const end = writer.onCommitted((mark) => marks.push(mark));
    await Promise.all([writer.append(envelope('{}')), writer.append(envelope('{}'))]);
    await writer.append(envelope('{}'));
    expect(marks.at(-1)).toBe(3);
    end();
    expect(await writer.deleteUpTo(2)).toBe(2);
    expect(writer.depth().rows).toBe(1);
    await writer.append(envelope('{}'));
    expect(marks.at(-1)).toBe(3);
    await writer.close();

    const again = createSpoolWriter({ file });
    await again.ready;
    expect(again.depth().rows).toBe(2);
    await again.close();
  });

  it('writes what it took before it closes, and takes nothing afterwards', async () => {
    const writer = createSpoolWriter({ file });
    const last = writer.append(envelope('{"last":1}'));
    await writer.close();
    await last;
    expect(stored()).toEqual(['{"last":1}']);
    await expect(writer.append(envelope('{}'))).rejects.toMatchObject({ status: 503 });
    await expect(writer.deleteUpTo(9)).rejects.toMatchObject({ status: 503 });
  });

  it('says that it cannot open its file', async () => {
    const writer = createSpoolWriter({ file: join(folder, 'file-not-folder', 'x', '\0') });
    await expect(writer.ready).rejects.toThrow();
    await expect(writer.append(envelope('{}'))).rejects.toMatchObject({ status: 503, retryAfter: 5 });
    await writer.close();
  });

  it.each<[string, Partial<SpoolWriterOptions>, number, number]>([
    ['too much waits for the disk', { maxQueuedBytes: 5 }, 503, 10],
    ['digest is too many rows behind', { maxSpoolRows: 1 }, 429, 60],
    ['digest is too many bytes behind', { maxSpoolBytes: 1 }, 429, 60],
  ])('refuses when %s', async (_, options, status, retryAfter) => {
    const writer = createSpoolWriter({ file, ...options });
    await writer.append(envelope('{}'));
    const second = writer.append(envelope('{}      '));
    await expect(second).rejects.toMatchObject({ status, retryAfter });
    await writer.deleteUpTo(1);
    await writer.append(envelope('{}'));
    await writer.close();
    expect(stored()).toEqual(['{}']);
  });

  it('answers 503 when the disk is full, keeps nothing of it, and goes on', async () => {
    openSpool(file).close();
    const errors: Error[] = [];
    const writer = createSpoolWriter({ file, onError: (error) => errors.push(error), maxFileBytes: 400_000 });
    await writer.append(envelope('{}'));
    const noise = Buffer.from(Array.from({ length: 2_000_000 }, () => Math.floor(Math.random() * 256)));
    await expect(writer.append(envelope(noise))).rejects.toMatchObject({ status: 503, retryAfter: 60 });
    expect(errors[0]?.message).toMatch(/disk is full/);
    await writer.append(envelope('{"after":1}'));
    await writer.close();
    expect(stored()).toEqual(['{}', '{"after":1}']);
  });

  it('answers 503 when it cannot write, and starts anew', async () => {
    const errors: Error[] = [];
    const writer = createSpoolWriter({ file, onError: (error) => errors.push(error) });
    await writer.append(envelope('{"before":1}'));
    const other = new SQLite(file);
    other.exec('ALTER TABLE spool RENAME TO elsewhere');
    await expect(writer.append(envelope('{}'))).rejects.toMatchObject({ status: 503, retryAfter: 10 });
    await expect
      .poll(
        () =>
          writer.append(envelope('{"after":1}')).then(
            () => true,
            () => false,
          ),
        { timeout: 5_000 },
      )
      .toBe(true);
    other.close();
    await writer.close();
    expect(errors.length).toBeGreaterThan(0);
    expect(existsSync(file)).toBe(true);
    expect(stored()).toEqual(['{"after":1}']);
  });
});
