import assert from 'node:assert';
import { setTimeout as wait } from 'node:timers/promises';
import { SyncClient } from './sync/client.js';
import { createLink } from './sync/link.js';

const sent = [];
const link = createLink();
link.server.on('data', (text, answer) => {
  const [, , changes] = JSON.parse(text);
  sent.push(...changes);
  answer('acknowledged', changes.map(({ id, version }) => ({ id, version })));
});
const client = new SyncClient({ connect: link.connect, waitMs: 5 });
await client.open();
assert.strictEqual(await client.set('a', 1), 1);
const late = client.set('a', 2);
client.close();
await assert.rejects(late, { code: 'closed' });
await wait(30);
assert.strictEqual(sent.length, 1);
