import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { event } from '../app/fixtures.ts';
import { openPage, refuse } from '../app/render-app.tsx';
import { reader, signedIn } from './people.ts';

const as = (index: unknown) => ({ 'GET /': () => index });
const needs = (permission: string) => `You need the permission ${permission}. Whoever has member:admin can give it.`;
const suggest = `/projects/stackmend/checkout/events/${event().eventID}/ai-fix-suggest/`;
const attachments = `/projects/stackmend/checkout/events/${event().eventID}/attachments/`;
const payload = {
  payloadId: 'p1',
  messages: [{ role: 'user', content: 'ValueError' }],
  model: 'local',
  endpoint: '127.0.0.1:9',
  isLocal: true,
  configured: true,
  policy: 'allowed',
  consented: false,
  tokens: 12,
  redacted: [],
  leftOut: [],
};
const withPayload = (change: Partial<typeof payload> = {}) => ({
  [`GET ${suggest}payload/`]: () => ({ ...payload, ...change }),
  [`GET ${suggest}`]: () => ({ suggestion: null }),
});

async function expectBarred(name: string, permission: string) {
  const button = await screen.findByRole('button', { name });
  await waitFor(() => expect(button).toHaveAccessibleDescription(needs(permission)));
  expect(screen.getByRole('button', { name })).toHaveAttribute('aria-disabled', 'true');
}

describe('who may only read', () => {
  it('sees why an issue cannot be changed, and changes nothing by pressing anyway', async () => {
    const { user, sent } = openPage('/issues/7/', as(reader));
    await screen.findByRole('button', { name: /^bob/ });
    for (const name of ['Resolve', 'Archive', 'Bookmark']) await expectBarred(name, 'event:write');
    await expectBarred('Delete', 'event:admin');
    for (const name of ['Resolve', 'Delete']) await user.click(screen.getByRole('button', { name }));
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.keyboard('r');
    expect(await screen.findByText(needs('event:write'), { selector: '[role=status] *' })).toBeVisible();
    expect(sent.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('sees it of several issues, too', async () => {
    const { user, sent } = openPage('/issues/', as(reader));
    await user.click(await screen.findByRole('checkbox', { name: 'Select CHECKOUT-7' }));
    for (const name of ['Resolve', 'Archive', 'Bookmark']) await expectBarred(name, 'event:write');
    await expectBarred('Import event', 'event:write');
    await user.keyboard('b');
    expect(await screen.findByText(needs('event:write'), { selector: '[role=status] *' })).toBeVisible();
    expect(screen.getByText('1 selected')).toBeVisible();
    expect(sent.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('sees it of samples and imports, and of a file that is dropped', async () => {
    openPage('/setup/checkout/', as(reader));
    await expectBarred('Load sample events', 'event:write');
    await expectBarred('Import an event as JSON…', 'event:write');
    const drop = Object.assign(new window.Event('drop', { bubbles: true, cancelable: true }), {
      dataTransfer: { types: ['Files'], files: [new File(['{}'], 'event.json')] },
    });
    document.body.dispatchEvent(drop);
    expect(await screen.findByText(needs('event:write'), { selector: '[role=status] *' })).toBeVisible();
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('sees that attachments are kept from them, and asks for none', async () => {
    const { sent } = openPage('/issues/7/', {
      ...as(reader),
      [`GET ${attachments}`]: refuse(403, 'You lack the permission attachment:read.'),
    });
    const section = within(await screen.findByRole('region', { name: 'Attachments' }));
    expect(await section.findByText(new RegExp(needs('attachment:read')))).toBeVisible();
    await vi.waitFor(() => expect(sent.filter(({ path }) => path === attachments).length).toBeLessThanOrEqual(1));
  });

  it('sees why no fix can be asked for', async () => {
    openPage('/issues/7/', { ...as(reader), ...withPayload() });
    const panel = within(await screen.findByRole('region', { name: 'Suggest fix' }));
    expect(await panel.findByText(needs('ai:suggest'), { selector: ':not([hidden])' })).toBeVisible();
    expect(panel.getByRole('button', { name: 'Suggest fix' })).toHaveAccessibleDescription(needs('ai:suggest'));
  });

  it('sees why nothing can be agreed to', async () => {
    openPage('/issues/7/', { ...as(reader), ...withPayload({ policy: 'individual_consent' }) });
    await expectBarred('I agree', 'ai:suggest');
  });
});

describe('who may do more', () => {
  it('is not kept from it', async () => {
    openPage('/issues/7/', as(signedIn('ada', ['event:read', 'event:write', 'project:read', 'org:read'])));
    await screen.findByRole('button', { name: /^Ada/ });
    await expectBarred('Delete', 'event:admin');
    for (const name of ['Resolve', 'Archive', 'Bookmark']) {
      expect(screen.getByRole('button', { name })).not.toHaveAttribute('aria-disabled');
    }
  });

  it('reads the server’s words when it refuses all the same, and sees the control change', async () => {
    const detail = 'You lack the permission event:write. Whoever has member:admin can give it.';
    let index = signedIn('ada');
    const { user } = openPage('/issues/7/', {
      'GET /': () => index,
      'PUT /organizations/stackmend/issues/': () => {
        index = { ...reader, user: index.user };
        return Response.json({ detail, permission: 'event:write' }, { status: 403 });
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Resolve' }));
    expect(await screen.findByText(`That did not work: ${detail}`)).toBeVisible();
    await expectBarred('Resolve', 'event:write');
  });
});

it('draws the page before it is known who looks at it, with everything allowed', async () => {
  openPage('/issues/7/', { 'GET /': () => new Promise(() => {}) });
  const button = await screen.findByRole('button', { name: 'Resolve' });
  expect(button).not.toHaveAttribute('aria-disabled');
});
