import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { mendTail, splitBlocks } from '../../../../src/suggestFix/streaming-markdown.ts';

describe('splitBlocks', () => {
  test.each<[string, string, string[]]>([
    ['paragraphs', 'a\nb\n\nc', ['a\nb', 'c']],
    ['a fence with blank lines whole', '```py\na\n\nb\n```\n\nc', ['```py\na\n\nb\n```', 'c']],
    ['an open fence with all that follows', 'a\n\n~~~\nb\n\n```\n\nc', ['a', '~~~\nb\n\n```\n\nc']],
    ['a fence that only a longer one closes', '````\n```\n\na\n````\n\nb', ['````\n```\n\na\n````', 'b']],
    ['a loose list whole', '1. a\n\n2. b\n\n   more\n\nc', ['1. a\n\n2. b\n\n   more', 'c']],
    ['a fence within a list item', '- a\n\n  ```\n\nx\n\n  ```\n\nb', ['- a\n\n  ```\n\nx\n\n  ```', 'b']],
    ['no fence where ticks are code', '```a``` b\n\nc', ['```a``` b', 'c']],
    [
      'a text with references not at all',
      '[a][1]\n\nb\n\n[1]: https://x.example',
      ['[a][1]\n\nb\n\n[1]: https://x.example'],
    ],
    ['nothing of nothing', '\n\n', []],
  ])('keeps %s', (_, text, blocks) => expect(splitBlocks(text)).toEqual(blocks));

  it('loses no word, whatever the text', () => {
    const lines = fc.constantFrom(
      '',
      'word',
      '- item',
      '  more',
      '```',
      '~~~~',
      '> quote',
      '# head',
      '| a |',
      '1. one',
    );
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 30 }), (given) => {
        const words = (text: string) => text.split(/\s+/).filter(Boolean);
        expect(words(splitBlocks(given.join('\n')).join('\n\n'))).toEqual(words(given.join('\n')));
      }),
    );
  });

  it('leaves a block alone once a later one has begun', () => {
    const text = 'a\n\n```\nb\n\nc\n```\n\n- d\n\n- e\n\n| f |\n|---|\n| g |\n\nend';
    const final = splitBlocks(text);
    for (let length = 1; length <= text.length; length++) {
      const blocks = splitBlocks(text.slice(0, length));
      expect(final.slice(0, blocks.length - 1)).toEqual(blocks.slice(0, -1));
    }
  });
});

test.each<[string, string, string]>([
  ['closes strong', 'a **bo', 'a **bo**'],
  ['waits for the second half of its end', 'a **bo*', 'a **bo**'],
  ['shows no mark before its word', 'a **', 'a'],
  ['closes what is nested, inside out', 'a **b *c', 'a **b *c***'],
  ['leaves what is whole', 'a **b** *c* `d` [e](f) g', 'a **b** *c* `d` [e](f) g'],
  ['leaves a product alone', '2 * 3 is', '2 * 3 is'],
  ['leaves names with underscores', 'a my_var_name', 'a my_var_name'],
  ['closes code', 'call `foo(**kw', 'call `foo(**kw`'],
  ['closes code of two ticks', 'call ``a`b', 'call ``a`b``'],
  ['shows the words of a link that is not whole', 'see [the docs](https://x.ex', 'see the docs'],
  ['shows the label of a link', 'see [the do', 'see the do'],
  ['keeps an escaped mark', 'a \\*b', 'a \\*b'],
  ['holds a lone marker, which would make the line above a heading', 'Fix:\n-', 'Fix:'],
  ['holds the number of an item', 'Fix:\n2', 'Fix:'],
  ['holds a fence whose language is not whole', 'Do:\n```py', 'Do:'],
  ['keeps code that is open', '```py\na **b', '```py\na **b'],
  ['holds what may be the end of code', '```py\na\n``', '```py\na'],
  ['holds the head of a table', 'See:\n| a | b |', 'See:'],
  ['holds its rule until that is whole', '| a | b |\n|--', ''],
  ['shows a table row by row', '| a | b |\n|---|---|\n| 1', '| a | b |\n|---|---|\n| 1'],
])('mendTail %s', (_, block, mended) => expect(mendTail(block)).toBe(mended));

it('mends any beginning of any text without throwing, in linear time', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'*_`[]()~|- \n\\a!'), maxLength: 200 }),
      (text) => void mendTail(text),
    ),
  );
  for (const unit of ['*', '`', '[', '**a ', '`a ', '](', '|', '\\', '~~', '- ']) {
    const start = performance.now();
    mendTail(unit.repeat(20_000));
    expect(performance.now() - start).toBeLessThan(500);
  }
});
