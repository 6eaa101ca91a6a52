import { type Command, Option } from 'commander';
import { type ApiClient, createClient } from '../api/api-client.ts';
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
 * The API of a Stackmend server elsewhere.
 *
 * @throws {CommandError} `url` is no address; from each call, that the server cannot be reached
 */
export function createRemoteClient(url: string, token?: string): ApiClient {
  const base = URL.parse(url);
  if (!base?.protocol.startsWith('http')) {
    throw new CommandError(`--url ${url} is no address such as http://host:8765.`);
  }
  const root = `${base.origin}${base.pathname.replace(/\/$/, '')}`;
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return createClient(
    async ({ method, target, headers, body }) => {
      const response = await fetch(root + target, {
        method,
        headers: { ...headers, ...authorization },
        ...(body && { body: Buffer.from(body) }),
        // It would take the token elsewhere.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch((error: unknown) => {
        throw new CommandError(`${base.origin} cannot be reached: ${reasonOf(error)}`, { cause: error });
      });
      const answer = Buffer.from(await response.arrayBuffer());
      return { status: response.status, headers: Object.fromEntries(response.headers), body: answer };
    },
    (status, detail) => `${base.origin} answered ${status}: ${detail ?? 'no reason given'}`,
  );
}

/** fetch says "fetch failed"; what failed is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;
}
