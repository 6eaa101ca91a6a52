import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { ConfigurationError } from '../protocol/errors.ts';
import { windowOf } from './model-windows.ts';
import type { Patience } from './watch.ts';

/** How it is spoken to; `local` is `compatible` on this machine or in a private network. */
type EndpointKind = 'openai' | 'azure' | 'compatible' | 'local';

/** As set; what is left out is told from address and model. */
export type EndpointSettings = {
  name: string;
  /** Where it is set, for what people are told: `openai`, or `ai.endpoints.<name>`. */
  setting: string;
  baseUrl: string;
  model: string;
  apiKey: string;
  /** The environment variable that was to hold the key. */
  apiKeyVariable?: string | undefined;
  kind?: EndpointKind | undefined;
  deployment?: string | undefined;
  apiVersion?: string | undefined;
  window?: number | undefined;
  answerTokens?: number | undefined;
  /** US dollars for a million tokens. */
  price?: { input: number; output: number } | undefined;
  /** Milliseconds. */
  timeouts?: Partial<Patience> | undefined;
  retries?: number | undefined;
  concurrency?: number | undefined;
};

/** One place to ask a model. The key is not in it, so that no list, log or answer can tell it. */
export type Endpoint = {
  name: string;
  setting: string;
  kind: EndpointKind;
  /** Without credentials, query or trailing slash: what answers are kept under. Azure's has the deployment in it. */
  baseUrl: string;
  /** Host, and port where it is not the scheme's: what people are shown. */
  host: string;
  /** On this machine or in a private network, as the kind says, else as far as the name tells; nothing is looked up. */
  isLocal: boolean;
  /** OpenAI and Azure answer nothing without a key; others decide for themselves. */
  needsKey: boolean;
  hasKey: boolean;
  /** The environment variable that holds it, where one is set for that. */
  keyVariable: string | null;
  model: string;
  apiVersion: string | null;
  /** Tokens of prompt and answer together, those kept for the answer, and those that a prompt may fill. */
  window: number;
  answerTokens: number;
  inputTokens: number;
  /**
   * The field that tells the endpoint `answerTokens` as a limit, which makes a price a bound; null: it is told none, as
   * nobody set one, and the guess of ours may be too small for a model that thinks.
   */
  limitField: 'max_completion_tokens' | 'max_tokens' | null;
  price: { input: number; output: number } | null;
  timeouts: Patience;
  retries: number;
  /** Calls at one time. */
  concurrency: number;
  /** Why it cannot be asked, a sentence; null when it can. */
  missing: string | null;
};

/** A model may think, or be loaded from disk, before its first word; once it writes, a long pause means it is gone. */
const PATIENCE: Patience = { firstMs: 180_000, betweenMs: 60_000, totalMs: 900_000 };
const RETRIES = 2;
/** One graphics card answers one or two at a time. */
const LOCAL_CONCURRENCY = 2;
const CONCURRENCY = 8;

/** @throws {ConfigurationError} the address is none; `deployment` or `api-version` lacks for an Azure address */
export function toEndpoint(settings: EndpointSettings): Endpoint {
  const { name, setting, model } = settings;
  const url = parseAddress(settings.baseUrl, `${setting}.base-url`);
  const kind = settings.kind ?? kindOf(url.hostname);
  const known = windowOf(model);
  const window = settings.window ?? known.window;
  const answerTokens = settings.answerTokens ?? Math.min(known.answerTokens, Math.floor(window / 4));
  const needsKey = kind === 'openai' || kind === 'azure';
  return {
    name,
    setting,
    kind,
    baseUrl: kind === 'azure' ? azureBase(url, settings) : url.href.replace(/\/{1,10}$/, ''),
    host: url.host,
    isLocal: kind === 'local',
    needsKey,
    hasKey: settings.apiKey !== '',
    keyVariable: settings.apiKeyVariable ?? null,
    model,
    apiVersion: settings.apiVersion ?? null,
    window,
    answerTokens,
    inputTokens: Math.min(window - answerTokens, settings.window === undefined ? known.inputTokens : window),
    limitField: limitFieldOf(kind, settings.answerTokens !== undefined, known.isKnown),
    price: settings.price ?? null,
    timeouts: { ...PATIENCE, ...settings.timeouts },
    retries: settings.retries ?? RETRIES,
    concurrency: settings.concurrency ?? (kind === 'local' ? LOCAL_CONCURRENCY : CONCURRENCY),
    missing: whatIsMissing(settings, needsKey),
  };
}

/** OpenAI's models that think refuse `max_tokens`; most others know nothing else. */
function limitFieldOf(kind: EndpointKind, isSet: boolean, isKnown: boolean): Endpoint['limitField'] {
  if (kind === 'openai' || kind === 'azure') return isSet || isKnown ? 'max_completion_tokens' : null;
  return isSet ? 'max_tokens' : null;
}

/** @throws {ConfigurationError} not http or https, or with credentials, query or fragment in it */
function parseAddress(baseUrl: string, setting: string): URL {
  const url = URL.parse(baseUrl);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError(`${setting} is no http or https address: ${url?.protocol ?? baseUrl}`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new ConfigurationError(
      `${setting} must have no user name, password, query or fragment; a key goes into api-key beside it.`,
    );
  }
  return url;
}

/** What the address tells. Whatever stands on this machine may pass things on: then its kind is to be set. */
function kindOf(hostname: string): EndpointKind {
  if (isOpenAi(hostname)) return 'openai';
  if (/\.(?:openai\.azure|cognitiveservices\.azure|services\.ai\.azure)\.(?:com|us|cn)$/.test(hostname)) return 'azure';
  return isPrivateHost(hostname) ? 'local' : 'compatible';
}
const isOpenAi = (hostname: string) => hostname === 'api.openai.com' || hostname.endsWith('.api.openai.com');

/**
 * Azure's own path, `/openai/deployments/<name>` with an `api-version`; its newer `/openai/v1` is used as it is.
 *
 * @see https://learn.microsoft.com/azure/ai-foundry/openai/reference
 * @throws {ConfigurationError} `api-version` lacks where it is needed
 */
function azureBase(url: URL, { setting, deployment, model, apiVersion }: EndpointSettings): string {
  const base = url.href.replace(/\/{1,10}$/, '');
  if (base.endsWith('/v1') || base.includes('/deployments/')) return base;
  if (!apiVersion) throw new ConfigurationError(`${setting}.api-version: expected Azure's, such as 2024-10-21.`);
  const root = base.endsWith('/openai') ? base : `${base}/openai`;
  return `${root}/deployments/${encodeURIComponent(deployment ?? model)}`;
}

const VARIABLES = new Map([
  ['api-key', 'OPENAI_API_KEY'],
  ['base-url', 'OPENAI_BASE_URL'],
  ['model', 'OPENAI_MODEL'],
]);

/** What people set to change it. The endpoint of `openai.*` has three options; the others are of a named one alone. */
export function optionOf({ setting, keyVariable }: Pick<Endpoint, 'setting' | 'keyVariable'>, option: string): string {
  if (option === 'api-key' && keyVariable) return `the environment variable ${keyVariable}`;
  if (setting !== 'openai') return `${setting}.${option}`;
  const variable = VARIABLES.get(option);
  return variable ? `openai.${option} (${variable})` : `${option} of an endpoint in ai.endpoints`;
}

function whatIsMissing({ setting, name, model, apiKey, apiKeyVariable }: EndpointSettings, needsKey: boolean) {
  if (model === '') return `No model is set: set ${setting}.model${setting === 'openai' ? ' (OPENAI_MODEL)' : ''}.`;
  if (apiKey !== '') return null;
  if (apiKeyVariable) return `The environment variable ${apiKeyVariable}, the key of the endpoint ${name}, is not set.`;
  if (!needsKey) return null;
  if (setting !== 'openai') return `The endpoint ${name} has no key: set ${setting}.api-key or its api-key-variable.`;
  return (
    'No model is set: set openai.api-key (OPENAI_API_KEY) for OpenAI, ' +
    'or openai.base-url (OPENAI_BASE_URL) for a compatible server of your own, which needs no key.'
  );
}

const privateRanges = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const) {
  privateRanges.addSubnet(network, prefix, 'ipv4');
}
privateRanges.addAddress('::1', 'ipv6');
privateRanges.addSubnet('fc00::', 7, 'ipv6');
privateRanges.addSubnet('fe80::', 10, 'ipv6');

/**
 * On this machine or in a private network?
 *
 * @param hostname as `URL` writes it: lower case, numbers already turned into an address, IPv6 in brackets
 */
export function isPrivateHost(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIPv4(address)) return privateRanges.check(address, 'ipv4');
  if (isIPv6(address)) return privateRanges.check(address, 'ipv6');
  const name = hostname.replace(/\.$/, '');
  // A name without a dot is that of a neighbour (a container, a machine of the network); .internal and .local are
  // reserved for private use.
  return !name.includes('.') || /\.(localhost|local|internal|home\.arpa)$/.test(name);
}
