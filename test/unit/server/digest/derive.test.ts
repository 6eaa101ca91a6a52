import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { deriveEvent, isUnhandled } from '../../../../server/digest/derive.ts';
import { parseUserAgent } from '../../../../server/digest/normalize/user-agent.ts';
import { normalizeEvent } from '../../../../server/digest/normalize.ts';
import { corpusRoot, reportMissingCorpus } from '../../../corpus.ts';

const context = {
  projectId: 2,
  eventId: 'c0ffee00000000000000000000000001',
  receivedAt: 1_700_000_000_000,
  remoteAddress: null,
};
const normalize = (raw: unknown) => normalizeEvent(raw, context);
const derive = (raw: unknown) => deriveEvent(normalize(raw));
const frames = [
  { function: 'run', module: 'lib', filename: 'lib.py' },
  { function: 'charge', module: 'shop.pay', filename: 'shop/pay.py', in_app: true },
  { function: 'raise_it', module: 'lib', filename: 'lib.py', in_app: false },
];

describe('title', () => {
  test.each([
    ['type and first line of the value', { exception: [{ type: 'ValueError', value: 'no\nmore' }] }, 'ValueError: no'],
    ['the type alone', { exception: [{ type: 'ValueError' }] }, 'ValueError'],
    [
      'the last exception of a chain',
      {
        exception: [
          { type: 'Cause', value: 'c' },
          { type: 'Last', value: 'l' },
        ],
      },
      'Last: l',
    ],
    ['a long value, cut', { exception: [{ type: 'E', value: 'x'.repeat(200) }] }, `E: ${'x'.repeat(97)}...`],
    [
      'the function of a synthetic exception',
      {
        exception: [{ type: 'SIGSEGV', value: 'v', mechanism: { type: 'm', synthetic: true }, stacktrace: { frames } }],
      },
      'charge',
    ],
    [
      'a synthetic exception without frames',
      { exception: [{ type: 'SIGSEGV', value: 'v', mechanism: { type: 'm', synthetic: true } }] },
      'SIGSEGV: v',
    ],
    [
      'a message with a stack trace',
      { exception: [{ value: 'late', mechanism: { type: 'generic', synthetic: true }, stacktrace: { frames } }] },
      'late',
    ],
    ['the formatted message', { logentry: { message: 'a %s', formatted: 'a b' } }, 'a b'],
    ['the message as sent', { message: 'hello\nyou' }, 'hello'],
    ['nothing', {}, '<unlabeled event>'],
  ])('comes from %s', (_, raw, expected) => expect(derive(raw).title).toBe(expected));

  it('is not cut in the middle of a character', () => {
    expect(derive({ message: `${'x'.repeat(252)}😀😀😀` }).title.isWellFormed()).toBe(true);
  });
});

describe('culprit', () => {
  const exception = [{ type: 'E', stacktrace: { frames } }];
  test.each([
    ['the transaction', { transaction: '/pay', exception }, '/pay'],
    ['what an old SDK says', { culprit: 'here', transaction: '/pay', exception }, 'here'],
    ['the newest frame of the program', { exception }, 'shop.pay in charge'],
    ['a frame of JavaScript', { platform: 'javascript', exception }, 'charge(shop.pay)'],
    ['a native frame', { platform: 'native', exception }, 'charge'],
    [
      'the crashed thread',
      { threads: [{ id: 1 }, { id: 2, crashed: true, stacktrace: { frames } }] },
      'shop.pay in charge',
    ],
    ['the address of the request', { request: { url: 'http://a.example/x' } }, 'http://a.example/x'],
    ['nothing', { exception: [{ type: 'E' }] }, ''],
  ])('comes from %s', (_, raw, expected) => expect(derive(raw).culprit).toBe(expected));
});

it('says where the issue is, by the newest frame of the program that has a name', () => {
  expect(derive({ exception: [{ type: 'E', value: 'v', stacktrace: { frames } }] })).toMatchObject({
    location: 'shop/pay.py',
    metadata: { type: 'E', value: 'v', filename: 'shop/pay.py', function: 'charge' },
  });
  expect(
    derive({
      exception: [
        {
          type: 'E',
          stacktrace: {
            frames: [
              { abs_path: '/a/b.py', function: 'f' },
              { function: '<unknown>', filename: 'x' },
            ],
          },
        },
      ],
    }).location,
  ).toBe('/a/b.py');
});

test.each([
  [{ exception: [{ mechanism: { type: 'm', handled: false } }] }, true],
  [{ exception: [{ mechanism: { type: 'm', handled: false } }, { mechanism: { type: 'm', handled: true } }] }, true],
  [{ exception: [{ mechanism: { type: 'm' } }] }, false],
  [{}, false],
])('%j is unhandled: %s', (raw, expected) => expect(isUnhandled(normalize(raw))).toBe(expected));

it('derives the tags that Sentry does, after those that were sent', () => {
  const { tags } = derive({
    level: 'warning',
    release: 'r1',
    dist: 'd1',
    environment: 'prod',
    server_name: 'web-1',
    logger: 'log',
    transaction: '/pay',
    request: { url: 'http://a.example/x?y=1' },
    user: { email: 'a@example.com', id: 7 },
    contexts: {
      runtime: { name: 'node', version: 'v22' },
      os: { name: 'Linux' },
      device: { family: 'iPhone', model: 'iPhone9,1' },
      gpu: { name: 'GPU', vendor_name: 'V' },
      custom: { name: 'no tag' },
    },
    exception: [{ type: 'E', mechanism: { type: 'onerror', handled: false } }],
    tags: { level: 'mine', own: 'x' },
  });
  expect(tags).toEqual([
    ['level', 'warning'],
    ['own', 'x'],
    ['release', 'r1'],
    ['dist', 'd1'],
    ['environment', 'prod'],
    ['server_name', 'web-1'],
    ['logger', 'log'],
    ['transaction', '/pay'],
    ['url', 'http://a.example/x'],
    ['user', 'id:7'],
    ['mechanism', 'onerror'],
    ['handled', 'no'],
    ['runtime', 'node v22'],
    ['runtime.name', 'node'],
    ['os.name', 'Linux'],
    ['device', 'iPhone9,1'],
    ['device.family', 'iPhone'],
    ['gpu.name', 'GPU'],
    ['gpu.vendor_name', 'V'],
  ]);
});

test.each([
  [{ id: '1', email: 'e' }, 'id:1'],
  [{ email: 'e', username: 'u' }, 'email:e'],
  [{ username: 'u', ip_address: '192.0.2.1' }, 'username:u'],
  [{ ip_address: '192.0.2.1' }, 'ip:192.0.2.1'],
  [{ name: 'n' }, undefined],
])('counts the user %j as %s', (user, expected) => {
  expect(new Map(derive({ user }).tags).get('user')).toBe(expected);
});

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36 Edg/125.0.2535.51',
    'Edge 125.0.2535.51',
    'Windows >=10',
    undefined,
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36',
    'Chrome 119.0.0.0',
    'Mac OS X 10.15.7',
    undefined,
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
    'Mobile Safari 17.4',
    'iOS 17.4',
    'iPhone',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
    'Safari 17.4',
    'Mac OS X 10.15.7',
    undefined,
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36',
    'Chrome Mobile 125.0.0.0',
    'Android 14',
    'Pixel 8',
  ],
  ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:76.0) Gecko/20100101 Firefox/76.0', 'Firefox 76.0', 'Ubuntu', undefined],
  ['curl/8.5.0', 'curl 8.5.0', undefined, undefined],
  ['something else', undefined, undefined, undefined],
])('reads the user agent %s', (agent, browser, os, device) => {
  const join = (found: { name: string; version?: string } | null) =>
    found && [found.name, found.version].filter(Boolean).join(' ');
  const read = parseUserAgent(agent);
  expect([join(read.browser) ?? undefined, join(read.os) ?? undefined, read.device?.family]).toEqual([
    browser,
    os,
    device,
  ]);
});

describe('what Sentry itself answered', () => {
  reportMissingCorpus('comparison with the answers of Sentry', 2);
  /** Where we differ on purpose, and why. */
  const DIFFERENT: Record<string, Record<string, string>> = {
    // Sentry cut every logger at 64 characters; nothing is cut that fits into a tag here.
    'dotnet/aspnet_error': { logger: 'Microsoft.AspNetCore.Diagnostics.DeveloperExceptionPageMiddleware' },
  };

  test.runIf(corpusRoot).each(['python/django_template_error', 'dotnet/aspnet_error'])(
    'of %s is what we derive',
    (name) => {
      const read = (ending: string) => JSON.parse(readFileSync(join(corpusRoot ?? '', `${name}${ending}`), 'utf8'));
      const oracle = read('.sentry-api.json');
      const derived = derive(read('.json'));
      const { title, culprit, location, metadata } = oracle;
      expect(derived).toMatchObject({ title, culprit, location, metadata });
      const expected = Object.fromEntries(
        oracle.tags.map(({ key, value }: { key: string; value: string }) => [key, value]),
      );
      expect(Object.fromEntries(derived.tags)).toEqual({ ...expected, ...DIFFERENT[name] });
    },
  );
});
