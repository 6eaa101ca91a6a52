import { expect, it } from 'vitest';
import { describeStart, type Greeting } from '../../../../server/runner/greeting.ts';

const local: Greeting = {
  url: 'http://127.0.0.1:8765',
  dsn: 'http://key@127.0.0.1:8765/2',
  bound: '127.0.0.1:8765',
  state: 'local',
  setupToken: 'secret-token',
  otherUrls: [],
};

it('says on loopback who is answered, and how that changes', () => {
  const text = describeStart(local);
  expect(text).toMatch(
    /^\n {2}Stackmend {3}http:\/\/127\.0\.0\.1:8765\/\n {2}DSN {9}http:\/\/key@127\.0\.0\.1:8765\/2\n\n/,
  );
  expect(text).toContain('stackmend users create');
  expect(text).not.toMatch(/secret-token|Listens on|Also/);
});

it('shows the setup link where it is of use alone', () => {
  const elsewhere: Greeting = {
    ...local,
    url: 'http://192.0.2.7:8765',
    bound: '0.0.0.0:8765',
    state: 'setup',
    otherUrls: ['http://[2001:db8::7]:8765'],
  };
  const text = describeStart(elsewhere);
  expect(text).toMatch(/^ {2}http:\/\/192\.0\.2\.7:8765\/welcome\/#secret-token$/m);
  expect(text).toMatch(/^ {2}Listens on {2}0\.0\.0\.0:8765$/m);
  expect(text).toMatch(/^ {2}Also {8}http:\/\/\[2001:db8::7\]:8765\/$/m);
  expect(text).toMatch(/once, and for 30 minutes/);
  expect(describeStart({ ...elsewhere, state: 'users' })).not.toMatch(/secret-token|No user/);
});

it('says what an address with a path cannot do', () => {
  expect(describeStart({ ...local, url: 'https://example.org/stackmend', state: 'users' })).toContain('has a path');
  expect(describeStart({ ...local, url: 'https://example.org', state: 'users' })).not.toContain('has a path');
});
