import { describe, expect, it, test } from 'vitest';
import type { Request } from '../../../../server/protocol/contract.ts';
import { curlOf } from '../../../../src/pages/issue-details/curl.ts';
import { formatJson } from '../../../../src/pages/issue-details/format-json.ts';
import { tagQuery } from '../../../../src/pages/issue-details/tag-query.ts';

const request = (change: Partial<Request>): Request => ({ method: 'GET', url: 'https://a.example/', ...change });

describe('a request as curl', () => {
  it('names the method only when it is not GET, and sorts the headers', () => {
    expect(
      curlOf(
        request({
          headers: [
            ['X-B', '2'],
            ['Accept-Encoding', 'gzip, br'],
          ],
        }),
      ),
    ).toBe("curl \\\n  --compressed \\\n  -H 'Accept-Encoding: gzip, br' \\\n  -H 'X-B: 2' \\\n  'https://a.example/'");
    expect(curlOf(request({ method: 'DELETE' }))).toContain("-X 'DELETE'");
  });

  it('leaves nothing for the shell to run', () => {
    const curl = curlOf(request({ url: "https://a.example/'$(touch /tmp/x)`!\0", data: "'; rm -rf /" }));
    expect(curl).toContain("'https://a.example/'\\''$(touch /tmp/x)`!'");
    expect(curl).toContain("--data ''\\''; rm -rf /'");
  });

  test.each([
    ['application/json', { a: 1 }, `--data '{"a":1}'`],
    ['application/x-www-form-urlencoded', { a: '1 2' }, "--data 'a=1+2'"],
    ['multipart/form-data', { a: 1 }, null],
  ])('sends a body of %s by its kind', (inferredContentType, data, expected) => {
    const curl = curlOf(request({ data, inferredContentType }));
    if (expected) expect(curl).toContain(expected);
    else expect(curl).not.toContain('--data');
  });

  it('has the query and the fragment, escaped', () => {
    expect(
      curlOf(
        request({
          query: [
            ['q', 'a&b'],
            ['flag', null],
          ],
          fragment: 'top',
        }),
      ),
    ).toContain("'https://a.example/?q=a%26b&flag=#top'");
    expect(curlOf(request({ url: null }))).toBeNull();
  });
});

test.each([
  ['{"a":[1,{"b":"},:["}],"c":{}}', '{\n  "a": [\n    1,\n    {\n      "b": "},:["\n    }\n  ],\n  "c": {}\n}'],
  ['{"n":18446744073709551615,"e":"\\"x"}', '{\n  "n": 18446744073709551615,\n  "e": "\\"x"\n}'],
  ['  [ ]  ', '[]'],
])('%j is indented without being read', (text, expected) => expect(formatJson(text)).toBe(expected));

test('a text that is no JSON takes no time', () => {
  const started = performance.now();
  formatJson('"'.repeat(100_001) + '\\'.repeat(100_001));
  expect(performance.now() - started).toBeLessThan(1000);
});

test.each([
  ['release', 'shop@1.4.0', undefined, 'release:shop@1.4.0'],
  ['browser', 'Firefox "ESR"', undefined, 'browser:"Firefox \\"ESR\\""'],
  ['user', 'id:7', 'user.id:"7"', 'user.id:"7"'],
])('the tag %s %s is searched as %4$s', (key, value, given, expected) =>
  expect(tagQuery(key, value, given)).toBe(expected),
);
