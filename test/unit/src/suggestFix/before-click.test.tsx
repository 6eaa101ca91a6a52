import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventStream, fakeServer, payload, refusal, suggestion } from './fake-server.ts';
import { openPanel, sendButton } from './open-panel.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const endpoints = [
  { name: 'house', host: '127.0.0.1:11434', model: 'qwen3-coder', isLocal: true },
  { name: 'openai', host: 'api.openai.com', model: 'gpt-5-mini', isLocal: false },
  { name: 'azure', host: 'x.azure.com', model: 'gpt-5', isLocal: false, detail: 'It has no key.' },
];
const ours = payload({ endpointName: 'house', endpoints });
const theirs = payload({
  payloadId: 'payload-2',
  endpointName: 'openai',
  endpoint: 'api.openai.com',
  model: 'gpt-5-mini',
  isLocal: false,
  endpoints,
});

describe('the payload', () => {
  it('says how its size was found out, what of the window is left, and what it costs at most', async () => {
    openPanel(
      fakeServer({
        payload: payload({
          tokensFrom: 'tokenizer',
          window: 128_000,
          answerTokens: 4096,
          isAnswerLimited: true,
          cost: 0.0123,
        }),
      }),
    );
    expect(await screen.findByText('1,924 tokens of 128,000, counted, and up to 4,096 for the answer')).toBeVisible();
    expect(screen.getByText('at most about $0.012')).toBeVisible();
  });

  it('promises no bound of an answer that the endpoint is not told to limit', async () => {
    openPanel(fakeServer({ payload: payload({ answerTokens: 4096, isAnswerLimited: false, cost: 0.0123 }) }));
    expect(await screen.findByText(/, and about 4,096 for the answer$/)).toBeVisible();
    expect(screen.getByText('about $0.012')).toBeVisible();
  });

  it('says when its size is an estimate, and nothing of a cost that nobody knows', async () => {
    openPanel(fakeServer({ payload: payload({ tokensFrom: 'estimate', window: 8192, cost: null }) }));
    expect(await screen.findByText('about 1,924 tokens of 8,192, estimated')).toBeVisible();
    expect(screen.queryByText('Cost')).toBeNull();
  });

  it('is made of evidence, with its origin, trust and size, once that is asked for', async () => {
    const { user } = openPanel(
      fakeServer({
        payload: payload({
          evidence: [
            { type: 'exception', origin: 'event', trust: 'untrusted', tokens: 80, count: 1 },
            {
              type: 'source',
              origin: 'checkout',
              trust: 'trusted',
              tokens: 812,
              count: 4,
              commit: '3f2a1c9'.repeat(5),
            },
            { type: 'novel', origin: 'stackmend', trust: 'trusted', tokens: 7, count: 2 },
          ],
        }),
      }),
    );
    await user.click(await screen.findByText('What it is made of: 3 pieces, 1 untrusted'));
    const rows = await screen.findAllByText(/tokens$/, { selector: 'li > span' });
    expect(rows.map((row) => row.closest('li')?.textContent)).toEqual([
      '1 exception, as the SDK sent it80 tokensuntrusted',
      '4 functions of source, checkout at 3f2a1c9812 tokenstrusted',
      '2 novel, Stackmend7 tokenstrusted',
    ]);
  });

  it('folds what goes on about what was left out', async () => {
    const leftOut = ['12 library frames', '40 breadcrumbs', '2 requests', '1 context'].map(
      (what) => `${what} left out`,
    );
    const { user } = openPanel(fakeServer({ payload: payload({ leftOut }) }));
    expect(await screen.findByText('40 breadcrumbs left out')).toBeVisible();
    expect(screen.queryByText('1 context left out')).toBeNull();
    await user.click(screen.getByText('2 more'));
    expect(await screen.findByText('1 context left out')).toBeVisible();
  });
});

describe('several endpoints', () => {
  it('can be chosen from: another payload is made, and that one is sent', async () => {
    const server = fakeServer({ payload: ours, payloads: { openai: theirs }, answers: [() => eventStream().response] });
    const { user } = openPanel(server);
    await user.click(await screen.findByText('One of 3 endpoints'));
    expect(await screen.findByRole('radio', { name: /^house/ })).toBeChecked();
    await user.click(screen.getByRole('radio', { name: /^openai/ }));
    expect(await screen.findByText('Leaves your network', { selector: 'dd > span' })).toBeVisible();
    expect(screen.getByRole('radio', { name: /^openai/ })).toBeChecked();
    expect(server.posts()).toEqual([]);
    await user.click(await sendButton());
    await waitFor(() => expect(server.posts()[0]?.body).toEqual({ payloadId: 'payload-2', force: false }));
  });

  it('say why one cannot be chosen', async () => {
    const server = fakeServer({ payload: ours });
    const { user } = openPanel(server);
    await user.click(await screen.findByText('One of 3 endpoints'));
    const barred = await screen.findByRole('radio', { name: /^azure/ });
    expect(barred).toHaveAccessibleDescription(/It has no key\./);
    await user.click(barred);
    expect(barred).not.toBeChecked();
    expect(server.seen.some(({ path }) => path.includes('endpoint='))).toBe(false);
  });

  it('lead back from one whose payload could not be made', async () => {
    const server = fakeServer({
      payload: ours,
      payloads: { openai: refusal(400, { detail: 'There is no endpoint openai.' }) },
    });
    const { user } = openPanel(server);
    await user.click(await screen.findByText('One of 3 endpoints'));
    await user.click(await screen.findByRole('radio', { name: /^openai/ }));
    expect(await screen.findByRole('alert')).toHaveTextContent('There is no endpoint openai.');
    await user.click(screen.getByRole('button', { name: 'Back to the project’s endpoint' }));
    expect(await sendButton()).toBeEnabled();
  });

  it('of which none is local, in a project that asks local ones only', async () => {
    openPanel(
      fakeServer({
        payload: payload({
          configured: false,
          detail: 'The project is limited to local endpoints, and none is set.',
          endpoints: [
            { name: 'openai', host: 'api.openai.com', model: 'gpt-5-mini', isLocal: false, detail: 'Not local.' },
          ],
        }),
      }),
    );
    expect(await screen.findByRole('heading', { name: 'This project asks local models only' })).toBeVisible();
    expect(screen.getByRole('link', { name: 'AI settings' })).toHaveAttribute('href', '/settings/ai/?project=checkout');
    expect(screen.getByRole('button', { name: 'Copy payload' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Suggest fix' })).toBeNull();
  });
});

it('says when a busy endpoint is asked again', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const stream = eventStream();
  const { user } = openPanel(fakeServer({ answers: [() => stream.response] }));
  await user.click(await sendButton());
  stream.send('waiting', { seconds: 8, detail: 'Too many requests.' });
  expect(await screen.findByText(/^The endpoint is busy; trying again in 8 s/)).toBeVisible();
  await act(() => vi.advanceTimersByTimeAsync(2600));
  expect(screen.getByText(/^The endpoint is busy; trying again in [3-6] s/)).toBeVisible();
  await act(() => vi.advanceTimersByTimeAsync(6500));
  expect(screen.getByText(/^Waiting for qwen3-coder…/)).toBeVisible();
  stream.send('waiting', { seconds: 0, reason: 'queue' });
  expect(await screen.findByText('The endpoint has others to answer first…')).toBeVisible();
  stream.send('done', suggestion({ text: 'Here it is' }));
  expect(await screen.findByText('Here it is')).toBeVisible();
});
