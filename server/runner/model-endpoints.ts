import type { EndpointSettings } from '../ai/endpoint.ts';
import { createEndpoints, type Endpoints } from '../ai/endpoints.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Settings } from '../settings/settings.ts';

/** The endpoints of these settings: those of `ai.endpoints`, or the one of `openai.*`. @throws {ConfigurationError} */
export const buildEndpoints = (settings: Settings, metrics: Pick<Metrics, 'incr'>): Endpoints =>
  createEndpoints(endpointSettings(settings), { metrics });

function endpointSettings(settings: Settings): EndpointSettings[] {
  return [
    {
      name: 'default',
      setting: 'openai',
      baseUrl: settings['openai.base-url'],
      apiKey: settings['openai.api-key'],
      model: settings['openai.model'],
    },
  ];
}
