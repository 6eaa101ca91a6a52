import * as Sentry from '@sentry/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DigestHarness, newEventId, openDigest } from './harness.ts';

let h: DigestHarness;
const sent: Uint8Array[] = [];
beforeAll(async () => {
  h = await openDigest();
  Sentry.init({
    dsn: 'http://key@127.0.0.1:1/2',
    release: 'shop@1.2.3',
    environment: 'test',
    serverName: 'web-1',
    transport: (options) =>
      Sentry.createTransport(options, async ({ body }) => {
        sent.push(typeof body === 'string' ? Buffer.from(body) : body);
        return { statusCode: 200 };
      }),
  });
});
afterAll(async () => {
  await Sentry.close();
  await h.close();
});

function charge(amount: number): never {
  throw new RangeError(`amount ${amount} must be positive`, {
    cause: new Error(`password=hunter${-amount} was rejected`),
  });
}

it('understands what @sentry/node sends', async () => {
  const eventIds = [1, 2].map((amount) => {
    try {
      return charge(-amount);
    } catch (error) {
      return Sentry.withScope((scope) => {
        scope.setUser({ id: 'u1', ip_address: '{{auto}}' });
        scope.setTag('shop', 'nl');
        scope.setExtra('api_key', 'abc');
        scope.addBreadcrumb({ category: 'cart', message: 'added', data: { token: 'abc', item: 7 } });
        scope.addAttachment({ filename: 'log.txt', data: 'lines' });
        return Sentry.captureException(error);
      });
    }
  });
  eventIds.push(Sentry.captureMessage('Order 17 is late', 'warning'));
  await Sentry.flush(2000);
  for (const body of sent) h.acceptBytes(body, { receivedAt: Date.now() });
  await h.digest();

  expect(await h.letters()).toEqual([]);
  expect(await h.issues()).toMatchObject([
    { title: 'RangeError: amount -2 must be positive', level: 'error', timesSeen: 2, userCount: 1, platform: 'node' },
    { title: 'Order 17 is late', level: 'warning' },
  ]);
  const stored = await h.stored(eventIds[0] ?? newEventId());
  expect(stored).toMatchObject({
    release: 'shop@1.2.3',
    environment: 'test',
    server_name: 'web-1',
    user: { id: 'u1', ip_address: '192.0.2.7' },
    extra: { api_key: '[Filtered]' },
    errors: null,
    location: expect.stringContaining('sdk.test.ts'),
  });
  expect(stored?.culprit).toContain('charge');
  expect(stored?.exception?.values.map(({ type, value }) => [type, value])).toEqual([
    ['Error', 'password=[Filtered] was rejected'],
    ['RangeError', 'amount -1 must be positive'],
  ]);
  expect(stored?.breadcrumbs?.values.at(-1)?.data).toEqual({ token: '[Filtered]', item: 7 });
  expect(Object.fromEntries(stored?.tags ?? [])).toMatchObject({
    shop: 'nl',
    user: 'id:u1',
    'runtime.name': 'node',
    release: 'shop@1.2.3',
  });
  expect(await h.db.selectFrom('attachment').select('name').execute()).toEqual([
    { name: 'log.txt' },
    { name: 'log.txt' },
  ]);
});
