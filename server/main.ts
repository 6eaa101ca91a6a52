import { ConfigurationError } from './protocol/errors.ts';
import { initializeConfiguration } from './runner/configure.ts';
import { serve } from './runner/serve.ts';

// Events hold what nobody else on this machine should read.
process.umask(0o077);
try {
  // The first start makes its own configuration, so that one command is enough.
  const { created, path } = initializeConfiguration();
  if (created) console.log(`Wrote a configuration: ${path}`);
  await serve();
} catch (error) {
  console.error(error instanceof ConfigurationError ? `stackmend: ${error.message}` : error);
  process.exit(error instanceof ConfigurationError ? 2 : 1);
}
