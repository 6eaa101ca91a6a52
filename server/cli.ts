import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { register as codeMappings } from './commands/code-mappings.ts';
import { register as config } from './commands/config.ts';
import { type CommandContext, isExpected } from './commands/context.ts';
import { register as coverage } from './commands/coverage.ts';
import { register as demo } from './commands/demo.ts';
import { register as events } from './commands/events.ts';
import { register as fixes } from './commands/fixes.ts';
import { register as init } from './commands/init.ts';
import { register as models } from './commands/models.ts';
import { register as openai } from './commands/openai.ts';
import { register as permissions } from './commands/permissions.ts';
import { register as projects } from './commands/projects.ts';
import { createRemoteClient } from './commands/remote.ts';
import { register as serve } from './commands/serve.ts';
import { register as sourcemaps } from './commands/sourcemaps.ts';
import { register as users } from './commands/users.ts';
import { ConfigurationError } from './protocol/errors.ts';
import { configure } from './runner/configure.ts';
import type { Services } from './runner/services.ts';

// Events hold what nobody else on this machine should read.
process.umask(0o077);

let configured: Promise<Services> | undefined;
const context: CommandContext<Services> = {
  configure: () => {
    configured = configure();
    return configured;
  },
  api: async ({ url, token } = {}) => {
    if (url) return createRemoteClient(url, token);
    const services = await context.configure();
    const { createCommandApi } = await import('./runner/command-api.ts');
    return createCommandApi(services);
  },
  print: (line) => console.log(line),
  printJson: (value) => console.log(JSON.stringify(value, null, 2)),
  readFile: (path) => readFile(path),
};

const program = new Command('stackmend')
  .description('A self-hosted issue page for error events.')
  // One line, as for our own faults: commander puts its "did you mean" on another.
  .configureOutput({
    outputError: (text, write) => {
      const fault = text
        .trim()
        .replace(/^error: /, '')
        .replace(/\n/g, ' ');
      write(`stackmend: ${fault.replace(/\.?$/, '.')} --help lists the options.\n`);
    },
  })
  .exitOverride();
for (const register of [
  serve,
  init,
  config,
  users,
  permissions,
  projects,
  events,
  coverage,
  sourcemaps,
  codeMappings,
  demo,
  models,
  openai,
  fixes,
]) {
  register(program, context);
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeFor(error);
} finally {
  await (await configured?.catch(() => undefined))?.close();
}

/** Commander's own faults have been printed by it, and end with 2 (0 for --help); ours are one line. */
function exitCodeFor(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const isTold = error instanceof ConfigurationError || isExpected(error);
  console.error(isTold ? `stackmend: ${error.message}` : error);
  return isTold ? 2 : 1;
}
