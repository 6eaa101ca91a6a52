import type { EndpointSettings } from '../server/ai/endpoint.ts';
import { createEndpoints, type Endpoints, type EndpointsDeps } from '../server/ai/endpoints.ts';
import { createMetrics } from '../server/metrics/metrics.ts';

/** One endpoint, as `openai.*` set it, that is asked once unless `retries` says otherwise; waits are short. */
export const endpointsAt = (settings: Partial<EndpointSettings>, deps: Partial<EndpointsDeps> = {}): Endpoints =>
  createEndpoints(
    [{ name: 'default', setting: 'openai', baseUrl: '', apiKey: '', model: 'words', retries: 0, ...settings }],
    { metrics: createMetrics(), backoffMs: 20, ...deps },
  );
