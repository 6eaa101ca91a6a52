const { createApp } = require('./app.cts');

const app = createApp();
app.use((error: unknown, _req: unknown, _res: unknown, next: (error: unknown) => void) => {
  (globalThis as { onCrash?: (error: unknown) => void }).onCrash?.(error);
  next(error);
});
const server = app.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const headers = { authorization: 'Bearer t-ada', 'content-type': 'application/json' };
  await fetch(`${url}/v1/notes`, { method: 'POST', headers, body: JSON.stringify({ text: 'Order kettles.' }) });
  await fetch(`${url}/v2/notes`, { headers });
  server.close();
});
