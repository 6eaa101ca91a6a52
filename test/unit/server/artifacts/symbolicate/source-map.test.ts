import { decodedMappings, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { describe, expect, it, test } from 'vitest';
import { decodeMappings, segmentAt } from '../../../../../server/artifacts/symbolicate/mappings.ts';
import { parseSourceMap } from '../../../../../server/artifacts/symbolicate/source-map.ts';
import { buildProgram } from './built.ts';

const parse = (map: unknown) => parseSourceMap(Buffer.from(typeof map === 'string' ? map : JSON.stringify(map)));
const basic = {
  version: 3,
  names: ['total'],
  sources: ['a.ts', 'b.ts'],
  sourcesContent: ['first\n', null],
  mappings: '',
};

describe('mappings', () => {
  it('are those that trace-mapping reads, segment by segment, of a real map', async () => {
    const { map } = await buildProgram();
    const theirs = decodedMappings(new TraceMap(map));
    const { segments, lines } = decodeMappings(JSON.parse(map).mappings);
    const ours = theirs.map((line, index) =>
      line.map((segment, at) => [
        ...segments.slice(((lines[index] ?? 0) + at) * 5, ((lines[index] ?? 0) + at) * 5 + segment.length),
      ]),
    );
    expect(theirs.flat().length).toBeGreaterThan(100);
    expect(ours).toEqual(theirs);
    expect(lines.at(-1)).toBe(theirs.flat().length);
  });

  it('lead from every column where trace-mapping says', async () => {
    const { code, map } = await buildProgram();
    const theirs = new TraceMap(map);
    const ours = parse(map);
    for (const [line, text] of code.split('\n').entries()) {
      for (let column = 0; column < text.length; column += 1) {
        const { source, line: row, column: at, name } = originalPositionFor(theirs, { line: line + 1, column });
        const found = ours.find(line, column);
        expect([
          found?.source.url ?? null,
          found && found.line + 1,
          found?.column ?? null,
          found?.name ?? null,
        ]).toEqual([source, row, at, name]);
      }
    }
  });

  it('out of order in a line are put in order, and lines that are empty stay', () => {
    const mappings = decodeMappings(';IAAA,JAAA,CAAC;;A');
    expect(segmentAt(mappings, 1, 0)).toMatchObject({ generatedColumn: 0, source: 0 });
    expect(segmentAt(mappings, 1, 9)).toMatchObject({ generatedColumn: 4 });
    expect(segmentAt(mappings, 0, 5)).toBeNull();
    expect(segmentAt(mappings, 3, 5)).toMatchObject({ source: -1, name: -1 });
    expect(segmentAt(mappings, 4, 0)).toBeNull();
    expect(segmentAt(mappings, -1, 0)).toBeNull();
  });

  it('stand for huge columns and lines beyond all', () => {
    const mappings = decodeMappings('AAAA,+/////DAAA');
    expect(segmentAt(mappings, 0, Number.MAX_SAFE_INTEGER)).toMatchObject({ generatedColumn: 2 ** 31 - 1 });
    expect(segmentAt(mappings, Number.MAX_SAFE_INTEGER, 0)).toBeNull();
  });

  test.each([
    ['a character that is no digit', 'AA!A', /character 2/],
    ['a number that goes on for ever', 'gggggggggggA', /character/],
    ['two numbers', 'AA', /has 2 numbers/],
    ['six numbers', 'AAAAAA', /more than five/],
    ['a number that is cut off', 'AAAg', /character 4/],
    ['a character beyond ASCII', 'AAA\u{1f4a5}', /character 3/],
  ])('with %s are refused', (_, text, message) => expect(() => decodeMappings(text)).toThrow(message));
});

describe('a map', () => {
  it('has its root before each source, but for those that have one', () => {
    const map = parse({ ...basic, sourceRoot: '/root', sources: ['a.ts', 'webpack:///b.ts'], mappings: 'AAAA,CCAA' });
    expect(map.find(0, 0)?.source.url).toBe('/root/a.ts');
    expect(map.find(0, 1)?.source.url).toBe('webpack:///b.ts');
  });

  it('has text of some sources and null for others', () => {
    const map = parse({ ...basic, mappings: 'AAAA,CCAA' });
    expect(map.find(0, 0)?.source.content).toBe('first\n');
    expect(map.find(0, 1)?.source.content).toBeNull();
  });

  test.each(['ignoreList', 'x_google_ignoreList'])('says by %s what is not the program itself', (field) => {
    const map = parse({ ...basic, mappings: 'AAAA,CCAA', [field]: [1] });
    expect(map.find(0, 0)?.source.isIgnored).toBe(false);
    expect(map.find(0, 1)?.source.isIgnored).toBe(true);
  });

  it('may begin with a line that keeps it from being run', () => {
    expect(parse(`)]}'\n${JSON.stringify({ ...basic, mappings: 'AAAA' })}`).find(0, 0)).not.toBeNull();
  });

  it('of sections leads to the section that begins last before the position', () => {
    const section = (line: number, column: number, source: string) => ({
      offset: { line, column },
      map: { version: 3, sources: [source], names: [], mappings: 'AAAA;AACA' },
    });
    const map = parse({ version: 3, sections: [section(0, 0, 'a'), section(2, 10, 'c'), section(2, 0, 'b')] });
    expect(map.find(0, 5)?.source.url).toBe('a');
    expect(map.find(2, 9)?.source.url).toBe('b');
    expect(map.find(2, 10)).toMatchObject({ source: { url: 'c' }, line: 0, isExact: true });
    // Columns of a section's further lines are counted from the line's beginning.
    expect(map.find(3, 0)).toMatchObject({ source: { url: 'c' }, line: 1, isExact: true });
  });

  it('with prototype names for sources and names reads them as text', () => {
    const text = `{"version":3,"sources":["__proto__","constructor"],"names":["__proto__"],"mappings":"AAAAA,CCAA","__proto__":{"sections":[]}}`;
    const map = parse(text);
    expect(map.find(0, 0)).toMatchObject({ name: '__proto__', source: { url: '__proto__', content: null } });
    expect(map.find(0, 1)?.source.url).toBe('constructor');
    expect(({} as Record<string, unknown>)['sections']).toBeUndefined();
  });

  it('that points beyond its own lists says nothing there', () => {
    const map = parse({ ...basic, mappings: 'AAAAA,CKAA,CAAAK,CADA' });
    expect(map.find(0, 0)).toMatchObject({ name: 'total' });
    expect(map.find(0, 1)).toBeNull();
    expect(map.find(0, 3)).toBeNull();
  });

  test.each([
    ['text that is no JSON', '<!doctype html>', /not JSON/],
    ['a list', '[]', /no object/],
    ['no mappings', { version: 3, sources: [] }, /no mappings/],
    ['mappings that are no text', { ...basic, mappings: [] }, /no mappings/],
    ['no sources', { version: 3, mappings: 'AAAA' }, /no list of sources/],
    ['a section without an offset', { sections: [{ map: basic }] }, /no offset/],
    ['a section at a negative line', { sections: [{ offset: { line: -1, column: 0 }, map: basic }] }, /no offset/],
    ['a section that is null', { sections: [null] }, /no offset/],
    ['a section without a map of its own', { sections: [{ offset: { line: 0, column: 0 }, map: null }] }, /no object/],
  ])('with %s is refused', (_, map, message) => expect(() => parse(map)).toThrow(message));

  it('of sections of sections of sections is refused, however deep', () => {
    let map: unknown = basic;
    for (let depth = 0; depth < 10; depth += 1) map = { sections: [{ offset: { line: 0, column: 0 }, map }] };
    expect(() => parse(map)).toThrow(/too deep/);
  });

  it('of more sections than a program has is refused', () => {
    const sections = `{"offset":{"line":0,"column":0}},`.repeat(100_000);
    expect(() => parse(`{"sections":[${sections}{}]}`)).toThrow(/more than 100000 sections/);
  });

  it('with more mappings or lines than fit is refused before they take memory', () => {
    expect(() => parse({ ...basic, mappings: 'A,'.repeat(10_000_001) })).toThrow(/more than 10000000 mappings/);
    expect(() => parse({ ...basic, mappings: ';'.repeat(10_000_001) })).toThrow(/more than 10000000 mappings/);
  });

  it('is counted by its values, not by what is in its strings', () => {
    const name = ',[{\\"'.repeat(500_000);
    expect(parse({ ...basic, names: [name], mappings: 'AAAAA' }).find(0, 0)?.name).toBe(name);
  });

  it('of a million sections is refused at once', () => {
    const sections = `{"offset":{"line":0,"column":0},"map":{}},`.repeat(999_999);
    expect(() => parse(`{"sections":[${sections}{}]}`)).toThrow(/more than 2000000 values/);
  });
});
