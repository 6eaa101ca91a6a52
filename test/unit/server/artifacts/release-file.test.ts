import { describe, expect, it } from 'vitest';
import { describeReleaseFile } from '../../../../server/artifacts/release-file.ts';

const ID = '5a2c1f00-0000-4000-8000-000000000001';
const describeFile = (url: string, text: string, headers: [string, string][] = []) => {
  const { bytes: _, ...file } = describeReleaseFile(url, new TextEncoder().encode(text), new Map(headers));
  return file;
};

describe('a file without a manifest', () => {
  it('says at its end what it is of', () => {
    expect(describeFile('~/a.js', `x();\n//# sourceMappingURL=a.js.map\n//# debugId=${ID}\n`)).toEqual({
      url: '~/a.js',
      type: 'minified_source',
      debugId: ID,
      sourceMapUrl: 'a.js.map',
    });
  });

  it('has its map named by a header sooner than by itself', () => {
    const text = 'x();\n//# sourceMappingURL=b.map';
    expect(describeFile('~/a.js', text, [['sourcemap', 'a.js.map']])).toMatchObject({ sourceMapUrl: 'a.js.map' });
    expect(describeFile('~/a', text, [['x-sourcemap', 'c.map']])).toMatchObject({
      type: 'minified_source',
      sourceMapUrl: 'c.map',
    });
  });

  it('keeps no map that is inside of it', () => {
    const inline = `x();\n//# sourceMappingURL=data:application/json;base64,${'A'.repeat(100_000)}\n`;
    expect(describeFile('~/a.js', inline)).toMatchObject({ type: 'minified_source', sourceMapUrl: null });
  });

  it.each(['debugId', 'debug_id'])('is a map with the id in %s, wherever it is', (key) => {
    const fields = { version: 3, mappings: 'A'.repeat(200_000) };
    for (const map of [
      { [key]: ID, ...fields },
      { ...fields, [key]: ID },
    ]) {
      expect(describeFile('~/a.js.map?v=1', JSON.stringify(map))).toMatchObject({ type: 'source_map', debugId: ID });
    }
  });

  it('is source when nothing says otherwise', () => {
    expect(describeFile('app:///src/a.ts', 'export {}')).toMatchObject({ type: 'source', debugId: null });
    expect(describeFile('~/a.mjs', 'x')).toMatchObject({ type: 'minified_source', sourceMapUrl: null });
  });
});
