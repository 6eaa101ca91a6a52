/** A program with an unmodified `@sentry/node`, as its documentation sets it up. Argument: the DSN. */
import * as Sentry from '@sentry/node';

Sentry.init({ dsn: process.argv[2] ?? '', release: 'shop@1.0.0', tracesSampleRate: 1 });

Sentry.getCurrentScope().addAttachment({ filename: 'cart.bin', data: new Uint8Array([0, 255, 10, 13, 10]) });
Sentry.startSpan({ name: 'checkout' }, () => {
  Sentry.logger.info('paying');
  try {
    throw new RangeError('amount must be positive');
  } catch (error) {
    Sentry.captureException(error);
  }
});
Sentry.captureMessage('x'.repeat(40_000)); // above 32 KiB it packs
process.exitCode = (await Sentry.flush(5_000)) ? 0 : 1;
await Sentry.close();
