import { describe, expect, it, test } from 'vitest';
import { DsnError, formatDsn, parseDsn } from '../../../../server/protocol/dsn.ts';

const KEY = '0123456789abcdef0123456789abcdef';

describe('parseDsn', () => {
  it('reads all parts, with a path prefix and the obsolete secret', () => {
    expect(parseDsn(`https://${KEY}:secret@errors.example.com:8443/some/prefix/42`)).toEqual({
      protocol: 'https',
      publicKey: KEY,
      host: 'errors.example.com:8443',
      path: '/some/prefix',
      projectId: 42,
    });
  });

  it('takes the project ids of sentry.io, which have 16 digits', () => {
    expect(parseDsn(`https://${KEY}@o1.ingest.sentry.io/4506269264052224`).projectId).toBe(4506269264052224);
  });

  test.each([
    ['no URL', 'hello'],
    ['another protocol', `ftp://${KEY}@host/1`],
    ['no key', 'https://host/1'],
    ['a key that is too short', 'https://abc@host/1'],
    ['no project', `https://${KEY}@host/`],
    ['a project that is a name', `https://${KEY}@host/shop`],
    ['project 0', `https://${KEY}@host/0`],
  ])('refuses %s', (_, dsn) => expect(() => parseDsn(dsn)).toThrow(DsnError));
});

describe('formatDsn', () => {
  test.each([
    ['http://127.0.0.1:8765', `http://${KEY}@127.0.0.1:8765/2`],
    ['https://example.com/some/prefix/', `https://${KEY}@example.com/some/prefix/2`],
  ])('puts key and project into %s', (url, dsn) => {
    expect(formatDsn({ url, publicKey: KEY, projectId: 2 })).toBe(dsn);
    expect(parseDsn(dsn)).toMatchObject({ publicKey: KEY, projectId: 2 });
  });
});
