import { checkConfiguration, showConfiguration } from '../runner/configure.ts';
import type { Services } from '../runner/services.ts';
import type { Register } from './context.ts';

export const register: Register<Services> = (program, context) => {
  const config = program.command('config').description('what is set, where, and whether it is right');
  config
    .command('show')
    .description('print the effective value of every option and where it came from; secrets are masked')
    .option('--json', 'print them as JSON, with reason, unit and environment variable')
    .action(async ({ json }: { json?: boolean }) => {
      const options = await showConfiguration();
      if (json) return context.printJson(options);
      const cells = options.map(({ name, value, unit, origin }) => [
        name,
        `${JSON.stringify(value)}${unit ? ` ${unit}` : ''}`,
        origin,
      ]);
      const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
      for (const row of cells) {
        context.print(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
      }
    });
  config
    .command('check')
    .description('print one line for each fault, and end with 1 if there is one')
    .option('--json', 'print them as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const faults = await checkConfiguration();
      if (faults.length > 0) process.exitCode = 1;
      if (json) return context.printJson({ faults });
      for (const line of faults.length > 0 ? faults : ['No fault.']) context.print(line);
    });
};
