'use strict';

const { createApp } = require('./app.js');

const app = createApp();
app.use((error, _req, _res, next) => {
  globalThis.onCrash?.(error);
  next(error);
});
const server = app.listen(0, '127.0.0.1', async () => {
  const body = JSON.stringify({ items: [{ sku: 'kettle', quantity: 2 }, { sku: 'lamp', quantity: 1 }], voucher: 'TEN' });
  const headers = { 'content-type': 'application/json' };
  await fetch(`http://127.0.0.1:${server.address().port}/carts/17/total`, { method: 'POST', headers, body });
  server.close();
});
