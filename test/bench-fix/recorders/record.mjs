// Loaded before a program by `node --import`: writes the event of what it throws to the file that BENCH_EVENT names.
import { writeFileSync } from 'node:fs';
import * as Sentry from '@sentry/node';

Sentry.init({
  dsn: 'https://public@sentry.invalid/1',
  release: 'bench@1.0.0',
  environment: 'production',
  serverName: 'web-1',
  includeLocalVariables: { captureAllExceptions: true },
  beforeSend: (event) => {
    writeFileSync(process.env.BENCH_EVENT, JSON.stringify(event));
    return null;
  },
});
globalThis.onCrash = Sentry.captureException;
