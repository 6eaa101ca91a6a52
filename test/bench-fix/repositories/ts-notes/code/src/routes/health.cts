const express = require('express');
import type { Handler } from '../types.cts';

const health: Handler = (_req, res) => res.json({ status: 'ok' });

const router = express.Router();
router.get('/', health);

module.exports = { router };
