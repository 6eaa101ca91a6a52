import type { Request } from '../../../server/protocol/contract.ts';

/**
 * One shell word in single quotes, in which nothing has a meaning. All of it came with the event, and the line is made to
 * be pasted into a shell: Sentry's double quotes leave `!` to the history of an interactive one.
 */
function quoted(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;
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
      ? query
      : (query ?? []).map((pair) => pair.map((part) => encodeURIComponent(part ?? '')).join('=')).join('&');
  return url + (pairs ? `?${pairs}` : '') + (fragment ? `#${fragment}` : '');
}

/** The request as a curl command (sentry-behaviour 9.9): method unless GET, headers sorted, the body by its kind. */
export function curlOf(request: Request): string | null {
  const url = fullUrl(request);
  if (url === null) return null;
  const headers = (request.headers ?? []).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const isCompressed = headers.some(([name, value]) => /^accept-encoding$/i.test(name) && value?.includes('gzip'));
  const body = bodyOf(request);
  const parts = [
    'curl',
    isCompressed && '--compressed',
    request.method && request.method !== 'GET' && `-X ${quoted(request.method)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value ?? ''}`)}`),
    body !== null && `--data ${quoted(body)}`,
    quoted(url),
  ];
  return parts.filter(Boolean).join(' \\\n  ');
}
