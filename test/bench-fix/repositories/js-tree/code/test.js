import assert from 'node:assert';
import { paths } from './menu.js';

const rows = [
  { id: 1, parent: null, title: 'Shop' },
  { id: 2, parent: 1, title: 'Kitchen' },
  { id: 4, parent: 5, title: 'Lamps' },
  { id: 5, parent: 4, title: 'Light' },
];
const found = paths(rows);
assert.strictEqual(found[1], 'Shop / Kitchen');
assert.ok(found[2].endsWith('Lamps'));
assert.ok(found[3].endsWith('Light'));
