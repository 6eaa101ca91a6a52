import { describe, expect, it, test } from 'vitest';
import { createRedactor } from '../../../../server/ai/redact.ts';
import { parseRedactionRules } from '../../../../server/ai/redact-rules.ts';
import { BadRequestError } from '../../../../server/protocol/errors.ts';

const redactor = (rules: string) => createRedactor([], { rules: parseRedactionRules(rules) });
const redact = (rules: string, text: string, kind: 'data' | 'code' = 'data') => redactor(rules).text(text, kind);

describe('a rule of the operator', () => {
  test.each([
    ['text: Project Falcon', 'the project FALCON is late', 'the [custom 1] is late'],
    ['text: falcon', 'falcons fly', 'falcons fly'],
    ['pattern: ORD-\\d{6,10}', 'order ORD-1234567 failed', 'order [custom 1] failed'],
    ['pattern: /ORD-\\d{6}/', 'order ORD-1234567', 'order [custom 1]7'],
    ['pattern: [A-Z]{2}\\d{2}[A-Z0-9]{11,30}', 'iban DE89370400440532013000.', 'iban [custom 1].'],
    ['pattern: kd-\\w+\\.x', 'kd-abc.x kd-.x', '[custom 1] kd-.x'],
    ['pattern: a\\.b\\+c', 'a.b+c axb+c', '[custom 1] axb+c'],
    [
      'name: *iban*',
      'customer_iban=DE12 "IBAN": "x y", other=1',
      'customer_iban=[custom 1] "IBAN": "[custom 2]", other=1',
    ],
    ['keep: email', 'a@x.example from 203.0.113.7', 'a@x.example from [ip 1]'],
    ['keep: *@example.com', 'A@Example.com and b@x.example', 'A@Example.com and [email 1]'],
    ['keep: 10.0.*', 'from 10.0.3.4 and 10.1.3.4', 'from 10.0.3.4 and [ip 1]'],
    ['keep: id', 'order 6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'order 6ba7b810-9dad-11d1-80b4-00c04fd430c8'],
    ['# a comment\r\n\r\n  text: falcon  ', 'falcon', '[custom 1]'],
  ])('%s', (rules, text, expected) => expect(redact(rules, text)).toBe(expected));

  it('hides what stands under a name, in any depth, numbers too', () => {
    const { named, sweep, text } = redactor('name: *iban*');
    expect(named('customerIban', 'plain')).toBe('[custom 1]');
    expect(named('amount', 'plain')).toBeNull();
    expect(sweep({ customer: [{ iban: 12, amount: 12 }] })).toEqual({ customer: [{ iban: '[secret 1]', amount: 12 }] });
    expect(text('iban = lookup(customer)', 'code')).toBe('iban = lookup(customer)');
  });

  it('comes before the rules of the house, whose placeholders it cannot reach', () => {
    expect(redact('text: secret', 'password=hunter2 is secret, and [secret 9] too')).toBe(
      'password=[secret 1] is [custom 1], and ([custom 1] 9) too',
    );
  });

  test.each([
    ['text: ab', /Line 1: text: needs at least 3 characters/],
    ['ok\n\nhide: x', /Line 1: .*“ok”\.\nLine 3: .*“hide: x”/],
    ['pattern: (a+)+b', /“\(” needs a \\ before it/],
    ['pattern: abc|def', /“\|” needs/],
    ['pattern: \\d', /at least 3 characters/],
    ['pattern: \\bfoo', /\\b is not known here/],
    ['pattern: ab\\w+\\d', /takes all that \[0-9\] after it could/],
    ['pattern: abc{0}', /is no count/],
    ['pattern: abc{5,2}', /is no count/],
    ['pattern: abc{999}', /is no count/],
    ['pattern: [z-a]{3}', /no class of characters/],
    ['pattern: [abc', /a class ends with \]/],
    ['pattern: a{200}b{200}c{200}', /at most 400/],
    ['name: ***', /name: needs at least 3/],
    ['name: a*b*c*d', /at most two \*/],
    ['keep: secret', /keep: secret is none of token, id/],
    ['keep: **', /keep: needs at least 3/],
    [`text: ${'x'.repeat(300)}`, /at most 200 characters/],
    ['text: abc\n'.repeat(201), /Line 201: there are more than 200 rules/],
  ])('%j is refused with the line and the reason', (rules, reason) => {
    expect(() => parseRedactionRules(rules)).toThrow(BadRequestError);
    expect(() => parseRedactionRules(rules)).toThrow(reason);
  });

  it('says what it keeps, as it says what it replaces', () => {
    const kept = redactor('keep: email\nkeep: 10.0.*\ntext: Falcon');
    const texts = ['a@x.example b@x.example a@x.example', 'Falcon at 10.0.3.4 and 10.1.3.4'];
    const shown = texts.map((text) => kept.text(text, 'data'));
    expect(kept.describe(shown.join('\n'))).toEqual([
      '1 IP address replaced',
      '1 value by a rule of this project replaced',
      '2 e-mail addresses left as is, by a rule of this project',
      '1 IP address left as is, by a rule of this project',
    ]);
    // What the budget gave up is not spoken of.
    expect(kept.describe(shown[1] ?? '')).not.toContain('2 e-mail addresses left as is, by a rule of this project');
  });

  it('costs linear time, however it is written', () => {
    const rules = [
      'pattern: a{1,200}bcd',
      'pattern: [ab]{1,99}[ac]{1,99}[ad]{1,99}x',
      'name: aa*a',
      'text: aaaaaaaaaaaaaaaa',
    ].join('\n');
    const timeOf = (piece: string, length: number) => {
      const start = performance.now();
      redact(rules, piece.repeat(length / piece.length));
      return performance.now() - start;
    };
    for (const piece of ['a', 'ab', 'a ', 'aa=']) {
      const quarter = timeOf(piece, 240_000);
      expect([piece, timeOf(piece, 960_000) < 10 * quarter + 1000]).toEqual([piece, true]);
    }
  });
});
