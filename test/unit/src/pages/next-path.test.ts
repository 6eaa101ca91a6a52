import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loginPath, nextPath } from '../../../../src/pages/login/next-path.ts';

test.each([
  ['/issues/7/events/latest/?a=b#tags', '/issues/7/events/latest/?a=b#tags'],
  ['/setup/', '/setup/'],
  ['/issues/../setup/', '/setup/'],
])('goes on to %s', (next, path) => expect(nextPath(next)).toBe(path));

test.each([
  null,
  '',
  'issues/',
  'https://evil.example/',
  'javascript:alert(1)',
  '//evil.example/',
  '/\\evil.example/',
  '\\\\evil.example/',
  '/\t/evil.example/',
  '/\n\\evil.example/',
  '/.//evil.example/',
  '/issues/..//evil.example/',
  '/%2e//evil.example/',
  ' //evil.example/',
  '//user@[::1/',
  // Round and round.
  '/login/?next=/login/',
  '/welcome/',
])('goes to the issues, not to %j', (next) => expect(nextPath(next)).toBe('/issues/'));

test('whatever is written into the address, nobody leaves the page', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '\t',
    '\n',
    '@',
    ':',
    '?',
    '#',
    '%2f',
    '%5c',
    'evil.example',
    'x',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((pieces) => `/${pieces.join('')}`),
      ),
      (next) => {
        const path = nextPath(next);
        expect(path).toMatch(/^\/(?![/\\])/);
        expect(new URL(path, window.location.origin).origin).toBe(window.location.origin);
      },
    ),
    { numRuns: 2000 },
  );
});

test('names the place to come back to, except where one begins anyway', () => {
  const at = (pathname: string, search = '', hash = '') => loginPath({ pathname, search, hash });
  expect(at('/issues/')).toBe('/login/');
  const path = at('/issues/7/', '?a=b&c', '#tags');
  expect(nextPath(new URL(path, window.location.origin).searchParams.get('next'))).toBe('/issues/7/?a=b&c#tags');
});
