import { describe, expect, it } from 'vitest';
import type { ShownFrame } from '../../../../server/ai/evidence-definitions.ts';
import { findMentions, wordsOf } from '../../../../server/ai/evidence-mentions.ts';

const COMMIT = 'c'.repeat(40);
const INSERT = 'db.execute("INSERT INTO reservation (sku, until) VALUES (?, ?)", (sku, until))';
const frame: ShownFrame = {
  source: { path: 'shop/reserve.py', commit: COMMIT, startLine: 1, lines: [INSERT] },
  ran: INSERT,
  body: [INSERT],
};
const nothing: Parameters<typeof wordsOf>[1] = { messages: [], values: [] };

/** The paths that are found, with the first line and the number of lines of each piece. */
async function found(files: Record<string, string>, told = nothing, frames = [frame]): Promise<string[]> {
  const linesOf = (path: string) => (files[path] ?? '').split('\n');
  const pieces = await findMentions(
    wordsOf(frames, told),
    COMMIT,
    frames.map(({ source }) => source),
    {
      read: async (path) => (path in files ? linesOf(path) : null),
      filesIn: async () => [],
      mentions: async (words) =>
        Object.keys(files).flatMap((path) =>
          linesOf(path).flatMap((line, index) =>
            (line.match(/\w+/g) ?? [])
              .filter((word) => words.includes(word))
              .map((word) => ({ path, line: index + 1, word })),
          ),
        ),
    },
  );
  return pieces.map(({ path, startLine, lines }) => `${path} ${startLine}+${lines.length}`);
}

describe('files that have the words of a crash', () => {
  it('are found where nothing imports them, the one that has most of them first', async () => {
    const files = {
      'shop/reserve.py': `${INSERT}\n`,
      'migrations/003.sql': 'CREATE TABLE reservation (\n  sku TEXT,\n  until INTEGER\n);\n',
      'migrations/001.sql': 'CREATE TABLE product (\n  sku TEXT,\n  name TEXT\n);\n',
      'shop/mail.py': 'def mail(to):\n    send(to)\n',
    };
    expect(await found(files)).toEqual(['migrations/003.sql 1+4']);
  });

  it('are found by what the error says and by values, too', async () => {
    const files = { 'config/topics.yml': 'cancelled:\n  - refund\nplaced:\n  - invoice\n' };
    expect(await found(files)).toEqual([]);
    expect(await found(files, { messages: ['no handler for refund'], values: ['cancelled'] })).toEqual([
      'config/topics.yml 1+4',
    ]);
  });

  it('are left where they have one word alone, are tests, or are what a program wrote', async () => {
    const text = 'reservation sku until\n';
    const files = {
      'a.sql': 'reservation\n',
      'test_reserve.py': text,
      'tests/reserve.py': text,
      'test.py': text,
      'dist/app.js': text,
      'vendor/x.py': text,
      'package-lock.json': text,
      'app.min.js': text,
      'README.md': text,
      'shop/reserve.py': text,
    };
    expect(await found(files)).toEqual([]);
  });

  it('are shown by the definitions that have them, or the lines around, where they are long', async () => {
    const filler = Array.from({ length: 40 }, (_, index) => `def other_${index}():\n    return ${index}\n\n`).join('');
    const code = `${filler}def hold(sku):\n    reservation = sku\n    return reservation\n\n\n${filler}`;
    const lines = 'x: 1\n'.repeat(50);
    expect(await found({ 'shop/hold.py': code })).toEqual(['shop/hold.py 121+3']);
    expect(await found({ 'shop.yml': `${lines}reservation: sku\n${lines}` })).toEqual(['shop.yml 43+17']);
  });

  it('are few', async () => {
    const many = Array.from({ length: 30 }, (_, index) => [`a${index}.sql`, `reservation\nsku\n${'x\n'.repeat(24)}`]);
    expect(await found(Object.fromEntries(many))).toHaveLength(4);
  });
});

it('takes no more words than say something, those of the newest frame first', () => {
  const long = Array.from({ length: 100 }, (_, index) => `word_${index}`).join(' ');
  const older = { ...frame, ran: 'older_call(return, self)', body: [long] };
  const words = [...wordsOf([frame, older], { messages: ['KeyError: --output=x; $(id) ünïcode'], values: [] })];
  expect(words).toHaveLength(40);
  expect(words.slice(0, 5).map(([word]) => word)).toEqual(['execute', 'INSERT', 'INTO', 'reservation', 'sku']);
  expect(words.map(([word]) => word)).toEqual(expect.arrayContaining(['older_call', 'KeyError']));
  expect(words.every(([word]) => /^\w+$/.test(word))).toBe(true);
  expect(words.some(([word]) => ['return', 'self'].includes(word))).toBe(false);
});
