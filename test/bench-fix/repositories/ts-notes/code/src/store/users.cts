import type { User } from '../types.cts';

const tokens = new Map<string, User>([
  ['t-ada', { id: 'ada', name: 'Ada', isAdmin: true }],
  ['t-ben', { id: 'ben', name: 'Ben', isAdmin: false }],
]);

module.exports = { byToken: (token: string): User | undefined => tokens.get(token) };
