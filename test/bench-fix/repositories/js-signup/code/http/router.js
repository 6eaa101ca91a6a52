function createRouter() {
  const routes = new Map();
  const add = (method) => (path, run) => routes.set(`${method} ${path}`, run);
  return {
    get: add('GET'),
    post: add('POST'),
    answer(request) {
      const run = routes.get(`${request.method} ${request.path}`);
      return run ? run(request) : null;
    },
  };
}

module.exports = { createRouter };
