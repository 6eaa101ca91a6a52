import { serve } from '../runner/serve.ts';
import type { Services } from '../runner/services.ts';
import type { Register } from './context.ts';

export const register: Register<Services> = (program) => {
  program
    .command('serve')
    .description('serve the page, the API and ingest; STACKMEND_CONF, HOST and PORT say where')
    .action(() => serve());
};
