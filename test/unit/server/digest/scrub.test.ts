import { describe, expect, it, test } from 'vitest';
import { normalizeEvent } from '../../../../server/digest/normalize.ts';
import { scrubEvent } from '../../../../server/digest/scrub.ts';
import { findSecrets, isCardNumber, isSecretName } from '../../../../server/protocol/scrub-rules.ts';

const context = {
  projectId: 2,
  eventId: 'c0ffee00000000000000000000000001',
  receivedAt: 1_700_000_000_000,
  remoteAddress: null,
};
const scrub = (raw: object) => scrubEvent(normalizeEvent(raw, context));
const F = '[Filtered]';

test.each([
  'password',
  'DB_PASSWORD',
  'passwd',
  'client_secret',
  'api_key',
  'apiKey',
  'X-Api-Key',
  'access_token',
  'github_token',
  'auth',
  'Authorization',
  'HTTP_AUTHORIZATION',
  'authToken',
  'credentials',
  'mysql_pwd',
  'stripeToken',
  'card[number]',
  'privatekey',
  'private_key',
  'token',
  'refreshToken',
  'bearer',
  'session',
  'sessionid',
  'csrftoken',
  'X-CSRFToken',
  'Cookie',
  'Set-Cookie',
  'tokens',
])('hides what is under %s', (name) => expect(isSecretName(name)).toBe(true));

test.each([
  'author',
  'authors',
  'authority',
  'authored_by',
  'token_count',
  'tokenCount',
  'max_tokens',
  'total_tokens',
  'prompt_tokens',
  'tokenizer',
  'token_type',
  'passenger',
  'username',
  'email',
  'key',
  'monkey',
  'pass_count',
  'order',
  'cardinal',
])('leaves what is under %s', (name) => expect(isSecretName(name)).toBe(false));

test.each([
  ['4111 1111 1111 1111', true],
  ['4111111111111111', true],
  ['5555-5555-5555-4444', true],
  ['378282246310005', true],
  ['4111111111111112', false],
  ['1700000000000', false],
  ['9007199254740993', false],
])('knows whether %s is a card', (text, expected) => expect(isCardNumber(text)).toBe(expected));

test.each([
  ['password=hunter2 and more', `password=${F} and more`],
  ['url?api_key=abc&x=1', `url?api_key=${F}&x=1`],
  ['{"password": "hun ter2", "a": 1}', `{"password": "${F}", "a": 1}`],
  ["{'auth_token': 'abc', 'n': 3}", `{'auth_token': '${F}', 'n': 3}`],
  ["login(user='me', password='hunter2')", `login(user='me', password='${F}')`],
  ['Authorization: Bearer abcdef0123456789', `Authorization: Bearer ${F}`],
  ['postgres://me:s3cret@db.example/shop', `postgres://${F}@db.example/shop`],
  ['paid with 4111 1111 1111 1111 today', `paid with ${F} today`],
  [
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
    `-----BEGIN RSA PRIVATE KEY-----${F}-----END RSA PRIVATE KEY-----`,
  ],
])('takes the secret out of %j', (text, expected) => {
  const event = scrub({ exception: [{ type: 'E', value: text }] });
  expect(event.exception?.values[0]?.value).toBe(expected);
  const note = JSON.parse(JSON.stringify(event._meta)).exception.values[0].value[''];
  expect(note.len).toBe(text.length);
  for (const [, type, start, end] of note.rem) {
    expect(type).toBe('s');
    expect(expected.slice(start, end)).toBe(F);
  }
});

test.each([
  'Unexpected token: }',
  'Unexpected token } in JSON at position 4',
  'if password == user.password:',
  'password=None',
  'auth: required',
  'author=Bob',
  'order 4111111111111112',
  'at 1700000000000, id 9007199254740993',
  'https://example.com/a@b',
  'missing session',
])('leaves %j as it is', (text) => {
  expect(findSecrets(text)).toEqual([]);
});

describe('an event', () => {
  const frame = {
    filename: 'auth/password.py',
    function: 'check_password',
    context_line: 'password = "hunter2"',
    pre_context: ['token = get("token=abc")'],
    vars: {
      password: 'hunter2',
      author: 'Bob',
      user: { api_key: 'k', name: 'n' },
      note: 'secret=abc',
      pin_secret: 1234,
      tokens: 17,
    },
  };

  it('keeps its source and its names, and loses the secrets of its variables', () => {
    const event = scrub({ exception: [{ type: 'E', stacktrace: { frames: [frame] } }] });
    expect(event.exception?.values[0]?.stacktrace?.frames?.[0]).toEqual({
      ...frame,
      vars: {
        password: F,
        author: 'Bob',
        user: { api_key: F, name: 'n' },
        note: `secret=${F}`,
        pin_secret: F,
        tokens: 17,
      },
    });
    expect(event._meta).toMatchObject({
      exception: {
        values: {
          0: {
            stacktrace: {
              frames: { 0: { vars: { password: { '': { rem: [['@password:filter', 's', 0, 10]], len: 7 } } } } },
            },
          },
        },
      },
    });
  });

  it('is scrubbed wherever a user could have written', () => {
    const event = scrub({
      extra: {
        token: 'x',
        list: [
          ['password', 'p'],
          ['a', 'b'],
        ],
        is_authenticated: true,
        session: null,
        flags: { csrf: '' },
      },
      contexts: { app: { secret: 's', app_name: 'n' } },
      breadcrumbs: [{ message: 'GET /?token=abc', data: { headers: { authorization: 'x' } } }],
      request: {
        url: 'https://me:pw@a.example/?access_token=abc&page=2',
        headers: { Authorization: 'Basic abc', Accept: 'text/html' },
        cookies: 'theme=dark; sid=abc',
        data: '{"password":"x","amount":3}',
        env: { HTTP_COOKIE: 'a=b', SERVER_NAME: 'a' },
      },
      tags: { token: 't', region: 'eu' },
      user: { id: '1', data: { password: 'p' } },
      logentry: { message: 'login %s', params: ['password=abc'], formatted: 'login password=abc' },
      odd: { secret: 'x' },
      secret_thing: 'x',
    });
    expect(event).toMatchObject({
      extra: {
        token: F,
        list: [
          ['password', F],
          ['a', 'b'],
        ],
        is_authenticated: true,
        session: null,
        flags: { csrf: '' },
      },
      contexts: { app: { secret: F, app_name: 'n' } },
      breadcrumbs: { values: [{ message: `GET /?token=${F}`, data: { headers: { authorization: F } } }] },
      request: {
        url: `https://${F}@a.example/`,
        query_string: [
          ['access_token', F],
          ['page', '2'],
        ],
        headers: [
          ['Authorization', F],
          ['Accept', 'text/html'],
        ],
        cookies: [
          ['theme', F],
          ['sid', F],
        ],
        data: { password: F, amount: 3 },
        env: { HTTP_COOKIE: F, SERVER_NAME: 'a' },
      },
      tags: [
        ['token', F],
        ['region', 'eu'],
      ],
      user: { id: '1', data: { password: F } },
      logentry: { params: [`password=${F}`], formatted: `login password=${F}` },
      odd: { secret: F },
      secret_thing: F,
    });
    expect(JSON.stringify(event._meta)).not.toContain('hunter');
  });

  it('does not keep a secret as the original of a wrong value', () => {
    const text = JSON.stringify(
      scrub({
        tags: { password: { is: 'hunter2' } },
        request: { cookies: [['sid', { v: 'hunter2' }]] },
        level: 'password=hunter2',
      }),
    );
    expect(text.match(/hunter2/g) ?? []).toHaveLength(0);
  });

  it('is not changed where there is nothing to hide, and never in place', () => {
    const normalized = normalizeEvent({ extra: { a: 1, password: 'x' }, tags: { a: 'b' } }, context);
    const before = structuredClone(normalized);
    const event = scrubEvent(normalized);
    expect(normalized).toEqual(before);
    expect(event.tags).toBe(normalized.tags);
    expect(event.extra).toEqual({ a: 1, password: F });
  });

  it('loses the ranges of earlier remarks on a text that changed', () => {
    const event = scrub({
      extra: { note: 'password=hunter2...' },
      _meta: { extra: { note: { '': { rem: [['!limit', 's', 16, 19]], len: 500 } } } },
    });
    expect(event._meta).toMatchObject({
      extra: {
        note: {
          '': {
            rem: [
              ['!limit', 's'],
              ['@password:filter', 's', 9, 19],
            ],
            len: 500,
          },
        },
      },
    });
  });
});

it('reads hostile text in linear time', () => {
  const hostile = [
    'password'.repeat(20_000),
    `password${'"'.repeat(100_000)}`,
    '4 '.repeat(80_000),
    '://'.repeat(50_000),
    `Bearer ${'a'.repeat(150_000)}`,
    '-----BEGIN PRIVATE KEY-----'.repeat(6000),
    `token='${"'".repeat(100_000)}`,
    'auth '.repeat(40_000),
  ];
  const started = performance.now();
  for (const text of hostile) findSecrets(text);
  expect(performance.now() - started).toBeLessThan(2000);
});
