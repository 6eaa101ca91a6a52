import type { Register } from './context.ts';

export const register: Register = (program) => {
  program
    .command('serve')
    .description('serve the page, the API and ingest; STACKMEND_CONF, HOST and PORT say where')
    // Loaded when asked for, as no other command needs Express.
    .action(async () => (await import('../runner/serve.ts')).serve());
};
