'use strict';

const catalogue = new Map([
  ['kettle', { title: 'Kettle', cents: 3990, weight: 1.4 }],
  ['lamp', { title: 'Lamp', cents: 2450, weight: 0.8 }],
  ['wardrobe', { title: 'Wardrobe', cents: 49900, weight: 84, surcharge: { cents: 2900 } }],
]);

const vouchers = new Map([
  ['TEN', { percent: 10 }],
  ['LAMPS', { percent: 25, only: ['lamp'] }],
]);

function productOf(sku) {
  return catalogue.get(sku);
}

function shippingOf(items) {
  const weight = items.reduce((sum, { product, quantity }) => sum + product.weight * quantity, 0);
  if (weight === 0) return 0;
  return weight < 31.5 ? 490 : 4900;
}

module.exports = { productOf, shippingOf, vouchers };
