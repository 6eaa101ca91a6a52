import type { EndpointSettings } from '../ai/endpoint.ts';
import { createEndpoints, type Endpoints } from '../ai/endpoints.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Settings } from '../settings/settings.ts';

/** The endpoints of these settings: those of `ai.endpoints`, or the one of `openai.*`. @throws {ConfigurationError} */
export function buildEndpoints(settings: Settings, metrics: Pick<Metrics, 'incr'>): Endpoints {
  // OpenAI's library reads it whatever it is handed, and throws where it is no header. Nothing of it is sent, so none is needed.
  delete process.env['OPENAI_CUSTOM_HEADERS'];
  return createEndpoints(endpointSettings(settings), { metrics });
}

function endpointSettings(settings: Settings): EndpointSettings[] {
  const endpoints = settings['ai.endpoints'];
  if (endpoints.length > 0) return endpoints.map(toSettings);
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

const toSettings = (option: Settings['ai.endpoints'][number]): EndpointSettings => ({
  name: option.name,
  setting: `ai.endpoints.${option.name}`,
  baseUrl: option['base-url'],
  model: option.model,
  kind: option.kind,
  apiKey: option['api-key'] ?? '',
  apiKeyVariable: option['api-key-variable'],
  deployment: option.deployment,
  apiVersion: option['api-version'],
  window: option.window,
  answerTokens: option['answer-tokens'],
  price: option.price,
  timeouts: toMilliseconds(option.timeouts ?? {}),
  retries: option.retries,
  concurrency: option.concurrency,
});

const toMilliseconds = ({ first, between, total }: { first?: number; between?: number; total?: number }) => ({
  ...(first !== undefined && { firstMs: first * 1000 }),
  ...(between !== undefined && { betweenMs: between * 1000 }),
  ...(total !== undefined && { totalMs: total * 1000 }),
});
