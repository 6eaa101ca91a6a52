const { parseBody } = require('./body');
const { createRouter } = require('./router');
const { signup } = require('../accounts/signup');

/** A request goes through each step in turn; the first that gives an answer ends it. */
function createApp(accounts) {
  const router = createRouter();
  router.post('/signup', (request) => signup(accounts, request.form));
  router.get('/health', () => ({ status: 200, body: 'ok' }));
  const steps = [parseBody, (request) => router.answer(request)];
  return {
    handle(request) {
      for (const step of steps) {
        const answer = step(request);
        if (answer) return answer;
      }
      return { status: 404, body: 'not found' };
    },
  };
}

module.exports = { createApp };
