import { expect, test } from 'vitest';
import { toEndpoint } from '../../../../server/ai/endpoint.ts';

const endpointAt = (baseUrl: string) =>
  toEndpoint({ name: 'default', setting: 'openai', model: 'm', apiKey: '', baseUrl });

test.each([
  ['https://api.openai.com/v1', 'api.openai.com', false, true],
  ['https://eu.api.openai.com/v1/', 'eu.api.openai.com', false, true],
  ['https://api.openai.com.evil.example/v1', 'api.openai.com.evil.example', false, false],
  ['http://127.0.0.1:11434/v1', '127.0.0.1:11434', true, false],
  ['http://localhost:8000/v1', 'localhost:8000', true, false],
  ['http://[::1]:8000/v1', '[::1]:8000', true, false],
  ['http://[fd00::5]/v1', '[fd00::5]', true, false],
  ['http://2130706433/v1', '127.0.0.1', true, false],
  ['http://192.168.1.20/v1', '192.168.1.20', true, false],
  ['http://172.32.0.1/v1', '172.32.0.1', false, false],
  ['http://ollama:11434/v1', 'ollama:11434', true, false],
  ['http://host.docker.internal/v1', 'host.docker.internal', true, false],
  ['https://gateway.example/openai', 'gateway.example', false, false],
])('%s is at %s, local: %s, needs a key: %s', (baseUrl, host, isLocal, needsKey) => {
  expect(endpointAt(baseUrl)).toMatchObject({ host, isLocal, needsKey });
});

test.each([
  '',
  'ollama',
  'file:///etc/passwd',
  'http://user:pass@host/v1',
  'https://host/v1?key=1',
  'https://host/v1#x',
])('refuses %s as a setting', (baseUrl) => expect(() => endpointAt(baseUrl)).toThrow(/openai\.base-url/));

test('an address with and without the trailing slash is one', () => {
  expect(endpointAt('http://host:1/v1/').baseUrl).toBe(endpointAt('http://host:1/v1').baseUrl);
});
