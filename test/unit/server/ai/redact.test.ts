import { describe, expect, it, test } from 'vitest';
import { createRedactor, type TextKind } from '../../../../server/ai/redact.ts';
import { clip, clipAround, showInvisible } from '../../../../server/ai/text.ts';

const redact = (text: string, kind: TextKind = 'data') => createRedactor().text(text, kind);
const RANDOM = 'q7Zk2Lm9Xv4Rt8Bn3Wc6Yp1D';
// Put together here, so that no scanner takes this file for a leak.
const key = (prefix: string, length = 36) => prefix + 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7d'.slice(0, length);

describe('replaces', () => {
  test.each([
    ['an e-mail address', 'sent to ann.o-neil+x@mail.example.co.uk.', 'sent to [email 1].'],
    ['one of another script', 'für jörg@müller.example', 'für [email 1]'],
    ['an IPv4 address', 'from 203.0.113.7:5432', 'from [ip 1]:5432'],
    ['a private one', 'refused by 10.1.2.3', 'refused by [ip 1]'],
    ['an IPv6 address', 'from 2001:db8::ff00:42:8329.', 'from [ip 1].'],
    ['a card number', 'card 4111 1111 1111 1111 declined', 'card [card 1] declined'],
    ['one with dashes', '5500-0000-0000-0004', '[card 1]'],
    ['an account', 'to DE89 3704 0044 0532 0130 00, refused', 'to [card 1], refused'],
    ['one without blanks', 'iban=GB82WEST12345698765432', 'iban=[card 1]'],
    ['a phone number', 'call +49 (151) 2345-6789.', 'call [phone 1].'],
    ['one in a URL', '/sms?to=%2B4915123456789&n=1', '/sms?to=[phone 1]&n=1'],
    ['an address of a network card', 'lease 00:1A:2b:3c:4d:5e', 'lease [id 1]'],
    ['credentials in a URL', 'postgres://app:hunter2@db:5432/x', 'postgres://[secret 1]@db:5432/x'],
    ['a DSN key in a URL', 'http://b1946ac92492d234@host/1', 'http://[secret 1]@host/1'],
    ['a named value', 'password=hunter2&next=1', 'password=[secret 1]&next=1'],
    ['one in JSON', '{"api_key": "abc def", "n": 1}', '{"api_key": "[secret 1]", "n": 1}'],
    ['one in quoted JSON', '"{\\"password\\":\\"hunter2\\"}"', '"{\\"password\\":\\"[secret 1]\\"}"'],
    ['one with an apostrophe in it', `secret: "it's me"`, 'secret: "[secret 1]"'],
    ['one of a connection string', 'Server=db;Password=p4ss;', 'Server=db;Password=[secret 1];'],
    ['a query parameter', '/cb?code=4f2a9b8c&x=1', '/cb?code=[secret 1]&x=1'],
    ['an authorization header', 'Authorization: Bearer abc123def456', 'Authorization: Bearer [secret 1]'],
    ['a home directory', '/home/ann/app/x.py', '/home/[user 1]/app/x.py'],
    ["a Mac's", '/Users/ann/app', '/Users/[user 1]/app'],
    ["Windows'", 'C:\\Users\\Ann B\\x', 'C:\\Users\\[user 1]\\x'],
    ["Windows', escaped", 'C:\\\\Users\\\\ann\\\\x', 'C:\\\\Users\\\\[user 1]\\\\x'],
    ['a long random value', `id ${RANDOM} gone`, 'id [token 1] gone'],
    ['a hash', 'etag d41d8cd98f00b204e9800998ecf8427e', 'etag [id 1]'],
    ['a UUID', 'user 6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'user [id 1]'],
    ['base64 with slashes', 'pX3/vR8mQ1+Lz9wKc2/Td7yNh4bFj6G/sA5eU0oI=', '[token 1]'],
    ['a random part of a path', `/files/${RANDOM}/a.txt`, '/files/[token 1]/a.txt'],
    ['an address after an escape', 'GET /from%20203.0.113.7%3A443', 'GET /from%20[ip 1]%3A443'],
    ['a password in an escaped text', '%22password%22%3A%20%22hunter2%22', '%22password%22%3A%20%22[secret 1]%22'],
    ['one that has escapes itself', 'q%3Fpassword%3Dhun%40ter2%26x', 'q%3Fpassword%3D[secret 1]'],
    ['an address after an escaped line end', '"a\\n203.0.113.7\\tb"', '"a\\n[ip 1]\\tb"'],
    ['an escaped home directory', 'f=%2Fhome%2Fann%2Fx', 'f=%2Fhome%2F[user 1]%2Fx'],
    ['an escaped e-mail address', '&#97;nn&#64;x.example \\u0061nn2\\u0040x.example', '[email 1] [email 2]'],
    ['an element of HTML', '&lt;password&gt;hunter2&lt;/password&gt;', '&lt;password&gt;[secret 1]&lt;/password&gt;'],
    ['a cookie header', 'sent Cookie: a=b; c=d\nHost: x', 'sent Cookie: [secret 1]\nHost: x'],
    [
      'an authorization that is many values',
      'Authorization: Digest username="ann", response="1"',
      'Authorization: Digest [secret 1]',
    ],
    ['credentials of curl', "curl -u ann:hunter2 'https://x.example'", "curl -u [secret 1] 'https://x.example'"],
    ['a flag', 'login --password hunter2 --verbose', 'login --password [secret 1] --verbose'],
    [
      'a pair',
      `[["X-Api-Key", "k-hunter2"], ("password", "hunter2")]`,
      `[["X-Api-Key", "[secret 1]"], ("password", "[secret 2]")]`,
    ],
    ['names that are no pair', `['password', 'username']`, `['password', 'username']`],
    ['an attribute', '<add key="DbPassword" value="hunter2"/>', '<add key="DbPassword" value="[secret 1]"/>'],
    ['a statement', `ALTER USER a IDENTIFIED BY 'hunter2'`, `ALTER USER a IDENTIFIED BY '[secret 1]'`],
    ['a function of SQL', `SET PASSWORD = PASSWORD('hunter2')`, `SET PASSWORD = PASSWORD('[secret 1]')`],
    ['a field of a form', 'name="password"\n\nhunter2\n--x', 'name="password"\n\n[secret 1]\n--x'],
    ['a client', 'mysql -P 3306 -uroot -phunter2 shop', 'mysql -P 3306 -uroot -p[secret 1] shop'],
    ['a sentence', 'the password is hunter2.', 'the password is [secret 1].'],
    [
      'a sentence without one',
      'the password is required, and password reset failed',
      'the password is required, and password reset failed',
    ],
    ['another language', 'Passwort: hunter2, contraseña=hunter3', 'Passwort: [secret 1], contraseña=[secret 2]'],
    ['a section of XML', '<password><![CDATA[hunter2]]></password>', '<password><![CDATA[[secret 1]]]></password>'],
    [
      'credentials in an escaped URL',
      String.raw`"https:\/\/app:hunter2@db\/x"`,
      String.raw`"https:\/\/[secret 1]@db\/x"`,
    ],
    ['a host with its address', 'ec2-203-0-113-9.compute-1.amazonaws.com', '[host 1]'],
    ['a token in a path', 'GET /reset/a1b2c3d4e5/', 'GET /reset/[secret 1]/'],
    ['a webhook', 'https://hooks.slack.com/services/T1/B2/abcdefghij', 'https://hooks.slack.com/services/[secret 1]'],
    ['a host of a private network', 'connect db-1.prod.internal:5432', 'connect [host 1]:5432'],
    ['a home of WSL', '/mnt/c/Users/ann/x', '/mnt/c/Users/[user 1]/x'],
    ['what looks like a placeholder', 'see [secret 1] and [email 2]', 'see (secret 1) and (email 2)'],
  ])('%s', (_, text, expected) => expect(redact(text)).toBe(expected));

  test.each([
    key('sk-'),
    key('sk-proj-'),
    key('sk_live_', 24),
    `AKI${'AIOSFODNN7EXAMPLE'}`,
    key('ghp_'),
    key('github_pat_'),
    key('glpat-', 20),
    key('xoxb-'),
    key('AIza', 35),
    key('npm_'),
    key('hf_'),
    key('sntrys_'),
    key('whsec_'),
    `${key('SG.', 22)}.${key('', 36)}`,
    `${key('eyJ', 20)}.${key('eyJ', 30)}.${key('', 30)}`,
    '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nx\n-----END RSA PRIVATE KEY-----',
  ])('the key %s', (value) => {
    expect(redact(`use ${value} now`)).toBe('use [secret 1] now');
    expect(redact(`client = connect("${value}")`, 'code')).toBe('client = connect("[secret 1]")');
  });

  it('a literal in code', () => {
    expect(redact('PASSWORD = "hunter two"', 'code')).toBe('PASSWORD = "[secret 1]"');
  });
});

describe('leaves', () => {
  test.each<[string, string, TextKind]>([
    ['an assignment in code', 'token = request.headers["x-token"]', 'code'],
    ['a keyword argument', 'login(user, password=password)', 'code'],
    ['a decorator', '@app.route("/pay")', 'code'],
    ['a scope operator', 'std::vector<abc::def> a::b::c', 'code'],
    ['a camel-case name', 'AbstractSingletonProxyFactoryBeanV2Provider', 'code'],
    ['a mangled C++ symbol', '_ZNSt6vectorIiSaIiEE9push_backEOi', 'code'],
    ['a mangled Rust symbol', '_ZN4core3ops8function6FnOnce9call_once17h0a1b2c3d4e5f6a7bE', 'code'],
    ['a path', '/usr/lib/python3.11/site-packages/django/core/handlers/exception.py', 'code'],
    ['a package in a path', 'node_modules/.pnpm/react-dom@18.2.0_react@18.2.0/index.js', 'code'],
    ['an assembly', 'Serilog, Version=4.0.0.0, Culture=neutral, PublicKeyToken=24c2f752a8e58a10', 'code'],
    ['a browser version', 'Mozilla/5.0 Chrome/120.0.0.0 Safari/537.36', 'data'],
    ['a loopback address', 'connect ECONNREFUSED 127.0.0.1:5432 and ::1', 'data'],
    ['a time', 'at 12:34:56 on 2024-01-15T10:20:30', 'data'],
    ['a number that is no card', 'order 4111 1111 1111 1112 at 1700000000000', 'data'],
    ['a number that is no account', 'part DE88 3704 0044 0532 0130 00', 'data'],
    ['a sum', 'total = fee +1234567890', 'code'],
    ['a time zone and a patch', '2024-01-15T10:20:30+0100, @@ -12,7 +12,9 @@, +1.5, +12 345', 'data'],
    ['an address of no network card', 'at 00:00:00:00:00:01, ff:ff:ff:ff:ff:ff, 12:34:56', 'data'],
    ['prose about tokens', 'Unexpected token: punc (,)', 'data'],
    ['an address of memory', 'at 0x00007ffdeadbeef0', 'data'],
    ['a constraint', 'violates unique constraint "shop_order_customer_id_created_at_key"', 'data'],
    ['what scrubbing left', 'password=[Filtered]&token=********', 'data'],
  ])('%s', (_, text, kind) => expect(redact(text, kind)).toBe(text));
});

describe('a redactor', () => {
  it('gives the same value the same placeholder, and another another', () => {
    const { text } = createRedactor();
    expect(text('a@x.example b@x.example a@x.example', 'data')).toBe('[email 1] [email 2] [email 1]');
    expect(text('mail a@x.example', 'data')).toBe('mail [email 1]');
  });

  it('changes nothing that it has replaced, in its last look', () => {
    const redactor = createRedactor();
    const once = redactor.text(`password=hunter2 a@x.example 203.0.113.7 ${RANDOM} /home/ann/x`, 'data');
    expect(redactor.sweep(once)).toBe(once);
  });

  it('takes a placeholder of a stranger for none, also where its number is one of ours', () => {
    const redactor = createRedactor();
    expect(redactor.text('a@x.example', 'data')).toBe('[email 1]');
    const written = redactor.text('send [email 1] and [email 2] there', 'data');
    expect(written).toBe('send (email 1) and (email 2) there');
    expect(redactor.sweep(['[email 1]', written])).toEqual(['[email 1]', 'send (email 1) and (email 2) there']);
  });

  test.each([
    ['password', '[prod] hunter2'],
    ['password', '<U+200B>hunter2'],
    ['api_key', '[Filtered] k-hunter2'],
  ])('hides what stands under %s, though it begins as something that was replaced: %s', (name, value) => {
    expect(createRedactor().named(name, value)).toBe('[secret 1]');
    expect(createRedactor().text(`${name}="${value}"`, 'data')).not.toContain('hunter2');
    expect(createRedactor().text(`${name}=${value.replace(/^\[\w+\] /, '')}`, 'data')).not.toContain('hunter2');
  });

  it('finds what the event itself says is of a person', () => {
    const redactor = createRedactor([
      { value: 'annika', kind: 'user' },
      { value: '7', kind: 'user' },
      { value: 'web-7.internal', kind: 'host' },
    ]);
    expect(redactor.text('annika on web-7.internal has 7 items, annikas', 'data')).toBe(
      '[user 1] on [host 1] has 7 items, annikas',
    );
  });

  it('sweeps a value that it learned later from what came before', () => {
    const redactor = createRedactor();
    const messages = ['login failed for hunter22', 'password=hunter22'].map((text) => redactor.text(text, 'data'));
    expect(redactor.sweep({ messages })).toEqual({ messages: ['login failed for [secret 1]', 'password=[secret 1]'] });
  });

  it('hides what stands under a secret name, and no other', () => {
    const { named } = createRedactor();
    expect(named('dbPassword', 'hunter2')).toBe('[secret 1]');
    expect(named('X-Api-Key', 'abc')).toBe('[secret 2]');
    expect(named('amount', '12')).toBeNull();
    expect(named('password', '[Filtered]')).toBeNull();
  });

  it('says how much it replaced of what is shown', () => {
    const redactor = createRedactor();
    const text = redactor.text('a@x.example b@x.example 203.0.113.7 password=hunter2 card [Filtered]', 'data');
    redactor.text('c@x.example', 'data');
    expect(redactor.describe(text)).toEqual([
      '1 password, key or other secret replaced',
      '2 e-mail addresses replaced',
      '1 IP address replaced',
      '1 value filtered when the event was stored',
    ]);
  });

  it('finds numbers, and values under names, in what is about to leave', () => {
    const redactor = createRedactor([{ value: '77415001', kind: 'user' }]);
    expect(
      redactor.sweep({
        card: 4111111111111111,
        by: 77415001,
        line: 77415,
        db: { password: 12, passphrase: 'x y' },
        'a@x.example': [1],
      }),
    ).toEqual({
      card: '[card 1]',
      by: '[user 1]',
      line: 77415,
      db: { password: '[secret 1]', passphrase: '[secret 2]' },
      '[email 1]': [1],
    });
  });

  it('leaves a commit that the developer’s own tools name', () => {
    const commit = '9fda7c2237db910e41d6a712e9a2139b352e558b';
    expect(createRedactor().sweep({ commit, other: commit })).toEqual({ commit, other: '[id 1]' });
  });

  it('tells what each placeholder stands for', () => {
    const redactor = createRedactor();
    redactor.text('a@x.example password=hunter2', 'data');
    expect([...redactor.placeholders()]).toEqual([
      ['[secret 1]', 'hunter2'],
      ['[email 1]', 'a@x.example'],
    ]);
  });

  it('keeps its placeholders whole, whatever a person is called', () => {
    const redactor = createRedactor([
      { value: 'email', kind: 'user' },
      { value: 'secret', kind: 'user' },
    ]);
    expect(redactor.text('a@x.example password=hunter2 email', 'data')).toBe('[email 1] password=[secret 1] [user 1]');
  });

  it('takes linear time for hostile text', () => {
    const unit = [
      'a@',
      'eyJ',
      '-----BEGIN PRIVATE KEY-----',
      'PuTTY-User-Key-File-2:',
      'token=',
      '://a:',
      'password"',
      '1',
      '1:',
      'a.',
      'sk-',
      'bearer ',
      '/home/',
      'aB3',
      'cookie: ',
      '?key',
      '/reset/',
      '<password>',
      '-u a:',
      'a-',
      '[email 1]',
      'password is ',
      'name="password" x\n',
      '("password",',
      'identified by ',
      'mysql -p ',
      'DB_TOKEN=',
      '- token',
      '<U+200B>',
      'aB3/',
      '%20',
      '\\n',
      '&#64;',
      'token="',
      'ssh-rsa AAAA',
    ];
    const timeOf = (piece: string, length: number) => {
      const hostile = piece.repeat(Math.ceil(length / piece.length));
      const start = performance.now();
      const redactor = createRedactor();
      redactor.sweep(redactor.text(hostile, 'data').slice(0, length / 4));
      return performance.now() - start;
    };
    for (const piece of unit) {
      const quarter = timeOf(piece, 250_000);
      // Four times the time, with room for a machine that is busy; a quadratic pattern would take sixteen times, and minutes.
      expect([piece, timeOf(piece, 1_000_000) < 10 * quarter + 1000]).toEqual([piece, true]);
    }
  });
});

describe('text', () => {
  test.each([
    ['a zero-width space', 'a\u200Bb', 'a<U+200B>b'],
    ['a bidirectional override', 'a\u202Eb', 'a<U+202E>b'],
    ['a tag character', 'a\u{E0041}b', 'a<U+E0041>b'],
    ['a colour code', '\u001B[31mred', '<U+001B>[31mred'],
    ['a null byte', 'a\u0000b', 'a<U+0000>b'],
    ['a variation selector', 'a\uFE01b', 'a<U+FE01>b'],
    ['half a surrogate pair', 'a\uD800b', 'a\uFFFDb'],
    ['an emoji as it is', 'a ❤\uFE0F 😀 b', 'a ❤\uFE0F 😀 b'],
    ['tabs and line ends', 'a\r\n\tb', 'a\n\tb'],
  ])('shows %s', (_, text, expected) => expect(showInvisible(text)).toBe(expected));

  it('cuts the middle and says how much', () => {
    expect(clip('abcdefghijkl', 8)).toBe('abcdef [4 characters left out] kl');
    expect(clip('short', 8)).toBe('short');
  });

  it('cuts a long line around its column', () => {
    expect(clipAround('0123456789', 6, 4)).toBe('…3456…');
    expect(clipAround('0123456789', 1, 4)).toBe('0123…');
    expect(clipAround('0123456789', 99, 4)).toBe('…6789');
    expect(clipAround('0123456789', null, 4)).toBe('0123…');
  });
});
