import express, { type Request } from 'express';
import { describe, expect, it, test } from 'vitest';
import { ApiError, createApiClient, createClient } from '../../../../server/api/api-client.ts';
import { permit } from '../../../../server/api/permit.ts';
import { type Identity, identityOf } from '../../../../server/auth/identity.ts';
import { errorHandler } from '../../../../server/http/errors.ts';
import { ConflictError, StatusError } from '../../../../server/protocol/errors.ts';

const reader: Identity = {
  kind: 'operator',
  user: null,
  permissions: new Set(['event:read']),
  sessionId: null,
};

const seen = (req: Request) => ({
  method: req.method,
  url: req.originalUrl,
  type: req.headers['content-type'] ?? null,
  who: identityOf(req)?.kind ?? null,
  body: Buffer.isBuffer(req.body) ? `${req.body.length} bytes` : (req.body ?? null),
});

const logged: unknown[] = [];
function createTestApp() {
  const app = express();
  app.use(express.raw({ type: 'application/octet-stream', limit: '10mb' }), express.json());
  app.get('/api/0/status/:status/', (req, res) => void res.status(Number(req.params.status)).json({ is: 'here' }));
  app.get('/api/0/moved/', (_req, res) => res.redirect('/api/0/echo/'));
  app.get('/api/0/unchanged/', (_req, res) => void res.status(304).end());
  app.get('/api/0/empty/', (_req, res) => void res.status(204).end());
  app.get('/api/0/bytes/', (_req, res) => void res.type('png').send(Buffer.from([1, 2, 3])));
  app.get('/api/0/broken-json/', (_req, res) => void res.type('json').send('{"detail'));
  app.get('/api/0/cookies/', (_req, res) => void res.cookie('a', '1').cookie('b', '2').json({}));
  app.get('/api/0/taken/', () => {
    throw new ConflictError('The name is taken.');
  });
  app.get('/api/0/more/', () => {
    throw new StatusError(409, 'Stale.', { body: { kind: 'stale_payload' } });
  });
  app.get('/api/0/fault/', () => {
    throw new Error('secret words');
  });
  app.get('/api/0/gone/', (_req, res) => void res.destroy());
  app.get('/api/0/cut/', (_req, res) => {
    res.writeHead(200, { 'content-length': 10 }).write('{');
    res.destroy();
  });
  app.get('/api/0/reading/', permit('event:read'), (_req, res) => void res.json('read'));
  app.get('/api/0/writing/', permit('event:write'), (_req, res) => void res.json('written'));
  app.use('/api/0', (req, res) => void res.json(seen(req)));
  app.use((_req, res) => void res.status(404).send('<h1>Not the API</h1>'));
  app.use(errorHandler((_message, error) => void logged.push(error)));
  return app;
}
const api = createApiClient(createTestApp(), reader);

const failing = async (path: string): Promise<ApiError> => {
  const error: unknown = await api.get(path).catch((thrown: unknown) => thrown);
  if (error instanceof ApiError) return error;
  throw new Error(`${path} gave ${error}`);
};

describe('what is asked', () => {
  test.each([
    ['get', 'GET'],
    ['post', 'POST'],
    ['put', 'PUT'],
    ['delete', 'DELETE'],
  ] as const)('%s is %s', async (name, method) => {
    expect((await api[name]('/echo/')).data).toMatchObject({ method, url: '/api/0/echo/', who: 'operator' });
  });
  it('any other method goes by request', async () => {
    expect((await api.request('PATCH', '/echo/')).data).toMatchObject({ method: 'PATCH' });
  });

  test.each<[string, string, Record<string, string | number | boolean | string[] | undefined> | undefined, string]>([
    ['puts the prefix in front', '/echo/', undefined, '/api/0/echo/'],
    ['leaves it where it is', '/api/0/echo/', undefined, '/api/0/echo/'],
    ['knows it from what only begins alike', '/api/01/', undefined, '/api/0/api/01/'],
    ['knows it from what only contains it', '/echo/api/0/', undefined, '/api/0/echo/api/0/'],
    ['adds params', '/echo/', { a: 'x y', b: 2, c: true }, '/api/0/echo/?a=x+y&b=2&c=true'],
    ['leaves out what is undefined', '/echo/', { a: undefined }, '/api/0/echo/'],
    ['repeats a list', '/echo/', { a: ['1', '2'] }, '/api/0/echo/?a=1&a=2'],
    ['keeps the query', '/echo/?a=1&b=2', { c: 3 }, '/api/0/echo/?a=1&b=2&c=3'],
    ['lets params win over the query', '/echo/?a=1&a=2&b=3', { a: 9 }, '/api/0/echo/?b=3&a=9'],
    ['lets no name lead elsewhere', '/projects/../echo/', undefined, '/api/0/projects/../echo/'],
    ['lets no path name a host', '//elsewhere.example/echo/', undefined, '/api/0//elsewhere.example/echo/'],
  ])('%s', async (_, path, params, url) => {
    expect((await api.get(path, { params })).data).toMatchObject({ url });
  });
  it('refuses a path without a slash', async () => {
    await expect(api.get('echo/')).rejects.toThrow(/begins with a slash: "echo\/"/);
  });
});

describe('data', () => {
  it('goes through JSON, so that nothing is shared and fields are as over the wire', async () => {
    const data = { name: 'é\n', none: undefined, date: new Date(0), deep: { list: [1, null, { a: true }] } };
    expect((await api.post('/echo/', { data })).data).toMatchObject({
      type: 'application/json',
      body: { name: 'é\n', date: '1970-01-01T00:00:00.000Z', deep: { list: [1, null, { a: true }] } },
    });
  });
  it.each([
    ['Buffer', Buffer.alloc(3_000_000)],
    ['Uint8Array', new Uint8Array(3_000_000)],
    ['a part of a larger one', Buffer.alloc(3_000_002).subarray(1, 3_000_001)],
  ])('bytes go as they are: %s', async (_, data) => {
    const expected = { type: 'application/octet-stream', body: '3000000 bytes' };
    expect((await api.post('/echo/', { data })).data).toMatchObject(expected);
  });
  it('left out, there is no body and no content type', async () => {
    expect((await api.post('/echo/')).data).toMatchObject({ type: null, body: null });
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  test.each<[string, unknown, RegExp]>([
    ['a function', () => {}, /^Data is a function, which is no JSON/],
    ['a map', { seen: new Map() }, /^Field "seen" is a Map/],
    ['bytes inside', { part: new Uint8Array(2) }, /^Field "part" is a Uint8Array/],
    ['no number', { rate: Number.NaN }, /^Field "rate" is NaN/],
    ['an infinite number', { list: [Number.POSITIVE_INFINITY] }, /^Field "0" is Infinity/],
    ['a bigint', { id: 1n }, /^Field "id" is a bigint/],
    ['a symbol', { id: Symbol('x') }, /^Field "id" is a symbol/],
    ['a circle', circular, /circular/],
  ])('refuses %s', async (_, data, message) => {
    const sent = api.post('/echo/', { data });
    await expect(sent).rejects.toThrow(TypeError);
    await expect(sent).rejects.toThrow(message);
  });
});

it('is answered also before its body was read', async () => {
  const data = Buffer.alloc(20_000_000);
  const headers = { 'content-type': 'image/png' };
  expect((await api.post('/echo/', { data, headers })).data).toMatchObject({ type: 'image/png', body: null });
  // The parser stops at its limit.
  await expect(api.post('/echo/', { data })).rejects.toMatchObject({ status: 413 });
  expect((await api.get('/echo/')).status).toBe(200);
});

describe('who asks', () => {
  it('is the identity, and its permissions hold', async () => {
    expect((await api.get('/reading/')).data).toBe('read');
    expect(await failing('/writing/')).toMatchObject({ status: 403, body: { permission: 'event:write' } });
  });
  it('differs by client over one app', async () => {
    const app = createTestApp();
    const writer: Identity = { ...reader, kind: 'local', permissions: new Set(['event:write']) };
    const [read, written] = [createApiClient(app, reader), createApiClient(app, writer)];
    const calls = [read.get('/reading/'), written.get('/writing/'), read.get('/echo/'), written.get('/echo/')];
    expect((await Promise.all(calls)).map(({ data }) => data)).toMatchObject([
      'read',
      'written',
      { who: 'operator' },
      { who: 'local' },
    ]);
  });
  test.each(['Authorization', 'cookie', 'COOKIE'])('is not told by the header %s', async (name) => {
    await expect(api.get('/echo/', { headers: { [name]: 'x' } })).rejects.toThrow(/says who asks/);
  });
  it('lets other headers pass', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const data = Buffer.from('{"a":1}');
    expect((await api.post('/echo/', { data, headers })).data).toMatchObject({ body: { a: 1 } });
  });
});

describe('the answer', () => {
  test.each([200, 201, 202, 299])('%i is success', async (status) => {
    expect(await api.get(`/status/${status}/`)).toMatchObject({ status, data: { is: 'here' } });
  });
  test.each([300, 302, 400, 404, 500, 599])('%i is an ApiError', async (status) => {
    expect(await failing(`/status/${status}/`)).toMatchObject({ status, body: { is: 'here' } });
  });
  it('has null for no body, and the bytes of what is no JSON', async () => {
    expect(await api.get('/empty/')).toMatchObject({ status: 204, data: null });
    expect((await api.get('/bytes/')).data).toEqual(Buffer.from([1, 2, 3]));
    expect((await api.get('/broken-json/')).data).toEqual(Buffer.from('{"detail'));
  });
  it('has its headers, each cookie for itself', async () => {
    expect((await api.get('/cookies/')).headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2; Path=/']);
  });
  test.each([
    ['/taken/', 409, 'The name is taken.', { detail: 'The name is taken.' }],
    ['/more/', 409, 'Stale.', { detail: 'Stale.', kind: 'stale_payload' }],
    ['/moved/', 302, 'The API answered 302, and gave no reason.', null],
    ['/unchanged/', 304, 'The API answered 304, and gave no reason.', null],
    ['/fault/', 500, expect.not.stringContaining('secret'), { detail: expect.any(String) }],
  ])('%s throws with status, message and body', async (path, status, message, body) => {
    const { name, ...error } = await failing(path);
    expect({ ...error, message: (await failing(path)).message }).toEqual({ status, body, message });
    expect(name).toBe('ApiError');
  });
  it('a fault of ours is logged where the app is', () => {
    expect(logged).toContainEqual(new Error('secret words'));
  });
  it('a connection that ends without an answer is no ApiError', async () => {
    await expect(api.get('/gone/')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(api.get('/cut/')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
  it('what is outside the API is not reached', async () => {
    expect((await api.get('/../x/')).data).toMatchObject({ url: '/api/0/../x/' });
  });
});

it('leaves nothing open, nothing listening, and Express as it is', async () => {
  const app = createTestApp();
  const before = Object.getPrototypeOf(Object.getPrototypeOf(app.response));
  const client = createApiClient(app, reader);
  await Promise.all(Array.from({ length: 50 }, (_, index) => client.get('/echo/', { params: { index } })));
  expect(process.getActiveResourcesInfo().filter((name) => /TCP|Pipe.*Server/.test(name))).toEqual([]);
  expect(Object.getPrototypeOf(Object.getPrototypeOf(app.response))).toBe(before);
});

it('another way to send has its own words for what went wrong', async () => {
  const send = async () => ({ status: 403, headers: {}, body: Buffer.from('<p>no</p>') });
  const client = createClient(send, (status, detail) => `host answered ${status}: ${detail}`);
  await expect(client.get('/x/')).rejects.toThrow('host answered 403: null');
});
