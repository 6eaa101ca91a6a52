import { afterEach, describe, expect, it, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { apiClient, apiUrl } from '../../../../src/api/api-client.ts';
import { ApiError } from '../../../../src/api/api-error.ts';
import { parseLinkHeader } from '../../../../src/api/link-header.ts';

const schema = z.looseObject({ id: z.string() });
const answer = (body: unknown, init?: ResponseInit) =>
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => Response.json(body, init)),
  );
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('should have thrown'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(ApiError);
      return error as ApiError;
    },
  );

afterEach(() => vi.unstubAllGlobals());

describe('apiClient', () => {
  it('parses the answer at the door and asks under /api/0', async () => {
    answer({ id: '1', more: true });
    expect(await apiClient.get('/things/', schema, { query: { a: 'x y', b: undefined } })).toEqual({
      id: '1',
      more: true,
    });
    expect(fetch).toHaveBeenCalledWith('/api/0/things/?a=x+y', expect.anything());
  });

  it('says where an answer is not what was agreed', async () => {
    answer({ id: 1 });
    expect((await failure(apiClient.get('/things/', schema))).detail).toBe(
      "The server's answer was not understood (at id).",
    );
  });

  it('hands on the reason, the body and the wait of a refusal', async () => {
    answer({ detail: 'Slow down.', kind: 'rate_limited' }, { status: 429, headers: { 'Retry-After': '7' } });
    const error = await failure(apiClient.post('/things/', {}));
    expect(error).toMatchObject({ status: 429, message: 'Slow down.', retryAfter: 7, body: { kind: 'rate_limited' } });
  });

  it('has words for an answer that is no JSON', async () => {
    vi.stubGlobal('fetch', async () => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    expect((await failure(apiClient.delete('/things/'))).detail).toBe('The server answered 502 without a reason.');
  });

  test.each([
    [true, /does not answer/],
    [false, /You are offline/],
  ])('tells a server that is down from no network (onLine %s)', async (onLine, words) => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(onLine);
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('fetch failed')));
    const error = await failure(apiClient.get('/things/', schema));
    expect(error.status).toBe(0);
    expect(error.detail).toMatch(words);
  });

  it('lets an aborted request be an abort, not an error of the server', async () => {
    const controller = new AbortController();
    vi.stubGlobal('fetch', async () => {
      controller.abort();
      throw new DOMException('aborted', 'AbortError');
    });
    await expect(apiClient.get('/things/', schema, { signal: controller.signal })).rejects.toThrow(DOMException);
  });

  it('sends an imported event byte for byte and an object as JSON', async () => {
    answer({ id: '1' });
    await apiClient.post('/events/', '{"a" : 1}', schema);
    expect(fetch).toHaveBeenLastCalledWith(
      '/api/0/events/',
      expect.objectContaining({ method: 'POST', body: '{"a" : 1}' }),
    );
    await apiClient.put('/events/', { a: 1 });
    expect(fetch).toHaveBeenLastCalledWith(
      '/api/0/events/',
      expect.objectContaining({ method: 'PUT', body: '{"a":1}' }),
    );
  });

  it('reads a page with its cursors', async () => {
    const link =
      '<http://x/?cursor=0:0:1>; rel="previous"; results="false"; cursor="0:0:1", <http://x/>; rel="next"; results="true"; cursor="0:25:0"';
    answer([{ id: '1' }], { headers: { Link: link, 'X-Hits': '26' } });
    const page = await apiClient.getPage('/things/', z.array(schema));
    expect(page).toEqual({ items: [{ id: '1' }], next: '0:25:0', previous: null, hits: 26 });
  });
});

test.each([[null], [''], ['nonsense'], ['<a,b>; rel="self"']])('finds no cursor in %j', (header) => {
  expect(parseLinkHeader(header)).toEqual({ next: null, previous: null });
});

test('apiUrl leaves out what is undefined', () => {
  expect(apiUrl('/a/', { x: 1, y: undefined })).toBe('/api/0/a/?x=1');
  expect(apiUrl('/a/')).toBe('/api/0/a/');
});
