'use strict';

const { productOf, shippingOf, vouchers } = require('./prices.js');

/** Items as the client sends them: `[{ sku, quantity }]`. */
function itemsOf(body) {
  if (!Array.isArray(body.items)) return [];
  return body.items
    .map(({ sku, quantity }) => ({ product: productOf(sku), sku, quantity: Number(quantity) }))
    .filter(({ quantity }) => Number.isInteger(quantity) && quantity > 0);
}

function discountOf(items, code) {
  const voucher = vouchers.get(code);
  if (!voucher) return 0;
  const counted = voucher.only ? items.filter(({ sku }) => voucher.only.includes(sku)) : items;
  const cents = counted.reduce((sum, { product, quantity }) => sum + product.cents * quantity, 0);
  return Math.round((cents * voucher.percent) / 100);
}

function totalOf(items, code) {
  const goods = items.reduce((sum, { product, quantity }) => sum + product.cents * quantity, 0);
  const surcharges = items.reduce((sum, { product }) => sum + product.surcharge.cents, 0);
  const discount = discountOf(items, code);
  const shipping = shippingOf(items);
  return { goods, surcharges, discount, shipping, total: goods + surcharges - discount + shipping };
}

module.exports = { itemsOf, totalOf };
