import { SyncClient } from './sync/client.js';
import { createLink } from './sync/link.js';

const link = createLink();
link.server.on('data', (text, answer) => {
  const [, , changes] = JSON.parse(text);
  answer('acknowledged', changes.map(({ id, version }) => ({ id, version })));
});

const client = new SyncClient({ connect: link.connect });
await client.open();
await client.set('note-1', { title: 'Kettles', text: 'Order twelve.' });
// The page is left while somebody types.
client.set('note-1', { title: 'Kettles', text: 'Order twelve, and a' }).catch(() => undefined);
client.close();
