import { describe, expect, it, test } from 'vitest';
import { matchRoute, projectIdOf } from '../../../../server/ingest/route.ts';

describe('matchRoute', () => {
  test.each<[string, string, string | null]>([
    ['/api/2/envelope/', 'envelope', '2'],
    ['/api/2/envelope', 'envelope', '2'],
    ['/api/2/store///?a=b', 'store', '2'],
    ['/api/store/', 'store', null],
    ['/api/2/minidump/?sentry_key=x', 'minidump', '2'],
    ['/a/api/2/minidump', 'minidump', '2'],
    ['/a/b/c/api/42/envelope/', 'envelope', '42'],
    ['/api/api/3/envelope/', 'envelope', '3'],
    ['/api/2/envelope/?next=/api/0/x', 'envelope', '2'],
  ])('%s is %s of project %s', (url, endpoint, project) =>
    expect(matchRoute(url)).toMatchObject({ endpoint, project }),
  );

  test.each([
    '',
    '/',
    '*',
    '/api/0/store/',
    '/api/0/projects/stackmend/api/store/',
    '/store/',
    '/api/2/envelope/x',
    '/api/0/minidump/',
    '/api/2/minidumps/',
    '/x?/api/2/store/',
  ])('%s is not one', (url) => expect(matchRoute(url)).toBeNull());

  it('keeps path and query apart, since the query may hold the key', () => {
    expect(matchRoute('/api/2/store/?sentry_key=x')).toMatchObject({ path: '/api/2/store/', query: 'sentry_key=x' });
  });

  it('takes linear time on a path made of its own pieces', () => {
    const start = performance.now();
    matchRoute(`${'/api/store'.repeat(20_000)}${'/'.repeat(100_000)}x`);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('projectIdOf', () => {
  it('is a number, or null where the path names none', () => {
    expect(projectIdOf({ endpoint: 'store', project: '12', path: '', query: '' })).toBe(12);
    expect(projectIdOf({ endpoint: 'store', project: null, path: '', query: '' })).toBeNull();
  });

  test.each(['0', '-1', '1e3', '99999999999999999', 'shop', '%31'])('refuses %s', (project) => {
    expect(() => projectIdOf({ endpoint: 'store', project, path: '', query: '' })).toThrow(/must be a number/);
  });
});
