import type { Command } from 'commander';
import { type ApiClient, ApiError, type ApiResponse } from '../api/api-client.ts';
import { StatusError } from '../protocol/errors.ts';
import type { RemoteOptions } from './remote.ts';

/** A command was used wrongly or cannot go on: one line for standard error, exit code 2. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** Does its message say all that there is to say? Else it is a fault of ours, and its stack is of use. */
export const isExpected = (error: unknown): error is Error =>
  error instanceof CommandError || error instanceof StatusError || (error instanceof ApiError && error.status !== 500);

/** As in `api/scope.ts`, which would load Express, of which most commands have no need. */
export const ORGANIZATION = 'stackmend';

/** What every file of this folder exports. `Services` is what `configure()` of the runner returns. */
export type Register<Services = unknown> = (program: Command, context: CommandContext<Services>) => void;

export type CommandContext<Services> = {
  /** Configures the process (reads settings, opens the database) and returns the services; idempotent. */
  configure: () => Promise<Services>;
  /**
   * The API, which whatever changes data goes through, so that it obeys the same rules as the page: of the server at
   * `url`, else over this machine's data.
   */
  api: (remote?: RemoteOptions) => Promise<ApiClient>;
  /** One line to standard output. */
  print: (line: string) => void;
  /** A value as JSON to standard output, for `--json`. */
  printJson: (value: unknown) => void;
  readFile: (path: string) => Promise<Buffer>;
};

type Schema<T> = { safeParse: (data: unknown) => { success: true; data: T } | { success: false; error: Error } };

/** @throws {CommandError} what answered is no Stackmend, or another version of it */
export function parseAnswer<T>(schema: Schema<T>, { data }: ApiResponse): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new CommandError('The server does not answer as a Stackmend server does.', { cause: parsed.error });
}
