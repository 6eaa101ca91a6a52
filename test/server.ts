import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export type RunningServer = {
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  url: string;
  /** DSN of the default project. */
  dsn: string;
  /** `STACKMEND_CONF` of this server, for commands that are to see the same data. */
  directory: string;
  process: ChildProcess;
  /** Everything that it printed so far. */
  output: () => string;
  /** Ends it as an operator would, and removes its data unless told to keep them. */
  stop: (options?: { keep?: boolean }) => Promise<void>;
};

/** Starts the real server in a process of its own, on a free port, with an empty configuration of its own. */
export async function startServer(
  environment: Record<string, string> = {},
  directory = mkdtempSync(join(tmpdir(), 'stackmend-')),
): Promise<RunningServer> {
  const child = spawn(process.execPath, [join(root, 'server', 'main.ts')], {
    env: { ...withoutSettings(process.env), PORT: '0', STACKMEND_CONF: directory, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const heard = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on('data', heard);
  child.stderr.on('data', heard);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const dsn = await waitFor(() => {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${output}`);
    return /https?:\/\/[0-9a-f]{32}@\S+/.exec(output)?.[0];
  });
  return {
    url: new URL(dsn).origin,
    dsn,
    directory,
    process: child,
    output: () => output,
    stop: async ({ keep = false } = {}) => {
      child.kill('SIGTERM');
      await ended;
      if (!keep) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Asks until there is an answer. @throws after `timeoutMs` (20 seconds by default) */
export async function waitFor<T>(
  ask: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  timeoutMs = 20_000,
): Promise<T> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > giveUpAt) throw new Error(`Gave up waiting after ${timeoutMs} ms: ${ask}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Runs a command to its end. */
export async function runCommand(
  args: string[],
  environment: Record<string, string> = {},
  input = '',
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...withoutSettings(process.env), ...environment } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** The environment less what would reach into the server under test from outside. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^(HOST|PORT|OPENAI_|STACKMEND_|SENTRY_)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ours.test(name)));
}
