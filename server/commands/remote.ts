import { type Command, Option } from 'commander';
import { CommandError } from './context.ts';

/** Where a command goes instead of to this machine's data: a CI uploads to a server elsewhere. */
export type RemoteOptions = { url?: string; token?: string };

export function addRemoteOptions(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'a Stackmend server to send to, instead of this data').env('STACKMEND_URL'))
    .addOption(new Option('--token <token>', 'API token for --url').env('STACKMEND_TOKEN'));
}

/** An upload of 64 MiB over a slow line, and its reading. */
const TIMEOUT_MS = 10 * 60_000;

/**
 * Posts bytes to a Stackmend server's API and gives its JSON answer.
 *
 * @param path below `/api/0`, with its query
 * @throws {CommandError} the server cannot be reached, or its answer is no 2xx: with what it said
 */
export async function postToRemote({ url, token }: RemoteOptions, path: string, body: Uint8Array): Promise<unknown> {
  const base = URL.parse(url ?? '');
  if (!base?.protocol.startsWith('http'))
    throw new CommandError(`--url ${url} is no address such as http://host:8765.`);
  const target = `${base.origin}${base.pathname.replace(/\/$/, '')}/api/0${path}`;
  const headers: Record<string, string> = { 'Content-Type': 'application/octet-stream', Accept: 'application/json' };
  if (token) headers['Authorization'] = `Bearer ${token}`;
  const response = await fetch(target, {
    method: 'POST',
    headers,
    body: Buffer.from(body),
    // A redirect would take the token elsewhere.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new CommandError(`${base.origin} cannot be reached: ${reasonOf(error)}`, { cause: error });
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const detail = typeof answer === 'object' && answer && 'detail' in answer ? String(answer.detail) : 'no reason given';
  throw new CommandError(`${base.origin} answered ${response.status}: ${detail}`);
}

/** fetch says "fetch failed"; what failed is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;
}
