import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { functionName, placeName } from '../../../../server/digest/group/frame-name.ts';
import { parameterize } from '../../../../server/digest/group/parameterize.ts';
import { GROUPERS, groupEvent } from '../../../../server/digest/group.ts';
import { normalizeEvent } from '../../../../server/digest/normalize.ts';
import { prepareEnvelope } from '../../../../server/digest/prepare.ts';
import { corpusFiles, corpusRoot, reportMissingCorpus } from '../../../corpus.ts';

const context = {
  projectId: 2,
  eventId: 'c0ffee00000000000000000000000001',
  receivedAt: 1_700_000_000_000,
  remoteAddress: null,
};
const group = (raw: unknown) => groupEvent(normalizeEvent(raw, context));
const primary = (raw: unknown) => group(raw).hashes[0];
const thrown = (frames: object[], more: object = {}) => ({
  platform: 'python',
  exception: [{ type: 'E', value: 'v', stacktrace: { frames } }],
  ...more,
});
const own = (name: string, more: object = {}) => ({ function: name, module: 'app', in_app: true, ...more });

it('keeps what v1 gives: every stored issue hangs on it', () => {
  expect(GROUPERS.map(({ id }) => id)).toEqual(['v1']);
  expect(group(thrown([own('a'), own('b')]))).toMatchObject({
    id: 'v1',
    hashes: ['5db02f519afc878c8c45ed59c745d785'],
    variants: [{ name: 'app', parts: ['type: E', 'frame: a in app', 'frame: b in app'] }],
  });
  expect(primary({ message: 'order 7 failed' })).toBe('142233c7febe775a0579a1b6920f6d86');
});

describe('exceptions', () => {
  const base = thrown([own('a', { lineno: 1 }), own('b', { lineno: 2 })]);

  test.each([
    ['another line', thrown([own('a', { lineno: 9 }), own('b', { lineno: 8, colno: 1 })])],
    ['another value', { ...base, exception: [{ ...base.exception[0], value: 'other' }] }],
    ['another depth of recursion', thrown([own('a'), own('b'), own('b'), own('b')])],
    ['another directory', thrown([own('a', { abs_path: '/x/a.py' }), own('b', { abs_path: '/y/a.py' })])],
    ['a frame of a library', thrown([{ function: 'lib', module: 'lib', in_app: false }, own('a'), own('b')])],
  ])('are together in spite of %s', (_, raw) => expect(primary(raw)).toBe(primary(base)));

  test.each([
    ['another type', { ...base, exception: [{ ...base.exception[0], type: 'F' }] }],
    ['another function', thrown([own('a'), own('c')])],
    ['another module', thrown([own('a'), own('b', { module: 'other' })])],
    ['another chain', { ...base, exception: [{ type: 'Cause' }, ...base.exception] }],
  ])('are apart for %s', (_, raw) => expect(primary(raw)).not.toBe(primary(base)));

  it("go by all frames where none is the program's own", () => {
    const frames = [
      { function: 'x', module: 'lib', in_app: false },
      { function: 'y', module: 'lib', in_app: false },
    ];
    expect(group(thrown(frames)).variants[0]?.parts).toEqual(['type: E', 'frame: x in lib', 'frame: y in lib']);
  });

  it('go by type and value where there is no frame, and not by the made-up type of a synthetic one', () => {
    expect(group({ exception: [{ type: 'E', value: 'order 7' }] }).variants[0]?.parts).toEqual([
      'type: E',
      'value: order <number>',
    ]);
    const synthetic = thrown([own('f')]);
    expect(
      group({ ...synthetic, exception: [{ ...synthetic.exception[0], mechanism: { type: 'x', synthetic: true } }] })
        .variants[0]?.parts,
    ).toEqual(['frame: f in app']);
  });

  it('without a type are messages, and go by their words as well', () => {
    const message = (value: string) => ({
      exception: [{ value, stacktrace: { frames: [own('log')] }, mechanism: { type: 'generic', synthetic: true } }],
    });
    expect(primary(message('order 7 is late'))).toBe(primary(message('order 8 is late')));
    expect(primary(message('order 7 is late'))).not.toBe(primary(message('no more stock')));
  });

  it('that are alike count once in an exception group', () => {
    const member = { type: 'ValueError', value: 'x' };
    const root = { type: 'ExceptionGroup', mechanism: { type: 'generic', is_exception_group: true, exception_id: 0 } };
    expect(primary({ exception: [member, member, root] })).toBe(primary({ exception: [member, root] }));
  });
});

it('goes by the crashed thread, then by the message, then by nothing but the platform', () => {
  const threads = [
    { id: 1, stacktrace: { frames: [own('idle')] } },
    { id: 2, crashed: true, stacktrace: { frames: [own('boom')] } },
  ];
  expect(group({ threads }).variants[0]?.parts).toEqual(['frame: boom in app']);
  expect(primary({ message: 'order 7 failed' })).toBe(primary({ message: 'order 12 failed' }));
  expect(primary({ logentry: { message: 'order %s', formatted: 'order a' } })).toBe(
    primary({ logentry: { message: 'order %s', formatted: 'order b' } }),
  );
  expect(group({}).variants).toMatchObject([{ name: 'fallback', parts: ['platform: other'] }]);
});

describe('a fingerprint', () => {
  const event = thrown([own('a')], { tags: { shop: 'nl' }, transaction: '/pay' });
  it('that only says the default changes nothing', () => {
    expect(primary({ ...event, fingerprint: ['{{ default }}'] })).toBe(primary(event));
    expect(primary({ ...event, fingerprint: [] })).toBe(primary(event));
  });
  it('of words alone takes the place of everything else', () => {
    expect(group({ ...event, fingerprint: ['db-down'] }).hashes).toEqual(
      group({ message: 'x', fingerprint: ['db-down'] }).hashes,
    );
    expect(group({ ...event, fingerprint: ['db-down'] }).hashes).toHaveLength(1);
  });
  it('with the default splits it further', () => {
    expect(group({ ...event, fingerprint: ['{{default}}', 'nl'] }).variants[0]?.parts).toEqual([
      'type: E',
      'frame: a in app',
      'fingerprint: nl',
    ]);
  });
  it('fills in variables', () => {
    const parts = group({
      ...event,
      fingerprint: [
        '{{ error.type }}',
        '{{ tags.shop }}',
        '{{ transaction }}',
        '{{ function }}',
        '{{ tags.none }}',
        '{{ odd }}',
      ],
    });
    expect(parts.variants[0]?.parts.map((part) => part.replace('fingerprint: ', ''))).toEqual([
      'E',
      'nl',
      '/pay',
      'a',
      '<no-tags-none>',
      '{{ odd }}',
    ]);
  });
});

test.each([
  ['javascript', 'Object.aha', 'aha'],
  ['javascript', 'async Foo.bar [as baz]', 'bar'],
  ['javascript', 'test/<', null],
  ['javascript', 'Object.<anonymous>', null],
  ['javascript', '?', null],
  ['node', 'POST$1', 'POST'],
  ['ruby', 'block (2 levels) in find', 'find'],
  ['ruby', 'block in _conditional_callback_around_233', '_conditional_callback_around'],
  ['ruby', 'rescue in block in run', 'run'],
  ['java', 'lambda$onCreate$0', 'lambda$onCreate$'],
  ['java', '<init>', '<init>'],
  ['native', 'std::vector<int, std::allocator<int> >::push_back(int const&)', 'std::vector::push_back'],
  ['native', '(anonymous namespace)::run(int)', '(anonymous namespace)::run'],
  ['native', 'boost::function0<void>::operator()() const', 'boost::function0::operator_ const'],
  ['native', 'Foo::operator<(Foo const&)', 'Foo::operator_'],
  ['native', 'copy.isra.0.cold', 'copy'],
  ['native', 'core::ops::function::FnOnce::call_once::h0123456789abcdef', 'core::ops::function::FnOnce::call_once'],
  ['native', '<alloc::vec::Vec<T> as Drop>::drop::{{closure}}', '<alloc::vec::Vec as Drop>::drop::{closure}'],
  ['native', 'unbalanced<int', 'unbalanced<int'],
  ['cocoa', '-[CRLCrashNULL crash]', '-[CRLCrashNULL crash]'],
  ['cocoa', '__35-[Foo bar:]_block_invoke_2', '__-[Foo bar:]_block_invoke'],
  ['cocoa', 'closure #1 in View.body.getter', 'closure # in View.body.getter'],
  ['csharp', '<OnGet>b__0_1', '<OnGet>b__'],
  ['csharp', 'List`1.Add(T item)', 'List.Add'],
  ['go', '(*Handler).Serve.func1.2', '(*Handler).Serve.func'],
  ['go', 'Map[...]', 'Map'],
  ['php', 'App\\{closure:App\\run():12}', 'App\\{closure}'],
  ['python', '<module>', '<module>'],
  ['native', 'stripped_application_code', null],
])('of %s, knows %s as %s', (platform, name, expected) => {
  expect(functionName({ function: name }, platform)).toBe(expected);
});

test.each([
  ['javascript', { filename: 'https://a.example/static/main.4f3a2b1c.chunk.js?v=2' }, 'main.chunk.js'],
  ['javascript', { filename: '/assets/index-BfG7x_2K.js' }, 'index.js'],
  ['javascript', { filename: '/assets/my-component2.js' }, 'my-component2.js'],
  ['javascript', { filename: 'app:///src/cart.ts', module: 'src/cart' }, 'cart.ts'],
  ['python', { filename: 'shop/cart.py', module: 'shop.cart' }, 'shop.cart'],
  ['python', { filename: 'shop\\cart.py' }, 'cart.py'],
  ['java', { module: 'com.a.Shop$$EnhancerBySpringCGLIB$$1a2b3c' }, 'com.a.Shop$'],
  ['java', { module: 'com.sun.proxy.$Proxy123' }, 'com.sun.proxy.$Proxy'],
  [
    'java',
    { module: 'jdk.internal.reflect.GeneratedMethodAccessor12' },
    'jdk.internal.reflect.GeneratedMethodAccessor',
  ],
  ['native', { package: '/usr/lib/libfoo.so.1.2.3' }, 'libfoo.so'],
  ['csharp', { package: 'System.Private.CoreLib, Version=8.0.0.0, Culture=neutral' }, 'System.Private.CoreLib'],
  ['python', {}, null],
])('of %s, places %j in %s', (platform, frame, expected) => {
  expect(placeName(frame, platform)).toBe(expected);
});

test.each([
  ['order 12 of 3.5 failed', 'order <number> of <number> failed'],
  ['user 9fd7f3a2-1111-2222-3333-0123456789ab', 'user <uuid>'],
  ['GET https://a.example/x?y=1 from 10.0.0.1:80', 'GET <url> from <ip>'],
  ['mail to bob@example.com', 'mail to <email>'],
  ['at 2026-01-02T03:04:05.678Z and 12:30:45', 'at <date> and <date>'],
  ['no file /srv/app/data/x.txt', 'no file <path>'],
  ['no file C:\\data\\x.txt', 'no file <path>'],
  ['object at 0x7fff5fbff8c0', 'object at <hex>'],
  ['commit deadbeef42 gone', 'commit <hex> gone'],
  ['address fe80:0:0:0:1:2:3:4', 'address <ip>'],
  ['plain words only', 'plain words only'],
])('parameterizes %j', (message, expected) => expect(parameterize(message)).toBe(expected));

it('reads hostile names and messages in linear time', () => {
  const started = performance.now();
  for (const text of [
    '<'.repeat(500_000),
    'a.'.repeat(200_000),
    '1:'.repeat(200_000),
    'a@'.repeat(200_000),
    '/a'.repeat(200_000),
    'block in '.repeat(100_000),
  ]) {
    parameterize(text);
    for (const platform of ['javascript', 'native', 'ruby', 'java', 'php']) functionName({ function: text }, platform);
    for (const platform of ['javascript', 'native', 'java'])
      placeName({ filename: text, module: text, package: text }, platform);
  }
  expect(performance.now() - started).toBeLessThan(1000);
});

describe('the corpus', () => {
  reportMissingCorpus('grouping of known pairs', 4);
  const root = corpusRoot ?? '';
  const stored = { projectId: 2, eventId: null, receivedAt: 1_700_000_000_000, remoteAddress: null };
  const read = (path: string) => {
    const bytes = readFileSync(join(root, path));
    const body = path.endsWith('.envelope')
      ? bytes
      : Buffer.concat([Buffer.from(`{}\n{"type":"event","length":${bytes.length}}\n`), bytes]);
    return prepareEnvelope({ ...stored, body }).event;
  };

  test.runIf(corpusRoot).each([
    ['native/same_group_307_a.json', 'native/same_group_307_b.json'],
    ['javascript/xbrowser_chrome.json', 'javascript/xbrowser_firefox.json'],
  ])('has %s and %s in one group', (a, b) => {
    expect(read(a)?.hashes[0]).toBe(read(b)?.hashes[0]);
  });

  it.runIf(corpusRoot)('has no other two files in one group', () => {
    const byHash = new Map<string, string[]>();
    for (const { path, kind } of corpusFiles()) {
      if (kind === 'sentry-api') continue;
      let event: ReturnType<typeof read>;
      try {
        event = read(path);
      } catch {
        continue; // Malformed on purpose.
      }
      for (const hash of event?.hashes ?? []) byHash.set(hash, [...(byHash.get(hash) ?? []), path]);
    }
    const together = [...byHash.values()].filter((paths) => paths.length > 1).map((paths) => paths.join(' '));
    expect(new Set(together)).toEqual(
      new Set([
        'native/same_group_307_a.json native/same_group_307_b.json',
        'javascript/xbrowser_chrome.json javascript/xbrowser_firefox.json',
      ]),
    );
  });
});
