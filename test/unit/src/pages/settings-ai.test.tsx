import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { AiSettings } from '../../../../server/protocol/contract.ts';
import { openPage, refuse, type Sent } from '../app/render-app.tsx';
import { asAda } from './settings-fakes.ts';

const path = '/projects/stackmend/checkout/ai-settings/';
const settings: AiSettings = {
  localOnly: false,
  endpoint: null,
  redactionRules: 'name: *iban*',
  endpoints: [
    { name: 'openai', host: 'api.openai.com', model: 'gpt-5-mini', isLocal: false },
    { name: 'house', host: '127.0.0.1:11434', model: 'qwen3-coder', isLocal: true },
  ],
};

/** Keeps what is stored, as the server does. */
function server(stored = settings) {
  let now = stored;
  let consented = false;
  return {
    ...asAda(),
    [`GET ${path}`]: () => now,
    [`PUT ${path}`]: ({ body }: Sent) => {
      now = { ...now, ...(body as Partial<AiSettings>) };
      return now;
    },
    'GET /users/me/ai-consent/': () => ({ consented }),
    'PUT /users/me/ai-consent/': ({ body }: Sent) => {
      consented = (body as { consented: boolean }).consented;
      return { consented };
    },
  };
}
const puts = (sent: Sent[]) => sent.filter(({ method }) => method === 'PUT').map(({ body }) => body);
const panel = async (name: string) => within(await screen.findByRole('region', { name }));

describe('where events may go', () => {
  it('is limited to local endpoints, and the toast takes it back', async () => {
    const { user, sent } = openPage('/settings/ai/', server());
    const where = await panel('Where events may go');
    expect(where.getByRole('button', { name: 'Save' })).toBeDisabled();
    expect(where.getByRole('option', { name: 'The first, now openai' })).toBeInTheDocument();
    await user.click(where.getByRole('checkbox', { name: /^Local endpoints only/ }));
    expect(where.getByRole('option', { name: 'The first, now house' })).toBeInTheDocument();
    expect(where.queryByRole('option', { name: /openai/ })).toBeNull();
    await user.click(where.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Outside your network, not for this project')).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(where.getByRole('checkbox')).not.toBeChecked());
    const { redactionRules } = settings;
    expect(puts(sent)).toEqual([
      { localOnly: true, endpoint: null, redactionRules },
      { localOnly: false, endpoint: null, redactionRules },
    ]);
  });

  it('says when no endpoint is left, and when the chosen one is gone', async () => {
    const [openai] = settings.endpoints;
    const { user } = openPage(
      '/settings/ai/',
      server({ ...settings, endpoint: 'old', endpoints: openai ? [openai] : [] }),
    );
    const where = await panel('Where events may go');
    expect(where.getByText('There is no endpoint old any more.')).toBeVisible();
    await user.click(where.getByRole('checkbox'));
    expect(where.getByText(/no fix can be suggested/)).toBeVisible();
  });

  it('says why it was not stored', async () => {
    const { user } = openPage('/settings/ai/', {
      ...server(),
      [`PUT ${path}`]: refuse(403, 'You need ai:admin.'),
    });
    const where = await panel('Where events may go');
    await user.selectOptions(where.getByRole('combobox'), 'house');
    await user.click(where.getByRole('button', { name: 'Save' }));
    expect(await where.findByRole('alert')).toHaveTextContent('You need ai:admin.');
    expect(where.getByRole('combobox')).toHaveValue('house');
  });
});

describe('redaction rules', () => {
  it('that cannot be read are named by their lines, and nothing typed is lost', async () => {
    const { user } = openPage('/settings/ai/', {
      ...server(),
      [`PUT ${path}`]: refuse(400, 'Line 2: a rule begins with name:.\nLine 3: keep: secret is none of token.'),
    });
    const rules = await panel('Redaction rules');
    const field = rules.getByRole<HTMLTextAreaElement>('textbox', { name: 'Rules' });
    await user.clear(field);
    await user.type(field, '# ours\nwhat\nkeep: secret');
    await user.click(rules.getByRole('button', { name: 'Save the rules' }));
    expect(await rules.findByRole('alert')).toHaveTextContent(/Line 2: a rule begins.*Line 3: keep: secret is none/);
    expect(field).toHaveAttribute('aria-invalid', 'true');
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe('what');
    await user.click(rules.getByRole('button', { name: 'Line 3' }));
    expect(field).toHaveFocus();
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe('keep: secret');
    expect(field).toHaveValue('# ours\nwhat\nkeep: secret');
  });

  it('are stored, and taken back', async () => {
    const { user, sent } = openPage('/settings/ai/', server());
    const rules = await panel('Redaction rules');
    const field = rules.getByRole('textbox', { name: 'Rules' });
    await user.type(field, '\ntext: Falcon');
    await user.click(rules.getByRole('button', { name: 'Save the rules' }));
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(field).toHaveValue('name: *iban*'));
    expect(puts(sent)).toMatchObject([
      { redactionRules: 'name: *iban*\ntext: Falcon' },
      { redactionRules: 'name: *iban*' },
    ]);
  });

  it('can be read by who may not change them', async () => {
    openPage('/settings/ai/', { ...server(), ...asAda(['project:read', 'ai:suggest']) });
    const rules = await panel('Redaction rules');
    expect(rules.getByRole('textbox', { name: 'Rules' })).toHaveAttribute('readonly');
    expect(rules.getByRole('button', { name: 'Save the rules' })).toHaveAccessibleDescription(/ai:admin/);
    expect(screen.queryByRole('link', { name: 'Calls of this project' })).toBeNull();
  });
});

it('shows the endpoints that the operator set, to be read alone', async () => {
  openPage('/settings/ai/', server());
  const list = within(await screen.findByRole('list', { name: 'Endpoints' }));
  expect(list.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'openaigpt-5-mini at api.openai.comOutside your network',
    'houseqwen3-coder at 127.0.0.1:11434Local',
  ]);
  expect(screen.getByRole('region', { name: 'Endpoints' })).toHaveTextContent('config.yml');
});

it('gives and withdraws one’s own consent', async () => {
  const { user, sent } = openPage('/settings/ai/', server());
  const consent = await panel('Your consent');
  await user.click(await consent.findByRole('button', { name: 'I agree' }));
  await user.click(await consent.findByRole('button', { name: 'Withdraw' }));
  expect(await consent.findByText(/You have not agreed/)).toBeVisible();
  expect(puts(sent)).toEqual([{ consented: true }, { consented: false }]);
});

it('asks nobody for a consent who may send nothing, and says why', async () => {
  const { sent } = openPage('/settings/ai/', { ...server(), ...asAda(['event:read', 'project:read', 'org:read']) });
  const consent = await panel('Your consent');
  expect(await consent.findByText(/^You need the permission ai:suggest\./)).toBeVisible();
  expect(consent.queryByRole('alert')).toBeNull();
  expect(consent.queryByRole('status')).toBeNull();
  expect(sent.map(({ path: asked }) => asked)).not.toContain('/users/me/ai-consent/');
});

it('says what could not be loaded, and tries again', async () => {
  let isDown = true;
  const { user } = openPage('/settings/ai/', {
    ...server(),
    [`GET ${path}`]: () => (isDown ? Response.json({ detail: 'Busy.' }, { status: 400 }) : settings),
  });
  expect(await screen.findByRole('alert')).toHaveTextContent('Busy.');
  isDown = false;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('region', { name: 'Redaction rules' })).toBeVisible();
});
