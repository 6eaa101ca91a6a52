/** A page with a real fault, reporting through an unmodified @sentry/browser. The DSN is in the page's address. */
import * as Sentry from '@sentry/browser';

Sentry.init({ dsn: new URLSearchParams(location.search).get('dsn') ?? '', release: 'cart@2.0.0' });

function priceOf(cart: { items: { price?: { cents: number } }[] }): number {
  return cart.items.reduce((sum, item) => sum + (item.price as { cents: number }).cents, 0);
}

document.querySelector('button')?.addEventListener('click', () => {
  document.title = String(priceOf({ items: [{ price: { cents: 100 } }, {}] }));
});
