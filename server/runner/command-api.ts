import express from 'express';
import { type ApiClient, createApiClient } from '../api/api-client.ts';
import type { Identity } from '../auth/identity.ts';
import { errorHandler } from '../http/errors.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { PERMISSIONS } from '../protocol/contract.ts';
import { createApiOf } from './api.ts';
import type { Services } from './services.ts';

/** Whoever runs a command can read and write the files: to refuse them anything would keep nobody from doing it. */
const OPERATOR: Identity = { kind: 'operator', user: null, permissions: new Set(PERMISSIONS), sessionId: null };

/**
 * The API over a command's services, for the operator. Import it when a command asks: Express and the routers take a
 * while to load, and most commands need none of them.
 */
export function createCommandApi(services: Services): ApiClient {
  const app = express();
  app.set('query parser', 'simple');
  const log = (message: string, error: unknown) => console.error(message, error);
  // Nobody sends to a command, or signs in to it.
  const signIn = { sessionCookie: { set: () => {}, clear: () => {} }, setupLink: null };
  app.use(
    '/api/0',
    createApiOf(services, services.settings, () => [], createMetrics(), log, signIn),
  );
  app.use(errorHandler(log));
  return createApiClient(app, OPERATOR);
}
