import { describe, expect, it, test } from 'vitest';
import { createIsRefused } from '../../../../server/source/refused.ts';

const isRefused = createIsRefused([]);

describe('without a setting,', () => {
  test.each([
    ...['.env', '.env.local', '.ENV.Production', '.envrc', 'deploy/prod.env', '.env.', '.env '],
    ...[
      'server.pem',
      'a/b/Server.PEM',
      'tls.key',
      'tls.key.bak',
      'sign.p12',
      'sign.pfx',
      'release.jks',
      'debug.keystore',
    ],
    ...['id_rsa', 'keys/id_ed25519', 'id_rsa.old', 'id_ecdsa_sk', 'id_work', 'putty.ppk', 'AuthKey.p8'],
    ...[
      '.npmrc',
      '.netrc',
      '_netrc',
      '.yarnrc.yml',
      '.pypirc',
      '.pgpass',
      '.htpasswd',
      '.git-credentials',
      '.dockercfg',
    ],
    ...[
      'credentials',
      'credentials.json',
      'aws-credentials.yml',
      'secrets.yml',
      'config/app.secrets.json',
      'passwords.txt',
    ],
    ...[
      'secrets.enc.yaml',
      'service-account-prod.json',
      'config/secret_token.rb',
      'terraform.tfstate',
      'x.tfstate.backup',
    ],
    ...['prod.tfvars', 'vault.kdbx', 'home/.ssh/config', '.aws/config', '.docker/config.json', '.kube/anything.py'],
  ])('%j is refused', (path) => expect(isRefused(path)).toBe(true));

  test.each([
    ...[
      'src/environment.ts',
      'env.py',
      'id_generator.py',
      'identity.ts',
      'src/keys.ts',
      'key.go',
      'monkey.py',
      'a.keyboard.ts',
    ],
    ...[
      'credentials.py',
      'secrets.ts',
      'passwords_controller.rb',
      'Credentials.java',
      'src/aws/client.ts',
      'docker/run.py',
    ],
    ...['constructor', '__proto__', ''],
  ])('%j is not', (path) => expect(isRefused(path)).toBe(false));
});

test.each<[string, string[], string[]]>([
  ['*.sql', ['a.sql', 'db/a.SQL', 'x.sql/a.py'], ['a.sql.py']],
  ['vendor', ['vendor/a.py', 'src/vendor/a.py'], ['vendored/a.py']],
  ['vendor/', ['vendor/a.py'], ['vendored/a.py']],
  ['/vendor', ['vendor/a.py'], ['src/vendor/a.py']],
  ['src/internal', ['src/internal/a.py', 'SRC/Internal/b/c.py'], ['lib/src/internal/a.py', 'src/internals/a.py']],
  ['src/*/keys.py', ['src/a/keys.py'], ['src/a/b/keys.py']],
  ['src/**/keys.py', ['src/a/b/keys.py'], ['src/a/b/key.py']],
  ['**', ['a.py', 'a/b.py'], []],
  [' ', [], ['a.py']],
])('a pattern of the operator: %j', (pattern, refused, allowed) => {
  const isRefused = createIsRefused([pattern]);
  expect(refused.filter((path) => !isRefused(path))).toEqual([]);
  expect(allowed.filter(isRefused)).toEqual([]);
});

it('takes time that grows with a name as it does', () => {
  const started = performance.now();
  for (const name of [
    '.'.repeat(50_000),
    ' '.repeat(50_000),
    'a-'.repeat(25_000),
    'secrets.'.repeat(6_000),
    '.key'.repeat(12_000),
  ])
    isRefused(`${name}!`);
  expect(performance.now() - started).toBeLessThan(5_000);
});
