const assert = require('node:assert');
const { createApp } = require('./src/app.cts');

const server = createApp().listen(0, '127.0.0.1', async () => {
  try {
    const url = `http://127.0.0.1:${server.address().port}`;
    for (const version of ['v1', 'v2']) {
      const known = await fetch(`${url}/${version}/notes`, { headers: { authorization: 'Bearer t-ben' } });
      assert.strictEqual(known.status, 200);
      assert.deepStrictEqual(await known.json(), []);
      assert.strictEqual((await fetch(`${url}/${version}/notes`)).status, 401);
    }
  } finally {
    server.close();
  }
});
