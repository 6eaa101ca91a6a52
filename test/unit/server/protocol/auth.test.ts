import { describe, expect, it, test } from 'vitest';
import { type AuthSources, readAuth } from '../../../../server/protocol/auth.ts';
import { BadRequestError, UnauthorizedError } from '../../../../server/protocol/errors.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const from = (sources: Partial<AuthSources>): ReturnType<typeof readAuth> =>
  readAuth({ xSentryAuth: undefined, authorization: undefined, query: '', ...sources });
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('readAuth', () => {
  test.each<[string, Partial<AuthSources>]>([
    ['X-Sentry-Auth', { xSentryAuth: `Sentry sentry_key=${KEY}, sentry_version=7` }],
    [
      'X-Sentry-Auth without spaces, its prefix in another case',
      { xSentryAuth: `sentry sentry_version=7,sentry_key=${KEY}` },
    ],
    [
      'X-Sentry-Auth with the secret of old clients',
      { xSentryAuth: `Sentry sentry_version=5, sentry_key=${KEY}, sentry_secret=${KEY}` },
    ],
    ['Authorization', { authorization: `Sentry sentry_key=${KEY}` }],
    ['Authorization as Basic', { authorization: basic(`${KEY}:`) }],
    ['Authorization as Basic without a colon', { authorization: basic(KEY) }],
    ['the query', { query: `sentry_key=${KEY}&sentry_version=7` }],
    ['a key in capitals', { query: `sentry_key=${KEY.toUpperCase()}` }],
    ["the query beside a proxy's own bearer token", { query: `sentry_key=${KEY}`, authorization: 'Bearer abc' }],
  ])('finds the key in %s', (_, sources) => expect(from(sources)?.publicKey).toBe(KEY));

  it('finds the client', () => {
    expect(from({ query: `sentry_key=${KEY}&sentry_client=sentry.javascript.node%2F11.12.0` })?.client).toBe(
      'sentry.javascript.node/11.12.0',
    );
    expect(from({ xSentryAuth: `Sentry sentry_key=${KEY}, sentry_client=raven-ruby/3.1.2` })?.client).toBe(
      'raven-ruby/3.1.2',
    );
  });

  it('is null where nothing names a key', () => {
    expect(from({})).toBeNull();
    expect(from({ query: 'a=b', authorization: 'Bearer abc' })).toBeNull();
  });

  test.each<[string, Partial<AuthSources>]>([
    ['header and query', { xSentryAuth: `Sentry sentry_key=${KEY}`, query: `sentry_key=${KEY}` }],
    ['both headers', { xSentryAuth: `Sentry sentry_key=${KEY}`, authorization: `Sentry sentry_key=${KEY}` }],
    ['Basic and query', { authorization: basic(KEY), query: `sentry_key=${KEY}` }],
    ['two keys in the query', { query: `sentry_key=${KEY}&sentry_key=${KEY}` }],
    [
      'a header twice, as node joins it',
      { xSentryAuth: `Sentry sentry_key=${KEY}, Sentry sentry_key=${KEY}, sentry_key=${KEY}` },
    ],
    ['a header without key', { xSentryAuth: 'Sentry sentry_version=7' }],
    ['a header of another scheme', { xSentryAuth: `Token sentry_key=${KEY}` }],
    ['a query without key', { query: 'sentry_version=7' }],
  ])('refuses %s with 401', (_, sources) => expect(() => from(sources)).toThrow(UnauthorizedError));

  test.each<[string, Partial<AuthSources>, RegExp]>([
    ['a key that is none', { query: 'sentry_key=hello' }, /32 hex digits/],
    ['a Basic user that is no key', { authorization: basic('admin:admin') }, /32 hex digits/],
    ['a newer protocol', { query: `sentry_key=${KEY}&sentry_version=8` }, /newer than 7/],
  ])('refuses %s with 400', (_, sources, message) => {
    expect(() => from(sources)).toThrow(message);
    expect(() => from(sources)).toThrow(expect.objectContaining({ status: 400 }));
  });

  it('says a 400 with the class that has it', () => {
    expect(() => from({ query: `sentry_key=${KEY}&sentry_version=8` })).toThrow(BadRequestError);
  });
});
