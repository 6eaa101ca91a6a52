import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { eventStream, fakeServer, payload, refusal, suggestion } from './fake-server.ts';
import { openPanel, sendButton } from './open-panel.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('a request that is refused before the first word', () => {
  test.each([
    ['refused', 502, /qwen3-coder declined to answer/, /another model may answer/],
    ['unauthorized', 502, /127\.0\.0\.1:11434 does not accept the key/, /started again/],
    ['timeout', 504, /qwen3-coder took too long/, /loading or busy/],
    ['unreachable', 502, /127\.0\.0\.1:11434 cannot be reached/, /started again/],
    ['provider_error', 502, /127\.0\.0\.1:11434 answered with an error/, /log/],
  ])('%s: says what is so and what to do, and can be retried', async (kind, status, title, remedy) => {
    const stream = eventStream();
    const server = fakeServer({
      answers: [() => refusal(status, { detail: 'In the words of the server.', kind }), () => stream.response],
    });
    const { user } = openPanel(server);
    await user.click(await sendButton());
    const alert = await screen.findByRole('alert');
    for (const words of [title, 'In the words of the server.', remedy]) expect(alert).toHaveTextContent(words);
    // The endpoint may be a named one, which has other settings.
    expect(alert).not.toHaveTextContent(/OPENAI_|openai\./);
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    expect(screen.queryByRole('alert')).toBeNull();
    stream.send('done', suggestion({ text: 'Here it is' }));
    expect(await screen.findByText('Here it is')).toBeVisible();
    expect(server.posts().map(({ body }) => body)).toEqual([
      { payloadId: 'payload-1', force: false },
      { payloadId: 'payload-1', force: false },
    ]);
  });

  test.each([
    ['in the header', { detail: 'Slow down.', kind: 'rate_limited' }, { 'Retry-After': '3' }],
    ['in the body', { detail: 'Slow down.', kind: 'rate_limited', retryAfter: 3 }, {}],
    ["without a kind, as a proxy's", { detail: 'Slow down.' }, { 'Retry-After': '3' }],
  ])(
    'rate limited, with the wait %s: counts down, then lets the reader retry and sends nothing by itself',
    async (_, body, headers) => {
      vi.useFakeTimers({ shouldAdvanceTime: true });
      const server = fakeServer({ answers: [() => refusal(429, body, headers)] });
      const { user } = openPanel(server);
      await user.click(await sendButton());
      expect(await sendButton('Retry in 3 s')).toBeDisabled();
      expect(screen.getByRole('alert')).toHaveTextContent('Too many requests for now');
      await act(() => vi.advanceTimersByTimeAsync(1600));
      expect(await sendButton('Retry in 2 s')).toBeDisabled();
      await act(() => vi.advanceTimersByTimeAsync(2000));
      expect(await sendButton('Retry')).toBeEnabled();
      expect(server.posts()).toHaveLength(1);
    },
  );

  it('stale: shows the new payload, says so, and sends that one on the next click only', async () => {
    const payloads = [payload(), payload({ payloadId: 'payload-2', tokens: 2001 })];
    const server = fakeServer({
      payload: () => payloads.shift() ?? refusal(500, { detail: 'Asked once too often.' }),
      answers: [() => refusal(409, { detail: 'The event was edited.', kind: 'stale_payload' })],
    });
    const { user } = openPanel(server);
    await user.click(await sendButton());
    expect(await screen.findByText('about 2,001 tokens')).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent('The payload has changed meanwhile');
    expect(server.posts()).toHaveLength(1);
    await user.click(await sendButton());
    await waitFor(() => expect(server.posts().at(-1)?.body).toEqual({ payloadId: 'payload-2', force: false }));
  });

  test.each([
    [true, /does not answer/],
    [false, /You are offline/],
  ])('no answer from Stackmend itself (online: %s)', async (onLine, words) => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(onLine);
    const { user } = openPanel(fakeServer({ answers: [() => Promise.reject(new TypeError('fetch failed'))] }));
    // Query waits for the network by itself: what is asked here is what the click says.
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(onLine);
    await user.click(await sendButton());
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('No connection to Stackmend');
    expect(alert).toHaveTextContent(words);
  });

  it('an answer that nobody understands', async () => {
    const { user } = openPanel(fakeServer({ answers: [() => new Response('<h1>Bad gateway</h1>', { status: 502 })] }));
    await user.click(await sendButton());
    expect(await screen.findByRole('alert')).toHaveTextContent('No suggestion came');
  });
});

describe('an answer that breaks off', () => {
  test.each([
    [
      'the model is cut off',
      (stream: ReturnType<typeof eventStream>) =>
        stream.send('error', { detail: 'The model ran out of room.', kind: 'cut_off' }),
      /ran out of room/,
    ],
    [
      'the connection ends',
      (stream: ReturnType<typeof eventStream>) => stream.close(),
      /ended before the answer was complete/,
    ],
    [
      'the connection breaks',
      (stream: ReturnType<typeof eventStream>) => stream.fail(),
      /broke before the answer was complete/,
    ],
    [
      'a limit midway',
      (stream: ReturnType<typeof eventStream>) =>
        stream.send('error', { detail: 'Slow down.', kind: 'rate_limited', retryAfter: 9 }),
      /Slow down/,
    ],
    [
      'nonsense comes',
      (stream: ReturnType<typeof eventStream>) => stream.send('delta', { words: 1 }),
      /not understood/,
    ],
  ])('%s: the text stays, marked as incomplete', async (_, breakOff, words) => {
    const stream = eventStream();
    const { user } = openPanel(fakeServer({ answers: [() => stream.response] }));
    await user.click(await sendButton());
    stream.send('delta', { text: 'The cause is' });
    await screen.findByText('The cause is');
    breakOff(stream);
    expect(await screen.findByRole('alert')).toHaveTextContent(words);
    expect(screen.getByText('The cause is')).toBeVisible();
    expect(screen.getByText('What came until then is incomplete.')).toBeVisible();
    expect(await sendButton(/^Retry/)).toBeVisible();
  });
});

describe('what keeps the button away', () => {
  it('no model: how to set one, and the payload to copy', async () => {
    const { user } = openPanel(fakeServer({ payload: payload({ configured: false }) }));
    expect(await screen.findByRole('heading', { name: 'No model is set' })).toBeVisible();
    const panel = screen.getByRole('region', { name: 'Suggest fix' });
    for (const words of ['OPENAI_BASE_URL=', 'OPENAI_MODEL=', 'OPENAI_API_KEY=', 'config.yml']) {
      expect(panel).toHaveTextContent(words);
    }
    expect(screen.queryByRole('button', { name: 'Suggest fix' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Copy payload' }));
    expect(await navigator.clipboard.readText()).toContain('amount must be positive');
  });

  it('policy: nobody may', async () => {
    openPanel(fakeServer({ payload: payload({ policy: 'subprocessor', configured: false }) }));
    expect(await screen.findByRole('heading', { name: 'Suggestions are switched off here' })).toBeVisible();
    expect(screen.queryByRole('heading', { name: 'No model is set' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Suggest fix' })).toBeNull();
  });

  it('consent: tells what leaves and to whom, stores it, and sends only on the next click', async () => {
    const server = fakeServer({
      payload: payload({ policy: 'individual_consent', isLocal: false, endpoint: 'api.openai.com' }),
      answers: [() => eventStream().response],
    });
    const { user } = openPanel(server);
    const agree = await screen.findByRole('button', { name: 'I agree' });
    expect(screen.getByRole('region', { name: 'Suggestion' })).toHaveTextContent(
      /sends the payload below.*to qwen3-coder at api\.openai\.com/,
    );
    expect(screen.getByRole('button', { name: 'Suggest fix' })).toBeDisabled();
    await user.click(agree);
    expect(await sendButton()).toBeEnabled();
    expect(server.seen.at(-1)).toMatchObject({
      method: 'PUT',
      path: '/api/0/users/me/ai-consent/',
      body: { consented: true },
    });
    expect(server.posts()).toEqual([]);
    await user.click(await sendButton());
    await waitFor(() => expect(server.posts()).toHaveLength(1));
  });

  it('consent can be withdrawn, and is told as what it is: for every endpoint', async () => {
    const shown = payload({ policy: 'individual_consent', consented: true, endpoint: 'far.example' });
    const server = fakeServer({ payload: shown });
    const { user } = openPanel(server);
    expect(await screen.findByText(/^You agreed to send events to models\./)).not.toHaveTextContent('far.example');
    await user.click(await screen.findByRole('button', { name: 'Withdraw' }));
    expect(await screen.findByRole('button', { name: 'I agree' })).toBeVisible();
    expect(server.seen.at(-1)?.body).toEqual({ consented: false });
  });

  it('consent that was withdrawn elsewhere: asks anew', async () => {
    const payloads = [true, false].map((consented) => payload({ policy: 'individual_consent', consented }));
    const { user } = openPanel(
      fakeServer({
        payload: () => payloads.shift() ?? refusal(500, {}),
        answers: [() => refusal(403, { detail: 'Consent is needed.', kind: 'consent_required' })],
      }),
    );
    await user.click(await sendButton());
    expect(await screen.findByRole('button', { name: 'I agree' })).toBeVisible();
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('Nothing was sent.'));
  });
});
