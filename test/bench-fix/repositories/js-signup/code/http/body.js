const { parseForm } = require('./form');

const MAX_LENGTH = 100_000;

/** Leaves what was sent as `form` or `json` at the request. */
function parseBody(request) {
  const type = (request.headers['content-type'] ?? '').split(';')[0].trim();
  if ((request.body ?? '').length > MAX_LENGTH) return { status: 413, body: 'too large' };
  if (type === 'application/x-www-form-urlencoded') request.form = parseForm(request.body);
  else if (type === 'application/json') request.json = JSON.parse(request.body);
  return null;
}

module.exports = { parseBody };
