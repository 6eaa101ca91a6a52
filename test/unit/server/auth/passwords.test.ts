import { hash } from '@node-rs/argon2';
import { describe, expect, it, test } from 'vitest';
import { checkPassword, createPassword, createPasswords } from '../../../../server/auth/passwords.ts';

const DECOMPOSED = 'zu\u0308rich-zuerich';
const COMPOSED = 'z\u00fcrich-zuerich';

describe('a password', () => {
  test.each([
    ['nine characters', '123456789', /at least 10/],
    ['nine characters of two units each', '😀'.repeat(9), /at least 10/],
    ['ten that compose to nine', 'u\u030812345678', /at least 10/],
    ['1,025 characters', 'x'.repeat(1025), /at most 1024/],
    ['so many that looking at each would take long', '\u0301'.repeat(3_000_000), /at most 1024/],
    ['the user name, in capitals', 'ADA.LOVELACE', /neither the user name/],
    ['the user name between spaces', ' ada.lovelace ', /neither the user name/],
    ['the e-mail address', 'Ada@Example.com', /nor the e-mail/],
  ])('is refused: %s', (_, password, words) => {
    const check = () => checkPassword(password, ['ada.lovelace', 'ada@example.com']);
    expect(check).toThrow(expect.objectContaining({ status: 400, message: expect.stringMatching(words) }));
  });

  test.each([
    ['ten characters', '1234567890'],
    ['ten characters of two units each', '😀'.repeat(10)],
    ['1,024 characters of two units each', '😀'.repeat(1024)],
    ['spaces within', 'correct horse battery staple'],
    ['the user name and more', 'ada.lovelace1'],
  ])('is accepted: %s', (_, password) => {
    expect(() => checkPassword(password, ['ada.lovelace', null])).not.toThrow();
  });

  it('is kept as argon2id with the parameters that OWASP recommends, and a salt of its own', async () => {
    const passwords = createPasswords();
    const [one, other] = [await passwords.hash('correct horse'), await passwords.hash('correct horse')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(other).not.toBe(one);
    expect(await passwords.verify(one, 'correct horse')).toBe(true);
    expect(await passwords.verify(one, 'Correct horse')).toBe(false);
  });

  it('is the same however its letters are composed', async () => {
    const passwords = createPasswords();
    expect(await passwords.verify(await passwords.hash(DECOMPOSED), COMPOSED)).toBe(true);
    expect(await passwords.verify(await passwords.hash(COMPOSED), DECOMPOSED)).toBe(true);
  });

  test.each([
    ['today', {}, false],
    ['less memory', { memoryCost: 8192 }, true],
    ['fewer passes', { timeCost: 1 }, true],
    ['more lanes', { parallelism: 2 }, true],
    ['a shorter hash', { outputLen: 16 }, true],
    ['argon2i', { algorithm: 1 }, true],
  ])('is outdated or not when hashed with %s', async (_, options, expected) => {
    const stored = await hash('correct horse', { memoryCost: 19456, timeCost: 2, parallelism: 1, ...options });
    expect(createPasswords().isOutdated(stored)).toBe(expected);
  });
});

describe('verifying', () => {
  it('takes as long for nobody as for somebody', async () => {
    const passwords = createPasswords();
    const stored = await passwords.hash('correct horse');
    const time = async (hash: string | null) => {
      const start = performance.now();
      expect(await passwords.verify(hash, 'wrong horse')).toBe(false);
      return performance.now() - start;
    };
    const nobodys: number[] = [];
    const somebodys: number[] = [];
    for (let turn = 0; turn < 9; turn++) {
      nobodys.push(await time(null));
      somebodys.push(await time(stored));
    }
    // The fastest of several taken by turns, as the machine may be busy; to skip the work would take a hundredth.
    const ratio = Math.min(...nobodys) / Math.min(...somebodys);
    expect(ratio).toBeGreaterThan(0.25);
    expect(ratio).toBeLessThan(4);
  });

  it('turns a flood away instead of queueing it without end, and goes on after it', async () => {
    const passwords = createPasswords();
    const flood = await Promise.allSettled(Array.from({ length: 100 }, () => passwords.verify(null, 'wrong horse')));
    const refused = flood.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toHaveLength(100 - 2 - 64);
    expect(refused[0]).toMatchObject({ status: 503, retryAfter: 5 });
    expect(await passwords.verify(await passwords.hash('correct horse'), 'correct horse')).toBe(true);
  });

  it('spends nothing on what is too long to be a password', async () => {
    expect(await createPasswords().verify('never looked at', 'x'.repeat(1025))).toBe(false);
  });

  it('keeps its turns when a stored hash is broken', async () => {
    const passwords = createPasswords();
    for (let turn = 0; turn < 5; turn++) await expect(passwords.verify('broken', 'correct horse')).rejects.toThrow();
    expect(await passwords.verify(null, 'correct horse')).toBe(false);
  });
});

it('makes passwords of 100 random bits, every character as likely as another', () => {
  const counts = new Map<string, number>();
  for (let turn = 0; turn < 1600; turn++) {
    const password = createPassword();
    expect(password).toMatch(/^.{5}-.{5}-.{5}-.{5}$/);
    for (const character of password.replaceAll('-', '')) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  // 32 characters are 5 bits each; 32,000 drawn: 1,000 of each, give or take six standard deviations.
  expect(counts.size).toBe(32);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(190);
  for (const ambiguous of 'ilou') expect(counts.has(ambiguous)).toBe(false);
});
