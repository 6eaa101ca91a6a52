'use strict';

const express = require('express');
const { itemsOf, totalOf } = require('./cart.js');

function createApp() {
  const app = express();
  app.use(express.json());
  const cart = express.Router();
  cart.use((req, _res, next) => {
    req.startedAt = Date.now();
    next();
  });
  cart.post('/:cartId/total', (req, res) => {
    const items = itemsOf(req.body);
    if (items.length === 0) return res.status(400).json({ error: 'The cart is empty.' });
    res.json({ cart: req.params.cartId, ...totalOf(items, req.body.voucher) });
  });
  app.use('/carts', cart);
  return app;
}

module.exports = { createApp };
