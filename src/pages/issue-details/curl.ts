import type { Request } from '../../../server/protocol/contract.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
/** Linux takes 128 KiB in one argument; characters may have four bytes. */
const longestArgument = 32_000;
/** What names a header or a method: RFC 9110's token. */
const isToken = (text: string) => /^[\w!#$%&'*+.^`|~-]+$/.test(text);

/**
 * One shell word in single quotes, in which nothing has a meaning: Sentry's double quotes leave `!` to the history of an
 * interactive shell. Quotes and backslashes stand outside, because fish reads a backslash within.
 */
function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, (character) => `'\\${character}'`)}'`;
}

/**
 * All of it came with the event, and the line is made to be pasted: a terminal obeys control characters (Ctrl-C, the end
 * of a bracketed paste) before any shell reads its quotes, so that none may be in it.
 */
const inUrl = (text: string) =>
  text.replace(controls, (character) => ('\0\t\n\r'.includes(character) ? '' : encodeURIComponent(character)));
const inHeader = (text: string) => text.replaceAll('\0', '').replace(controls, ' ');

/** `printf`'s format for a text: control characters as octal bytes, so that the body is exact and on one line. */
function printfFormat(text: string): string {
  const octal = (character: string) =>
    Array.from(new TextEncoder().encode(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  return (
    text
      .replace(/[\\%]/g, (character) => character + character)
      // A leading one would begin an option.
      .replace(/^-/, '\\055')
      .replace(controls, (character) => (character === '\n' ? '\\n' : octal(character)))
  );
}

function bodyOf({ data, inferredContentType }: Request): string | null {
  if (data === null || data === undefined || data === '') return null;
  if (inferredContentType?.startsWith('multipart/')) return null;
  if (typeof data === 'string') return data;
  if (inferredContentType === 'application/x-www-form-urlencoded' && typeof data === 'object') {
    return new URLSearchParams(Object.entries(data).map(([key, value]) => [key, String(value)])).toString();
  }
  return JSON.stringify(data);
}

/** The request's address as it was: URL, query and fragment; null when there is no URL. */
export function fullUrl({ url, query, fragment }: Request): string | null {
  if (!url) return null;
  const pairs =
    typeof query === 'string'
      ? query.replace(/^\?/, '')
      : (query ?? []).map((pair) => pair.map((part) => encodePart(part ?? '')).join('=')).join('&');
  return url + (pairs ? `?${pairs}` : '') + (fragment ? `#${fragment}` : '');
}

/** Half a surrogate pair, which a stranger may send, has no encoding. */
const encodePart = (text: string) => encodeURIComponent(text.toWellFormed());

function headerOf([name, value]: [string, string | null]): string[] {
  const text = inHeader(value ?? '').trim();
  // `@file` would read the headers from a file; the length is that of the body that is sent; curl's own word for an empty one.
  if (!isToken(name) || /^content-length$/i.test(name)) return [];
  return [`-H ${quoted(text === '' ? `${name};` : `${name}: ${text}`)}`];
}

function methodOf(method: string | null | undefined): string | false {
  if (!method || method === 'GET' || !isToken(method)) return false;
  return method === 'HEAD' ? '--head' : `-X ${quoted(method)}`;
}

/**
 * The request as a curl command (sentry-behaviour 9.9): method unless GET, headers sorted, the body by its kind. It can be
 * pasted into a POSIX shell (and into fish) whatever the event says: nothing of it is run, read from a file or written to one.
 * Null when there is no URL that leads to a web server.
 */
export function curlOf(request: Request): string | null {
  const url = fullUrl(request);
  if (url === null || !/^https?:\/\//i.test(url)) return null;
  const headers = (request.headers ?? []).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const isCompressed = headers.some(([name, value]) => /^accept-encoding$/i.test(name) && value?.includes('gzip'));
  const body = bodyOf(request);
  const isPiped = body !== null && (body.length > longestArgument || body.search(controls) >= 0);
  const parts = [
    isPiped ? `printf ${quoted(printfFormat(body))} | curl` : 'curl',
    isCompressed && '--compressed',
    // Brackets and braces would be ranges: one line, thousands of requests.
    /[[\]{}]/.test(url) && '--globoff',
    methodOf(request.method),
    ...headers.flatMap(headerOf),
    isPiped && '--data-binary @-',
    // Plain `--data` takes `@/etc/passwd` for the name of a file to send.
    body !== null && !isPiped && `--data-raw ${quoted(body)}`,
    quoted(inUrl(url)),
  ];
  return parts.filter(Boolean).join(' \\\n  ');
}
