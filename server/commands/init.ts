import { initializeConfiguration } from '../runner/configure.ts';
import type { Services } from '../runner/services.ts';
import type { Register } from './context.ts';

export const register: Register<Services> = (program, context) => {
  program
    .command('init')
    .description('write a configuration with a fresh secret key; one that exists is left alone')
    .option('--json', 'print the result as JSON')
    .action((options: { json?: boolean }) => {
      const result = initializeConfiguration();
      if (options.json) return context.printJson(result);
      context.print(result.created ? `Wrote ${result.path}` : `Left alone, it exists: ${result.path}`);
    });
};
