import type { Handler } from '../types.cts';

const durations: number[] = [];

const timed: Handler = (_req, res, next) => {
  const from = performance.now();
  (res as unknown as { on(name: string, done: () => void): void }).on('finish', () => durations.push(performance.now() - from));
  next();
};

module.exports = { timed, durations };
