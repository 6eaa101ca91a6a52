import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NewEnvelope, openSpool, type Spool } from '../../../../server/storage/spool.ts';

let folder = '';
let file = '';
let spool: Spool;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stackmend-spool-'));
  file = join(folder, 'data', 'spool.db');
  spool = openSpool(file);
});
afterEach(() => {
  spool.close();
  rmSync(folder, { recursive: true });
});

function envelope(body: string, more: Partial<NewEnvelope> = {}): NewEnvelope {
  return {
    projectId: 2,
    eventId: 'a'.repeat(32),
    receivedAt: 1_790_000_000_000,
    remoteAddress: '127.0.0.1',
    client: 'sentry.python/2.0',
    body: Buffer.from(body),
    ...more,
  };
}
const bodies = (mark: number, limit = 100, maxBytes = 1e9): string[] =>
  spool.readAfter(mark, limit, maxBytes).map(({ body }) => body.toString());

describe('openSpool', () => {
  it('gives back what was put in, oldest first', () => {
    spool.append([envelope('{"a":1}\n'), envelope('{}', { eventId: null, remoteAddress: null, client: null })]);
    const [first, second] = spool.readAfter(0, 10, 1e9);
    expect(first).toEqual({ id: 1, ...envelope('{"a":1}\n') });
    expect(second).toMatchObject({ id: 2, eventId: null, remoteAddress: null, client: null });
  });

  it('keeps bytes as they are: packed by us, or by the sender, large or not text', () => {
    const random = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 251));
    spool.append([envelope('', { body: random }), envelope('', { body: random, gzip: gzipSync(random) })]);
    for (const { body } of spool.readAfter(0, 10, 1e9)) expect(body.equals(random)).toBe(true);
  });

  it('stops at the limit, and at the first that passes the bytes', () => {
    spool.append(['one', 'two', 'three', 'four'].map((body) => envelope(body)));
    expect(bodies(1, 2)).toEqual(['two', 'three']);
    expect(bodies(0, 10, 4)).toEqual(['one', 'two']);
    expect(bodies(0, 10, 1)).toEqual(['one']);
  });

  it('never hands out an id twice, also after a restart, since the mark of digest counts on it', () => {
    spool.append([envelope('one'), envelope('two')]);
    expect(spool.deleteUpTo(2)).toBe(2);
    spool.close();
    spool = openSpool(file);
    expect(spool.append([envelope('three')]).id).toBe(3);
    expect(bodies(2)).toEqual(['three']);
  });

  it('goes on after what is digested, also when its file was deleted or is behind', () => {
    spool.startAfter(70);
    expect(spool.append([envelope('{"a":1}')]).id).toBe(71);
    spool.startAfter(50);
    expect(spool.append([envelope('{"a":2}')]).id).toBe(72);
    spool.startAfter(90);
    expect(spool.append([envelope('{"a":3}')]).id).toBe(91);
  });

  it('tells its depth', () => {
    expect(spool.depth()).toEqual({ rows: 0, bytes: 0 });
    const { bytes } = spool.append([envelope('one'), envelope('two')]);
    expect(spool.depth()).toEqual({ rows: 2, bytes });
    expect(spool.depth(1).rows).toBe(1);
    spool.deleteUpTo(1);
    expect(spool.depth().rows).toBe(1);
  });

  it('stores all of a transaction or nothing', () => {
    const fail = (): void =>
      spool.atomically(() => {
        spool.append([envelope('one')]);
        throw new Error('power cut');
      });
    expect(fail).toThrow('power cut');
    expect(spool.depth().rows).toBe(0);
  });

  it('gives its pages back once it is empty after a flood, and keeps counting', () => {
    const flood = Array.from({ length: 5 }, () => envelope('', { body: randomBytes(15_000_000) }));
    spool.append(flood);
    spool.deleteUpTo(4);
    const sizeOf = (): number => {
      const sqlite = new SQLite(file, { readonly: true });
      const pages = Number(sqlite.pragma('page_count', { simple: true }));
      sqlite.close();
      return pages * 16_384;
    };
    expect(sizeOf()).toBeGreaterThan(70_000_000);
    expect(spool.readAfter(4, 10, 1e9)[0]?.body.equals(flood[4]?.body ?? Buffer.alloc(0))).toBe(true);
    spool.deleteUpTo(5);
    expect(sizeOf()).toBeLessThan(1_000_000);
    expect(spool.append([envelope('next')]).id).toBe(6);
  });

  it('is read by another connection, which cannot write', () => {
    spool.append([envelope('one')]);
    const reader = openSpool(file, { readonly: true });
    expect(reader.readAfter(0, 10, 1e9)).toHaveLength(1);
    expect(() => reader.append([envelope('two')])).toThrow(/readonly/);
    reader.close();
  });

  it('lets nobody else read its files', () => {
    spool.append([envelope('one')]);
    for (const name of ['spool.db', 'spool.db-wal', 'spool.db-shm']) {
      expect(statSync(join(folder, 'data', name)).mode & 0o077, name).toBe(0);
    }
  });

  it('refuses a file that is something else', () => {
    const other = join(folder, 'other.db');
    writeFileSync(other, 'this is not a database, but long enough to be looked at as one. '.repeat(20));
    expect(() => openSpool(other)).toThrow(/not a database/);
  });
});
