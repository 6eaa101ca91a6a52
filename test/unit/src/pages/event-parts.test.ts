import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { Request } from '../../../../server/protocol/contract.ts';
import { curlOf } from '../../../../src/pages/issue-details/curl.ts';
import { formatJson } from '../../../../src/pages/issue-details/format-json.ts';
import { tagQuery } from '../../../../src/pages/issue-details/tag-query.ts';

const request = (change: Partial<Request>): Request => ({ method: 'GET', url: 'https://a.example/', ...change });

/** What `sh` hands to `curl`, in an empty folder, and what is left there: nothing. */
function runWithPretendedCurl(command: string): { args: string[]; input: string } {
  const folder = mkdtempSync(join(tmpdir(), 'stackmend-curl-'));
  try {
    const pretended = `curl() {
      for each in "$@"; do printf '%s\\0' "$each"; done
      case " $* " in *' @- '*) printf '\\001'; cat ;; esac
    }
    `;
    const output = execFileSync('sh', ['-s'], { cwd: folder, input: `${pretended}${command}\n` }).toString('utf8');
    expect(readdirSync(folder)).toEqual([]);
    const [args = '', input = ''] = output.split('\u0001', 2);
    return { args: args.split('\0').slice(0, -1), input };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

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
    expect(curl).toContain("--data-raw ''\\''; rm -rf /'");
  });

  it('gives a real shell the very values, whatever is in them', () => {
    const hostile = [
      `'; touch pwned; '`,
      '$(touch pwned) `touch pwned` $HOME !! \\',
      '@/etc/passwd',
      '-o pwned',
      '%s %d \\n',
      'a\nb\tc\r\u0003\u0015 \u001b[201~\ntouch pwned\n',
      'null \0 byte, \u009b and \u202e',
      'caf\u00e9 \u{1f600}',
      'x'.repeat(200_000),
    ];
    for (const data of hostile) {
      const headers: [string, string][] = [
        ['X-Text', data.slice(0, 100)],
        ['@/etc/passwd', 'x'],
        ['X-Empty', ''],
      ];
      const curl = curlOf(request({ method: 'PUT', url: `https://a.example/${data.slice(0, 100)}`, data, headers }));
      // Nothing that a terminal obeys, but for the line ends of our own.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(curl?.replaceAll(' \\\n  ', ' ')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
      const { args, input } = runWithPretendedCurl(curl ?? '');
      expect(args.filter((arg) => arg.startsWith('X-'))).toHaveLength(2);
      expect(args).not.toContain('@/etc/passwd: x');
      const sent = args.includes('--data-binary') ? input : args[args.indexOf('--data-raw') + 1];
      expect(sent).toBe(data);
      expect(args.at(-1)).toMatch(/^https:\/\/a\.example\//);
    }
  });

  it.each(['file:///etc/passwd', '-o/tmp/x', '/relative', 'scp://a.example/x', ''])('is not offered for %j', (url) =>
    expect(curlOf(request({ url }))).toBeNull(),
  );

  it('asks for one address alone, though it has the brackets of a range', () => {
    expect(curlOf(request({ url: 'https://a.example/[1-1000]' }))).toContain('--globoff');
  });

  it('takes half a surrogate pair in a query', () => {
    expect(curlOf(request({ query: [['q', '\ud800']] }))).toContain('q=%EF%BF%BD');
  });

  test.each([
    ['application/json', { a: 1 }, `--data-raw '{"a":1}'`],
    ['application/x-www-form-urlencoded', { a: '1 2' }, "--data-raw 'a=1+2'"],
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
