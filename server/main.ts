import { ConfigurationError } from './protocol/errors.ts';
import { initializeConfiguration } from './runner/configure.ts';
import { serve } from './runner/serve.ts';

// The first start makes its own configuration, so that one command is enough.
const { created, path } = initializeConfiguration();
if (created) console.log(`Wrote a configuration: ${path}`);
try {
  await serve();
} catch (error) {
  console.error(error instanceof ConfigurationError ? `stackmend: ${error.message}` : error);
  process.exit(error instanceof ConfigurationError ? 2 : 1);
}
