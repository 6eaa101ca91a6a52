'use strict';

const assert = require('node:assert');
const { itemsOf, totalOf } = require('./cart.js');

const items = itemsOf({ items: [{ sku: 'lamp', quantity: 2 }] });
assert.deepStrictEqual(totalOf(items), { goods: 4900, surcharges: 0, discount: 0, shipping: 490, total: 5390 });
const bulky = itemsOf({ items: [{ sku: 'wardrobe', quantity: 1 }] });
assert.strictEqual(totalOf(bulky).surcharges, 2900);
