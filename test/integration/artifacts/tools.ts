import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type RunningServer, runCommand, startServer } from '../../server.ts';

const require = createRequire(import.meta.url);

/**
 * sentry-cli's program is in an optional package for each platform. Null where there is none: its own script would then
 * look for one elsewhere.
 */
export const sentryCli: string | null = (() => {
  try {
    const home = dirname(require.resolve('@sentry/cli/package.json'));
    const path = join(home, 'bin', 'sentry-cli');
    require.resolve(`@sentry/cli-${process.platform}-${process.arch}/package.json`, { paths: [home] });
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
})();

type Answer = { status: number; body: unknown };
type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;
export type Uploading = RunningServer & {
  token: string;
  /** Of the API, with the token. */
  get: (path: string) => Promise<Answer>;
  ask: Ask;
  /** Of the API, as the server's user, who may do everything. */
  asAda: Ask;
};

/** What an upload needs, and no more. */
const SCOPES = ['project:releases', 'project:read', 'org:read'];

/** A server with a user, and a token to upload with. */
export async function startUploading(environment: Record<string, string> = {}): Promise<Uploading> {
  const server = await startServer({ STACKMEND_SDK_ENABLED: 'false', ...environment });
  const password = 'correct horse battery staple';
  const made = await runCommand(
    ['server/cli.ts', 'users', 'create', '--username', 'ada', '--password-stdin'],
    { STACKMEND_CONF: server.directory },
    `${password}\n`,
  );
  if (made.code !== 0) throw new Error(`No user could be made: ${made.stderr}${made.stdout}`);
  const askAs = async (headers: Record<string, string>, method: string, path: string, body?: unknown) => {
    const response = await fetch(`${server.url}/api/0${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', Origin: server.url, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { cookies: response.headers.getSetCookie(), status: response.status, body: text ? parseJson(text) : null };
  };
  const login = await askAs({}, 'POST', '/auth/login/', { username: 'ada', password });
  const Cookie = login.cookies[0]?.split(';', 1)[0] ?? '';
  const { body: answer } = await askAs({ Cookie }, 'POST', '/api-tokens/', { name: 'CI', scopes: SCOPES });
  const token = typeof answer === 'object' && answer && 'token' in answer ? String(answer.token) : '';
  if (!token) throw new Error(`No token could be made: ${JSON.stringify(answer)}`);
  const ask: Ask = (...args) => askAs({ Authorization: `Bearer ${token}` }, ...args);
  return { ...server, token, ask, get: (path) => ask('GET', path), asAda: (...args) => askAs({ Cookie }, ...args) };
}
const parseJson = (text: string): unknown => JSON.parse(text);

/** What keeps Sentry's tools to our server: no other address, no look for updates, nothing about themselves. */
export const toolEnvironment = ({ url, token }: Pick<Uploading, 'url' | 'token'>, home: string) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  SENTRY_URL: url,
  SENTRY_AUTH_TOKEN: token,
  SENTRY_ORG: 'stackmend',
  SENTRY_PROJECT: 'default',
  SENTRY_DISABLE_UPDATE_CHECK: '1',
  SENTRY_CLI_NO_TELEMETRY: '1',
  SENTRY_LOAD_DOTENV: '0',
  // Whatever would leave this machine fails.
  https_proxy: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  no_proxy: '127.0.0.1',
  NO_PROXY: '127.0.0.1',
});

type Ended = { code: number; output: string };

/** Runs sentry-cli to its end. */
export async function runSentryCli(
  server: Pick<Uploading, 'url' | 'token'>,
  directory: string,
  args: readonly string[],
): Promise<Ended> {
  if (sentryCli === null) throw new Error('sentry-cli is not installed for this platform.');
  return runProgram([sentryCli, ...args], directory, toolEnvironment(server, directory));
}

/** Runs a script of Node's to its end, in an environment of nothing else. */
export function runProgram(args: readonly string[], cwd: string, env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env, timeout: 120_000 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}
