import type { Handler } from '../types.cts';

const express = require('express');
const { shared } = require('../store/notes.cts');

const list: Handler = (_req, res) => res.json(shared());

const router = express.Router();
router.get('/', list);

module.exports = { router };
