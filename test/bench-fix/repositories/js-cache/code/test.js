import assert from 'node:assert';
import { Cache } from './cache.js';

const cache = new Cache(2);
cache.set('a', 1).set('b', 2);
cache.get('a');
cache.set('c', 3);
assert.deepStrictEqual([...cache.keys()], ['c', 'a']);
cache.set('d', 4);
assert.deepStrictEqual([...cache.keys()], ['d', 'c']);
assert.strictEqual(cache.size, 2);
