/** The parts of a call to an endpoint that need no wire. */
import { describe, expect, it, test } from 'vitest';
import { createGate } from '../../../../server/ai/concurrency.ts';
import { windowOf } from '../../../../server/ai/model-windows.ts';
import { isPassingStatus, retryAfterOf, waitBeforeRetry } from '../../../../server/ai/retry.ts';
import { endpointsAt } from '../../../fake-endpoints.ts';

describe('the wait before a retry', () => {
  it('doubles, with up to half of it left to chance, and ends at 20 s', () => {
    const waits = (random: number) =>
      [0, 1, 2, 9].map((attempt) => waitBeforeRetry(attempt, undefined, 500, () => random));
    expect(waits(0)).toEqual([250, 500, 1000, 10_000]);
    expect(waits(1)).toEqual([500, 1000, 2000, 20_000]);
  });

  it('is what was asked for, and a little more so that not all come back at once', () => {
    expect(waitBeforeRetry(0, 7, 500, () => 0)).toBe(7000);
    expect(waitBeforeRetry(5, 60, 500, () => 1)).toBe(60_500);
    expect(waitBeforeRetry(0, 61, 500, () => 0)).toBeNull();
  });

  test.each([
    [200, false],
    [400, false],
    [404, false],
    [408, true],
    [409, true],
    [425, true],
    [429, true],
    [499, false],
    [500, true],
    [529, true],
  ])('helps after %i: %s', (status, isPassing) => expect(isPassingStatus(status)).toBe(isPassing));
});

describe('Retry-After', () => {
  const NOW = Date.UTC(2026, 0, 1);
  test.each<[string, Record<string, string>, number | undefined]>([
    ['none', {}, undefined],
    ['seconds', { 'retry-after': '7' }, 7],
    ['parts of a second', { 'retry-after': '0.2' }, 1],
    ['nothing', { 'retry-after': '0' }, 1],
    ['a day', { 'retry-after': '86400' }, 3600],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, 9],
    ['a date that is over', { 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 1],
    ['words', { 'retry-after': 'soon' }, undefined],
    ['a negative number', { 'retry-after': '-5' }, undefined],
    ["OpenAI's milliseconds before it", { 'retry-after': '9', 'retry-after-ms': '2500' }, 3],
  ])('of %s', (_, headers, seconds) => {
    expect(retryAfterOf(headers, NOW)).toBe(seconds);
  });
});

describe('places', () => {
  it('are given in the order of arrival, and each only once', async () => {
    const gate = createGate(1, 2);
    const [first, second, third] = [gate.join(), gate.join(), gate.join()];
    expect([first?.hasPlace, second?.hasPlace, third?.ahead]).toEqual([true, false, 1]);
    expect(gate.join()).toBeNull();
    const order: string[] = [];
    void second?.ready.then(() => order.push('second'));
    void third?.ready.then(() => order.push('third'));
    first?.leave();
    first?.leave();
    await Promise.resolve();
    expect(order).toEqual(['second']);
    second?.leave();
    await third?.ready;
    third?.leave();
    expect(gate.join()?.hasPlace).toBe(true);
    expect(gate.join()?.hasPlace).toBe(false);
  });

  it('of who leaves the queue go to the next', async () => {
    const gate = createGate(1, 5);
    const [first, second, third] = [gate.join(), gate.join(), gate.join()];
    second?.leave();
    first?.leave();
    await third?.ready;
    third?.leave();
    expect(gate.join()?.hasPlace).toBe(true);
  });

  it('of who left just when the turn came are free again', () => {
    const gate = createGate(1, 5);
    const [first, second] = [gate.join(), gate.join()];
    first?.leave();
    second?.leave();
    expect(gate.join()?.hasPlace).toBe(true);
  });
});

describe('the window of a model', () => {
  test.each([
    ['gpt-5-mini', 400_000, 272_000],
    ['openai/gpt-5.4-nano', 400_000, 272_000],
    ['gpt-5.2-chat-latest', 128_000, 111_616],
    ['ft:gpt-4.1-mini:org::id', 1_047_576, 1_031_192],
    ['gpt-4o-2024-11-20', 128_000, 111_616],
    ['gpt-4', 8192, 6144],
    ['gpt-4-turbo', 128_000, 123_904],
    ['gpt-3.5-turbo', 16_385, 12_289],
    ['gpt-oss:20b', 131_072, 98_304],
    ['o3', 200_000, 167_232],
    ['qwen3-coder', 16_384, 12_288],
    ['o3000', 16_384, 12_288],
  ])('%s: %i, of which a prompt fills %i', (model, window, inputTokens) => {
    expect(windowOf(model)).toMatchObject({ window, inputTokens });
  });

  test.each([
    [{ window: 8000 }, 2000, 6000],
    [{ window: 500_000 }, 32_768, 467_232],
    [{ answerTokens: 1000 }, 1000, 272_000],
    [{ answerTokens: 200_000 }, 200_000, 200_000],
    [{ window: 8000, answerTokens: 7000 }, 7000, 1000],
  ])('set as %j keeps %i for the answer and %i for the prompt', (settings, answerTokens, inputTokens) => {
    const endpoint = endpointsAt({ baseUrl: 'http://h/v1', model: 'gpt-5', ...settings }).default;
    expect(endpoint).toMatchObject({ answerTokens, inputTokens });
  });
});

describe('the kind of an endpoint', () => {
  test.each([
    ['https://api.openai.com/v1', 'openai', true],
    ['https://x.openai.azure.com', 'azure', true],
    ['https://x.services.ai.azure.com/openai/v1', 'azure', true],
    ['https://x.openai.azure.com.evil.example/v1', 'compatible', false],
    ['https://openrouter.ai/api/v1', 'compatible', false],
    ['http://ollama:11434/v1', 'local', false],
  ])('%s is %s, needs a key: %s', (baseUrl, kind, needsKey) => {
    const endpoint = endpointsAt({ baseUrl, apiVersion: '2024-10-21' }).default;
    expect(endpoint).toMatchObject({ kind, needsKey, isLocal: kind === 'local' });
    expect(endpoint.missing === null).toBe(!needsKey);
  });

  it('that is set beats the address: what stands on this machine may pass things on', () => {
    const baseUrl = 'http://127.0.0.1:4000/v1';
    expect(endpointsAt({ baseUrl, kind: 'compatible' }).default.isLocal).toBe(false);
    expect(endpointsAt({ baseUrl: 'https://llm.example/v1', kind: 'local' }).default.isLocal).toBe(true);
  });
});
