import type { Command } from 'commander';

/** A command was used wrongly or cannot go on: one line for standard error, exit code 2. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** What every file of this folder exports. `Services` is what `configure()` of the runner returns. */
export type Register<Services> = (program: Command, context: CommandContext<Services>) => void;

export type CommandContext<Services> = {
  /** Configures the process (reads settings, opens the database) and returns the services; idempotent. */
  configure: () => Promise<Services>;
  /** One line to standard output. */
  print: (line: string) => void;
  /** A value as JSON to standard output, for `--json`. */
  printJson: (value: unknown) => void;
  readFile: (path: string) => Promise<Buffer>;
};
