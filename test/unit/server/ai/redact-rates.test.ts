import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { looksRandom } from '../../../../server/ai/entropy.ts';
import { createRedactor } from '../../../../server/ai/redact.ts';
import { showInvisible } from '../../../../server/ai/text.ts';
import { corpusFiles, corpusRoot, reportMissingCorpus } from '../../../corpus.ts';

reportMissingCorpus('counting what redaction takes by mistake');

const ALPHABETS = {
  hex: '0123456789abcdef',
  base32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  base36: 'abcdefghijklmnopqrstuvwxyz0123456789',
  letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  base62: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  base64url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
};

/** Drawn by lot, but the same at each run. */
function* drawn(alphabet: string, length: number, count: number): Generator<string> {
  let state = 48_271;
  for (let index = 0; index < count; index++) {
    let text = '';
    while (text.length < length) {
      state = (state * 48_271) % 2_147_483_647;
      text += alphabet[Math.floor((state / 2_147_483_647) * alphabet.length)];
    }
    yield text;
  }
}

describe('of values that were drawn by lot and stand under no name', () => {
  const bounds = [
    [20, 0.05],
    [24, 0.02],
    [32, 0.005],
    [40, 0.005],
    [64, 0.002],
  ] as const;
  test.each(
    Object.entries(ALPHABETS).flatMap(([name, alphabet]) => bounds.map((bound) => ({ name, alphabet, bound }))),
  )('$name, $bound (characters, share missed at most)', ({ alphabet, bound: [length, most] }) => {
    const values = [...drawn(alphabet, length, 2000)];
    const missed = values.filter((value) => !looksRandom(value));
    expect(missed.length / values.length).toBeLessThanOrEqual(most);
  });

  it('leaves no half of one in a text, but where slashes cut base64 into what may be words', () => {
    let halves = 0;
    for (const [name, alphabet] of Object.entries(ALPHABETS)) {
      for (const value of drawn(alphabet, 48, 500)) {
        const redacted = createRedactor().text(`the value ${value}, again "${value}"`, 'data');
        if (!redacted.includes(value.slice(0, 12)) && !redacted.includes(value.slice(-12))) continue;
        expect(name).toBe('base64');
        halves++;
      }
    }
    expect(halves).toBeLessThanOrEqual(5);
  });
});

/** Strings of a frame that a fix is found by, and those of its file's path, where a home directory may rightly go. */
const NAMES = new Set([
  'function',
  'raw_function',
  'module',
  'type',
  'transaction',
  'context_line',
  'pre_context',
  'post_context',
]);
const PATHS = new Set(['filename', 'abs_path', 'package']);

function stringsOf(value: unknown, names: ReadonlySet<string>, name = ''): string[] {
  if (typeof value === 'string') return names.has(name) ? [showInvisible(value)] : [];
  if (Array.isArray(value)) return value.flatMap((item) => stringsOf(item, names, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => stringsOf(item, names, key));
}

describe.skipIf(!corpusRoot)('of what real events name', () => {
  const texts = corpusFiles().flatMap(({ path }) => {
    const lines = readFileSync(join(corpusRoot ?? '', path), 'utf8').split('\n');
    return (path.endsWith('.envelope') ? lines : [lines.join('\n')]).flatMap((line) => {
      try {
        return [JSON.parse(line) as unknown];
      } catch {
        return [];
      }
    });
  });
  const redact = (text: string) => createRedactor().text(text, 'code');

  it('functions, modules, types and source are left alone, but for what is a value in them', () => {
    const names = [...new Set(texts.flatMap((text) => stringsOf(text, NAMES)))];
    const changed = names.filter((name) => redact(name) !== name);
    expect(names.length).toBeGreaterThan(1000);
    expect(changed.length / names.length).toBeLessThanOrEqual(0.005);
  });

  it('paths lose the name of a home directory, and ids of installations and builds', () => {
    const paths = [...new Set(texts.flatMap((text) => stringsOf(text, PATHS)))];
    const changed = paths.map((path) => [path, redact(path)] as const).filter(([path, redacted]) => redacted !== path);
    for (const [path, redacted] of changed) {
      // The file itself is still known by its name.
      expect(redacted.split('/').at(-1)?.split('\\').at(-1)).toBe(path.split('/').at(-1)?.split('\\').at(-1));
      expect(redacted).toMatch(/\[(?:user|id|token) \d+\]/);
    }
    expect(paths.length).toBeGreaterThan(300);
    const others = changed.filter(([, redacted]) => !redacted.includes('[user '));
    expect(others.length / paths.length).toBeLessThanOrEqual(0.05);
  });
});

describe('what stays useful', () => {
  test.each([
    'commit 9fda7c2237db910e41d6a712e9a2139b352e558b broke it',
    'at https://github.com/acme/shop/blob/9fda7c2237db910e41d6a712e9a2139b352e558b/app/api.py#L4',
    'release shop@9fda7c2237db910e41d6a712e9a2139b352e558b',
    'shop 1.4.0-dev+9fda7c2237db910e41d6a712e9a2139b352e558b',
    'merged 9fda7c22 and 9fda7c2237db',
    '/static/js/main-4f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c.chunk.js',
    '/_next/static/chunks/pages/_app-Kq3vZx9LmN2b.js',
    'integrity sha512-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC',
    'image nginx@sha256:9fda7c2237db910e41d6a712e9a2139b352e558b9fda7c2237db910e41d6a712',
    'org.springframework.aop.framework.AbstractSingletonProxyFactoryBean',
    'com.acme.shop.Base64UrlSafeJsonWebTokenV2SerializerFactory',
    'MODULE__HASHLIB_CFLAGS and BROTLI_PARAM_NPOSTFIX',
    'handleXMLHttpRequestReadyStateChange2ndTry',
    'getaddrinfo ENOTFOUND api.stripe.com',
    'status code: 404, exit code: 137, error code: E11000',
    'Linux 5.15.167.4-microsoft-standard-WSL2',
    'session.get(url) failed in test_session_token_is_refreshed',
    'icon@2x.png and @angular/core@17.3.9',
  ])('%s', (text) => expect(createRedactor().text(text, 'data')).toBe(text));

  it('an id that is replaced is the same everywhere, so that two can be told apart', () => {
    const { text } = createRedactor();
    const [one, two] = ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', '6ba7b811-9dad-11d1-80b4-00c04fd430c8'];
    expect(text(`order ${one} is not ${two}, but ${one}`, 'data')).toBe('order [id 1] is not [id 2], but [id 1]');
  });
});

it('redacts 100 KB in well under a second', () => {
  const line =
    'INFO pay(order=981) for ann@x.example from 203.0.113.7 took 12 ms in /home/ann/app/api.py, password=hunter22\n';
  const text = line.repeat(Math.ceil(100_000 / line.length));
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    createRedactor([{ value: 'annika', kind: 'user' }]).text(text, 'data');
    return performance.now() - start;
  }).sort((a, b) => a - b);
  // 40 ms on a quiet machine.
  expect(times[2]).toBeLessThan(1000);
  if (process.env['REDACTION_FIGURES']) console.log(`100 KB: ${times[2]?.toFixed(1)} ms`);
});
