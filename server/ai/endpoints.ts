import type { Metrics } from '../metrics/metrics.ts';
import { ConfigurationError } from '../protocol/errors.ts';
import { createGate } from './concurrency.ts';
import { type Endpoint, type EndpointSettings, toEndpoint } from './endpoint.ts';
import { createModel, type Model, type ModelDeps } from './model.ts';
import { checkEndpoint, type EndpointCheck } from './model-check.ts';
import { createRequestFields } from './model-fields.ts';

export type Endpoints = {
  /** As set, the default first. */
  all: () => readonly Endpoint[];
  byName: (name: string) => Endpoint | null;
  /** What is asked unless another is chosen: the first that is set. */
  default: Endpoint;
  /**
   * A model at one of these endpoints, whose queue all its models share. Whoever has the endpoint needs no key.
   *
   * @param model instead of the one that is set
   */
  modelOf: (endpoint: Endpoint, model?: string) => Model;
  /** Asks it two lines, to find out what it can. Nothing of an event is in them. */
  check: (endpoint: Endpoint, signal: AbortSignal) => Promise<EndpointCheck>;
};

export type EndpointsDeps = {
  metrics: Pick<Metrics, 'incr'>;
  /** Milliseconds before the second try; a test waits less. */
  backoffMs?: number;
  random?: () => number;
};

/** Requests that somebody keeps open, for each endpoint. */
const MAX_WAITING = 100;

/** @throws {ConfigurationError} there is none, two have one name, or an address is none */
export function createEndpoints(settings: readonly EndpointSettings[], deps: EndpointsDeps): Endpoints {
  const { metrics, backoffMs = 500, random = Math.random } = deps;
  const byName = new Map<string, Endpoint>();
  const partsOf = new Map<Endpoint, Omit<ModelDeps, 'model'>>();
  for (const each of settings) {
    const endpoint = toEndpoint(each);
    if (byName.has(endpoint.name)) {
      throw new ConfigurationError(`${endpoint.setting}.name: ${endpoint.name} is the name of another endpoint.`);
    }
    byName.set(endpoint.name, endpoint);
    const gate = createGate(endpoint.concurrency, MAX_WAITING);
    const fields = createRequestFields(endpoint);
    partsOf.set(endpoint, { endpoint, apiKey: each.apiKey, gate, fields, metrics, backoffMs, random });
  }
  const partsOfKnown = (endpoint: Endpoint) => {
    const parts = partsOf.get(endpoint);
    if (!parts) throw new Error(`The endpoint ${endpoint.name} is none of these.`);
    return parts;
  };
  const all = [...byName.values()];
  const [first] = all;
  if (!first) throw new ConfigurationError('ai.endpoints: expected at least one endpoint.');
  return {
    all: () => all,
    byName: (name) => byName.get(name) ?? null,
    default: first,
    modelOf(endpoint, model = endpoint.model) {
      const parts = partsOfKnown(endpoint);
      return createModel({ ...parts, endpoint: { ...endpoint, model }, model });
    },
    check: (endpoint, signal) => checkEndpoint(partsOfKnown(endpoint), signal),
  };
}
