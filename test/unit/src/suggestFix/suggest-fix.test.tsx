import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { event, eventStream, fakeServer, payload, refusal, suggestion } from './fake-server.ts';
import { openPanel, sendButton } from './open-panel.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('before anything is sent', () => {
  it('shows where it goes, how large it is and what was taken out, and sends nothing', async () => {
    const server = fakeServer();
    openPanel(server);
    expect(await sendButton()).toBeEnabled();
    const panel = screen.getByRole('region', { name: 'Suggest fix' });
    for (const words of ['qwen3-coder', '127.0.0.1:11434', 'your own network', 'about 1,924 tokens']) {
      expect(panel).toHaveTextContent(words);
    }
    expect(screen.getByText('3 values under secret names replaced')).toBeVisible();
    expect(screen.getByText('40 breadcrumbs left out')).toBeVisible();
    expect(server.posts()).toEqual([]);
  });

  it('says when the payload leaves the network', async () => {
    openPanel(fakeServer({ payload: payload({ isLocal: false, endpoint: 'api.openai.com' }) }));
    expect(await screen.findByText('Leaves your network')).toBeVisible();
  });

  it('draws the exact payload only when it is unfolded, and copies it', async () => {
    const { user } = openPanel(fakeServer());
    const words = payload().messages[1]?.content ?? '';
    await sendButton();
    expect(screen.queryByText(words)).toBeNull();
    await user.click(screen.getByText('Exact payload'));
    expect(await screen.findByText(words)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy payload as text' }));
    expect(await navigator.clipboard.readText()).toBe(
      payload()
        .messages.map(({ content }) => content)
        .join('\n\n'),
    );
  });

  it('says when there is nothing to send', async () => {
    openPanel(fakeServer({ payload: payload({ messages: [] }) }));
    expect(await screen.findByRole('heading', { name: 'There is nothing to send' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Suggest fix' })).toBeNull();
  });

  it('says why no payload came, and asks again', async () => {
    let isDown = true;
    const { user } = openPanel(
      fakeServer({ payload: () => (isDown ? refusal(404, { detail: 'Event not found.' }) : payload()) }),
    );
    expect(await screen.findByRole('alert')).toHaveTextContent('Event not found.');
    isDown = false;
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await sendButton()).toBeEnabled();
  });
});

describe('the answer', () => {
  // Cuts within the four bytes of the emoji and the two of the umlaut, and within "data:" itself.
  test.each([[1], [2], [3], [7], [4096]])('streams whole when the bytes come %i at a time', async (size) => {
    const stream = eventStream(size);
    const server = fakeServer({ answers: [() => stream.response] });
    const { user } = openPanel(server);
    await user.click(await sendButton());
    await waitFor(() =>
      expect(server.posts()).toMatchObject([
        {
          path: `/api/0/projects/stackmend/checkout/events/${event().eventID}/ai-fix-suggest/`,
          body: { payloadId: 'payload-1', force: false },
        },
      ]),
    );
    expect(screen.getByText(/^Waiting for qwen3-coder…/)).toBeVisible();
    stream.send('delta', { text: '## Grund 🦉\n\nDie Prüfung ' });
    expect(await screen.findByRole('heading', { name: 'Grund 🦉' })).toBeVisible();
    expect(screen.getByText('Die Prüfung')).toBeVisible();
    stream.send('delta', { text: 'fehlt.' });
    const text = '## Grund 🦉\n\nDie Prüfung fehlt.';
    stream.send('done', suggestion({ text }));
    stream.close();
    expect(await sendButton('Ask again')).toBeEnabled();
    expect(screen.getByText('Die Prüfung fehlt.')).toBeVisible();
    expect(screen.getByText(/^Answered in 0\.\d s/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy answer as Markdown' }));
    expect(await navigator.clipboard.readText()).toBe(text);
  });

  it('tells a screen reader the turns, not each word', async () => {
    const stream = eventStream();
    const { user } = openPanel(fakeServer({ answers: [() => stream.response] }));
    await user.click(await sendButton());
    expect(screen.getByRole('status')).toHaveTextContent('Waiting for qwen3-coder.');
    stream.send('delta', { text: 'Some words' });
    await screen.findByText('Some words');
    expect(screen.getByRole('status')).toHaveTextContent(/^The answer is coming\.$/);
    expect(screen.getByText('Some words').closest('[aria-live], [role="status"], [role="alert"]')).toBeNull();
    stream.send('done', suggestion());
    await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('The answer is complete.'));
  });

  it('counts the wait for the first words', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { user } = openPanel(fakeServer({ answers: [() => eventStream().response] }));
    await user.click(await sendButton());
    await act(() => vi.advanceTimersByTimeAsync(3100));
    expect(screen.getByText(/^Waiting for qwen3-coder…/)).toHaveTextContent('3 s');
  });

  it('stops: the request ends, what came stays and is marked, and it can be asked again', async () => {
    const [first, second] = [eventStream(), eventStream()];
    const server = fakeServer({ answers: [() => first.response, () => second.response] });
    const { user } = openPanel(server);
    await user.click(await sendButton());
    first.send('delta', { text: 'Half an ans' });
    await screen.findByText('Half an ans');
    await user.click(screen.getByRole('button', { name: 'Stop' }));
    expect(await screen.findByText(/^Stopped\. What came until then/)).toBeVisible();
    expect(screen.getByText('Half an ans')).toBeVisible();
    expect(server.posts()[0]?.signal?.aborted).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    expect(screen.queryByText('Half an ans')).toBeNull();
    await waitFor(() => expect(server.posts()).toHaveLength(2));
  });

  it('keeps the focus in the panel and off the buttons when one replaces another', async () => {
    const stream = eventStream();
    const { user } = openPanel(fakeServer({ answers: [() => stream.response] }));
    (await sendButton()).focus();
    await user.keyboard('{Enter}');
    await screen.findByRole('button', { name: 'Stop' });
    const text = screen.getByRole('region', { name: 'Suggestion' });
    expect(text).toHaveFocus();
    await user.tab();
    expect(screen.getByText('Exact payload').closest('summary')).toHaveFocus();
    screen.getByRole('button', { name: 'Stop' }).focus();
    await user.keyboard('{Enter}');
    await screen.findByRole('button', { name: 'Retry' });
    expect(text).toHaveFocus();
  });

  it('ends the request when the page goes to another event', async () => {
    const server = fakeServer({ answers: [() => eventStream().response] });
    const { user, showEvent } = openPanel(server);
    await user.click(await sendButton());
    await waitFor(() => expect(server.posts()).toHaveLength(1));
    showEvent('bbbb');
    expect(await sendButton()).toBeEnabled();
    expect(server.posts()[0]?.signal?.aborted).toBe(true);
  });
});

describe('a stored answer', () => {
  it('says who made it, when and from which event, and sends nothing', async () => {
    const server = fakeServer({ stored: suggestion({ eventID: 'bbbbbbbbbbbb', model: 'gpt-5-mini' }) });
    openPanel(server);
    const link = await screen.findByRole('link', { name: 'another event, bbbbbbbb' });
    expect(link).toHaveAttribute('href', '/issues/12/events/bbbbbbbbbbbb/');
    expect(link.closest('p')).toHaveTextContent('gpt-5-mini at 127.0.0.1:11434');
    expect(server.posts()).toEqual([]);
  });

  it('is replaced by asking again, from this event', async () => {
    const stream = eventStream();
    const server = fakeServer({
      stored: suggestion({ text: 'Old words', eventID: 'bbbb' }),
      answers: [() => stream.response],
    });
    const { user } = openPanel(server);
    expect(await screen.findByText('Old words')).toBeVisible();
    await user.click(await sendButton('Ask again'));
    expect(screen.queryByText('Old words')).toBeNull();
    // Without it the server would answer with the stored words.
    await waitFor(() => expect(server.posts()[0]?.body).toEqual({ payloadId: 'payload-1', force: true }));
    stream.send('done', suggestion({ text: 'New words' }));
    expect(await screen.findByText('New words')).toBeVisible();
    expect(screen.getByText(/from this event/)).toBeVisible();
  });

  it('stays when asking again brings nothing', async () => {
    const { user } = openPanel(
      fakeServer({
        stored: suggestion({ text: 'Old words' }),
        answers: [() => refusal(502, { detail: 'Connection refused.', kind: 'unreachable' })],
      }),
    );
    await user.click(await sendButton('Ask again'));
    expect(await screen.findByRole('alert')).toHaveTextContent('127.0.0.1:11434 cannot be reached');
    expect(screen.getByText('Old words')).toBeVisible();
  });

  it('is not needed: the button works when it could not be looked up', async () => {
    openPanel(fakeServer({ stored: () => refusal(500, { detail: 'Internal error.' }) }));
    expect(await sendButton()).toBeEnabled();
    expect(screen.getByRole('alert')).toHaveTextContent('Internal error.');
  });
});
