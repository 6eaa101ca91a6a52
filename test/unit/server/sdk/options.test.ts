import { expect, it, test } from 'vitest';
import { getSdkOptions } from '../../../../server/sdk/options.ts';
import { describeOwnError } from '../../../../server/sdk/own-code.ts';

const CONFIG = Object.freeze({
  dsn: 'http://up',
  relayDsn: 'http://down',
  environment: 'test',
  release: '',
  sampleRate: 0.5,
});

it('has the configured options, a release and hooks, and no DSN', () => {
  expect(getSdkOptions(CONFIG, '1.2.3')).toEqual({
    options: {
      environment: 'test',
      sampleRate: 0.5,
      release: 'stackmend@1.2.3',
      sendClientReports: true,
      beforeSend: describeOwnError,
    },
    dsns: { upstream: 'http://up', relay: 'http://down' },
  });
});

it('keeps a release that is set, and never writes into what it is given', () => {
  const config = Object.freeze({ ...CONFIG, release: 'mine@1' });
  expect(getSdkOptions(config, '1.2.3').options.release).toBe('mine@1');
  expect(getSdkOptions(config, '1.2.3').options).not.toBe(config);
});

test.each([
  ['both', '', '', { upstream: null, relay: null }],
  ['upstream', '', 'http://down', { upstream: null, relay: 'http://down' }],
  ['the relay', 'http://up', '', { upstream: 'http://up', relay: null }],
])('gives null for %s that is not set', (_, dsn, relayDsn, expected) => {
  expect(getSdkOptions({ ...CONFIG, dsn, relayDsn }, '1').dsns).toEqual(expected);
});
