const express = require('express');
const { signedIn } = require('./middleware/auth.cts');
const { timed } = require('./middleware/timing.cts');
const health = require('./routes/health.cts');
const notes = require('./routes/notes.cts');
const shared = require('./routes/shared.cts');

function createApp() {
  const app = express();
  app.use(express.json());
  app.use(timed);
  app.use('/health', health.router);
  app.use('/shared', shared.router);
  app.use('/v1/notes', signedIn, notes.router);
  app.use('/v2/notes', notes.router);
  return app;
}

module.exports = { createApp };
