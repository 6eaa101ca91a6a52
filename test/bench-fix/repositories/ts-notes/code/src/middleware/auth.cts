import type { Handler } from '../types.cts';

const { byToken } = require('../store/users.cts');

/** Knows who asks; refuses those whom it does not know. */
const signedIn: Handler = (req, res, next) => {
  const token = /^Bearer (.+)$/.exec(req.get('authorization') ?? '')?.[1];
  const user = token === undefined ? undefined : byToken(token);
  if (!user) {
    res.status(401).json({ error: 'Sign in first.' });
    return;
  }
  req.user = user;
  next();
};

module.exports = { signedIn };
