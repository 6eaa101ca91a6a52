import type { Handler, Req } from '../types.cts';

const express = require('express');
const store = require('../store/notes.cts');

const ownerOf = (req: Req): string => req.user!.id;

const list: Handler = (req, res) => res.json(store.ofOwner(ownerOf(req)));

const create: Handler = (req, res) => {
  const text = String(req.body['text'] ?? '').trim();
  if (text === '') {
    res.status(400).json({ error: 'A note has a text.' });
    return;
  }
  res.status(201).json(store.add(ownerOf(req), text));
};

const share: Handler = (req, res) => {
  const note = store.share(Number(req.params['id']), ownerOf(req));
  if (note) res.json(note);
  else res.status(404).json({ error: 'There is no such note.' });
};

const router = express.Router();
router.get('/', list);
router.post('/', create);
router.post('/:id/share', share);

module.exports = { router };
