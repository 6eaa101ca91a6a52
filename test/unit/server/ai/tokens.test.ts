import { describe, expect, it, test } from 'vitest';
import { estimateTokens, tokenCounter } from '../../../../server/ai/tokens.ts';

describe('the tokenizer of a model', () => {
  test.each([
    'gpt-4o',
    'gpt-4.1-mini',
    'gpt-5.2',
    'o3-mini',
    'openai/gpt-oss-120b',
    'ft:gpt-4o-mini:acme::id',
    'GPT-4o',
    'gpt-4',
    'gpt-4-turbo-2024-04-09',
    'gpt-3.5-turbo',
  ])('is there for %s', async (model) => {
    expect((await tokenCounter(model)).kind).toBe('tokenizer');
  });

  test.each(['', 'llama3.3:70b', 'claude-opus-4', 'mistral-large', 'my-gpt-4', 'o', 'constructor'])(
    'is not there for "%s", and an estimate is',
    async (model) => expect((await tokenCounter(model)).kind).toBe('estimate'),
  );

  it('counts as OpenAI counts', async () => {
    const [o200k, cl100k] = await Promise.all([tokenCounter('gpt-4o'), tokenCounter('gpt-4')]);
    // As OpenAI's cookbook has them.
    expect(o200k.count('お誕生日おめでとう')).toBe(8);
    expect(cl100k.count('お誕生日おめでとう')).toBe(9);
    expect(o200k.count('antidisestablishmentarianism')).toBe(6);
    expect(o200k.count('')).toBe(0);
  });

  it('takes the name of a special token for text', async () => {
    expect((await tokenCounter('gpt-4o')).count('<|endoftext|>')).toBeGreaterThan(3);
  });

  test.each<[string, string]>([
    ['one letter', 'x'.repeat(1_000_000)],
    ['blanks', ' '.repeat(1_000_000)],
    ['letters of another script', '漢'.repeat(300_000)],
    ['code', 'const total = items.reduce((sum, { price }) => sum + price, 0);\n'.repeat(10_000)],
  ])('takes little time for a megabyte of %s', async (_, text) => {
    const { count } = await tokenCounter('gpt-4o');
    const start = performance.now();
    count(text);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

it('estimates more rather than less', async () => {
  const { count } = await tokenCounter('gpt-4o');
  for (const text of [
    'The quick brown fox jumps over the lazy dog. '.repeat(20),
    'def charge(order, amount):\n    if amount <= 0:\n        raise ValueError("amount must be positive")\n'.repeat(9),
    'Größe überschritten: erwartet wird höchstens die zulässige Länge. '.repeat(9),
    '漢字かな交じり文のエラーメッセージです。'.repeat(9),
  ]) {
    expect(estimateTokens(text)).toBeGreaterThan(count(text));
  }
});
