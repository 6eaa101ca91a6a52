import { describe, expect, it, test } from 'vitest';
import { createLoginThrottle, networkOf } from '../../../../server/auth/login-throttle.ts';
import { createHouseWithFirst, MINUTE, PASSWORD } from './harness.ts';

const WINDOW = 15 * MINUTE;

function createThrottle() {
  let time = 1_000_000;
  const throttle = createLoginThrottle({ now: () => time });
  const fail = (name: string, address: string, times = 1) => {
    for (let turn = 0; turn < times; turn++) throttle.take(name, address);
  };
  return { throttle, fail, pass: (ms: number) => (time += ms) };
}
const refusal = (words: RegExp, retryAfter: number) =>
  expect.objectContaining({ status: 429, retryAfter, message: expect.stringMatching(words) });

describe('failed tries', () => {
  it('are ten in 15 minutes an account, whatever the address and the spelling', () => {
    const { fail, pass } = createThrottle();
    for (let turn = 0; turn < 10; turn++) fail(turn % 2 ? ' ADA' : 'ada', `192.0.2.${turn}`);
    expect(() => fail('ada', '192.0.2.99')).toThrow(refusal(/with this user name\. Try again in 15 minutes/, 900));
    expect(() => fail('bob', '192.0.2.99')).not.toThrow();
    pass(WINDOW - 30_000);
    expect(() => fail('ada', '192.0.2.99')).toThrow(refusal(/Try again in a minute/, 30));
    pass(30_000);
    expect(() => fail('ada', '192.0.2.99')).not.toThrow();
  });

  it('are fifty in 15 minutes an address, whatever the account', () => {
    const { fail, pass } = createThrottle();
    for (let turn = 0; turn < 50; turn++) fail(`user ${turn}`, '192.0.2.1');
    expect(() => fail('another', '192.0.2.1')).toThrow(refusal(/from this address/, 900));
    expect(() => fail('another', '192.0.2.2')).not.toThrow();
    pass(WINDOW);
    expect(() => fail('another', '192.0.2.1')).not.toThrow();
  });

  it('that the address is refused for use up nothing of the account', () => {
    const { fail } = createThrottle();
    for (let turn = 0; turn < 50; turn++) fail(`user ${turn}`, '192.0.2.1');
    for (let turn = 0; turn < 20; turn++) expect(() => fail('ada', '192.0.2.1')).toThrow(/this address/);
    expect(() => fail('ada', '192.0.2.2', 10)).not.toThrow();
  });

  it('are what counts: signing in often locks nobody out', () => {
    const { throttle, fail } = createThrottle();
    for (let turn = 0; turn < 200; turn++) throttle.take('ada', '192.0.2.1').succeeded(['ada', null]);
    expect(() => fail('ada', '192.0.2.1', 10)).not.toThrow();
    expect(() => fail('ada', '192.0.2.1')).toThrow();
  });

  it('are counted while their password is being checked, so that many at once are no way around', () => {
    const { throttle } = createThrottle();
    const tries = Array.from({ length: 10 }, () => throttle.take('ada', '192.0.2.1'));
    expect(() => throttle.take('ada', '192.0.2.1')).toThrow();
    tries[0]?.succeeded(['ada']);
    expect(() => throttle.take('ada', '192.0.2.1')).not.toThrow();
  });
});

describe('a stranger who uses up the tries of an account', () => {
  it('does not keep its user out, who has signed in from this address before, by whichever name', () => {
    const { throttle, fail } = createThrottle();
    throttle.take('ada', '192.0.2.1').succeeded(['Ada', 'ada@example.com']);
    fail('ada', '198.51.100.1', 10);
    fail('ada@example.com', '198.51.100.1', 10);
    expect(() => fail('ada', '203.0.113.1')).toThrow();
    expect(() => fail('ada', '192.0.2.1')).not.toThrow();
    expect(() => fail('ADA@example.com', '192.0.2.1')).not.toThrow();
  });

  it('gets no further from such an address than ten tries', () => {
    const { throttle, fail } = createThrottle();
    throttle.take('ada', '192.0.2.1').succeeded(['ada']);
    fail('ada', '192.0.2.1', 10);
    expect(() => fail('ada', '192.0.2.1')).toThrow(/with this user name/);
  });

  it('gains nothing there by an account of his own', () => {
    const { throttle, fail } = createThrottle();
    fail('ada', '192.0.2.1', 10);
    throttle.take('mallory', '192.0.2.1').succeeded(['mallory', null]);
    expect(() => fail('ada', '192.0.2.1')).toThrow();
  });
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:0201', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:1::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['', ''],
  ['unknown', 'unknown'],
])('takes %j for %j', (address, network) => expect(networkOf(address)).toBe(network));

it('throttles whoever signs in, and lets them in again when the time has passed', async () => {
  const { auth, pass } = await createHouseWithFirst();
  const login = (password: string) => auth.logIn({ username: 'first', password, address: '192.0.2.1' });
  const tries = await Promise.allSettled(Array.from({ length: 12 }, () => login('wrong horse battery')));
  const statuses = tries.map((result) => (result.status === 'rejected' ? result.reason.status : 200));
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  await expect(login(PASSWORD)).rejects.toMatchObject({ status: 429, retryAfter: 900 });
  pass(WINDOW);
  expect((await login(PASSWORD)).user.username).toBe('first');
});

it('lets a user sign in from the usual address while strangers try, and as often as they like', async () => {
  const { auth } = await createHouseWithFirst();
  const login = (password: string, address: string) => auth.logIn({ username: 'first', password, address });
  for (let turn = 0; turn < 11; turn++) await login(PASSWORD, '192.0.2.1');
  for (let turn = 0; turn < 10; turn++) {
    await expect(login('wrong horse battery', '198.51.100.1')).rejects.toMatchObject({ status: 401 });
  }
  await expect(login(PASSWORD, '198.51.100.1')).rejects.toMatchObject({ status: 429 });
  expect((await login(PASSWORD, '192.0.2.1')).user.username).toBe('first');
});
