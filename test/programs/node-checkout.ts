/** A real program with a real fault, reporting through an unmodified @sentry/node. Argument: the DSN. */
import * as Sentry from '@sentry/node';

Sentry.init({
  dsn: process.argv[2],
  release: 'checkout@1.4.0',
  environment: 'staging',
  includeLocalVariables: true,
});
Sentry.setUser({ id: '87', email: 'kim@example.com' });
Sentry.setTag('plan', 'team');

type Order = { id: number; items: { sku: string; cents: number }[]; password: string };

function total(order: Order): number {
  return order.items.reduce((sum, item) => sum + item.cents, 0);
}

function charge(order: Order): number {
  const amount = total(order);
  const isGift = false;
  if (amount <= 0) {
    throw new RangeError(`amount must be positive, got ${amount} for order ${order.id} (gift: ${isGift})`);
  }
  return amount;
}

Sentry.addBreadcrumb({ category: 'cart', message: 'applied voucher SPRING', level: 'info' });
// Not caught: the SDK's own handler reports it, as in a real crash.
setTimeout(() => charge({ id: 981, items: [{ sku: 'mug', cents: -1200 }], password: 'hunter2' }), 1000);
