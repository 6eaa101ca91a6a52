import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { AiCall } from '../../../../server/protocol/contract.ts';
import { openPage, refuse, type Sent } from '../app/render-app.tsx';
import { asAda } from './settings-fakes.ts';

const path = '/organizations/stackmend/ai-calls/';
const call: AiCall = {
  id: '34',
  dateCreated: '2026-11-20T10:00:00Z',
  project: { id: '2', slug: 'checkout' },
  issue: { id: '7', shortId: 'CHECKOUT-7' },
  eventID: 'abc',
  user: { id: '1', name: 'Ada' },
  endpointName: 'house',
  endpoint: '127.0.0.1:11434',
  model: 'qwen3-coder',
  status: 'success',
  inputTokens: 1924,
  outputTokens: 512,
  tokensFrom: 'endpoint',
  cost: 0.0041,
  duration: 8200,
  firstPieceAfter: 400,
  redacted: ['2 e-mail addresses replaced'],
  leftOut: [],
};
const failed: AiCall = {
  ...call,
  id: '33',
  user: null,
  status: 'failure',
  errorKind: 'rate_limited',
  outputTokens: null,
  tokensFrom: 'estimate',
  cost: null,
};
const whole: AiCall = {
  ...call,
  request: [
    { role: 'system', content: 'You help.' },
    { role: 'user', content: '{"to": "[email 1]"}' },
  ],
  answer: '## Fix\n<b>No.</b> [a](https://evil.example/)',
  feedback: [{ rating: 'not_helpful', comment: 'Wrong file.', user: 'Grace' }],
};
const answers = {
  ...asAda(),
  [`GET ${path}`]: () => [call, failed],
  [`GET ${path}34/`]: () => whole,
};

describe('calls to models', () => {
  it('are listed with what they took, by whom and how they ended', async () => {
    openPage('/settings/ai-calls/', answers);
    const list = within(await screen.findByRole('list', { name: 'Calls to models' }));
    const [first, second] = list.getAllByRole('listitem');
    expect(first).toHaveTextContent(/CHECKOUT-7checkout Answered.*1,924 \+ 512 tokens\$0\.0041Ada.*8\.2 s/);
    expect(second).toHaveTextContent(/Failed rate limited.*~1,924 \+ \? tokensno priceThe local user/);
    expect(list.getAllByRole('link', { name: 'CHECKOUT-7' })[0]).toHaveAttribute('href', '/issues/7/events/abc/');
  });

  it('open to the exact request and answer, as text, and stay open in the address', async () => {
    const { user, router } = openPage('/settings/ai-calls/?project=checkout', answers);
    await user.click(await screen.findByRole('button', { name: 'Call 34' }));
    expect(await screen.findByText('{"to": "[email 1]"}')).toBeVisible();
    expect(screen.getByRole('region', { name: 'Answer' })).toHaveTextContent('<b>No.</b> [a](https://evil.example/)');
    expect(document.querySelector('a[href*="evil"]')).toBeNull();
    expect(screen.getByText(/Grace: not helpful/)).toHaveTextContent('Wrong file.');
    expect(screen.getByText('2 e-mail addresses replaced')).toBeVisible();
    expect(router.state.location.search).toBe('?project=checkout&call=34');
    await user.click(screen.getByRole('button', { name: 'Copy: Sent: user' }));
    expect(await navigator.clipboard.readText()).toBe('{"to": "[email 1]"}');
    await user.click(screen.getByRole('button', { name: 'Call 34' }));
    expect(screen.queryByRole('region', { name: 'Answer' })).toBeNull();
  });

  it('are narrowed by project, user and status in the address, which the export follows', async () => {
    const { user, sent, router } = openPage('/settings/ai-calls/?cursor=0:25:0', answers);
    const lists = (all: Sent[]) => all.filter((each) => each.path === path).map(({ query }) => `${query}`);
    expect(await screen.findByRole('link', { name: 'Export all' })).toHaveAttribute('href', `/api/0${path}export/`);
    await user.selectOptions(screen.getByRole('combobox', { name: 'User' }), 'local');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Status' }), 'Failed');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Project' }), 'checkout');
    await waitFor(() => expect(lists(sent).at(-1)).toBe('project=checkout&user=local&status=failure'));
    expect(lists(sent)[0]).toBe('cursor=0%3A25%3A0');
    expect(router.state.location.search).toBe('?user=local&status=failure&project=checkout');
    expect(screen.getByRole('link', { name: 'Export these' })).toHaveAttribute(
      'href',
      `/api/0${path}export/?project=checkout&user=local&status=failure`,
    );
  });

  it('come in pages', async () => {
    const link = '<http://x/?cursor=0:25:0>; rel="next"; results="true"; cursor="0:25:0"';
    const { user, router } = openPage('/settings/ai-calls/', {
      ...answers,
      [`GET ${path}`]: () => Response.json([call], { headers: { Link: link } }),
    });
    await user.click(await screen.findByRole('button', { name: 'Next' }));
    await waitFor(() => expect(router.state.location.search).toBe('?cursor=0%3A25%3A0'));
  });

  it('are none at first, or none of those that are asked for', async () => {
    const { user } = openPage('/settings/ai-calls/', { ...asAda(), [`GET ${path}`]: () => [] });
    expect(await screen.findByText('No model was called yet.')).toBeVisible();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Status' }), 'Stopped');
    expect(await screen.findByText('No call matches.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Show all calls' }));
    expect(await screen.findByText('No model was called yet.')).toBeVisible();
  });

  it('say what could not be loaded: the list, or one of them', async () => {
    let isDown = true;
    const { user } = openPage('/settings/ai-calls/?call=34', {
      ...answers,
      [`GET ${path}`]: () => (isDown ? Response.json({ detail: 'Busy.' }, { status: 400 }) : [call]),
      [`GET ${path}34/`]: refuse(404, 'There is no such call.'),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('Busy.');
    isDown = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/There is no such call\./)).toBeVisible();
  });

  it('are not for everybody', async () => {
    const { sent } = openPage('/settings/ai-calls/', asAda(['ai:suggest', 'project:read']));
    expect(await screen.findByRole('heading', { name: 'You may not see the calls to models.' })).toBeVisible();
    expect(sent.some((each) => each.path === path)).toBe(false);
  });
});
