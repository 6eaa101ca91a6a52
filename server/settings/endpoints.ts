import * as z from 'zod';

const named = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });
const positive = (most: number, error: string) => z.number({ error }).positive({ error }).max(most, { error });
const whole = (least: number, most: number) => {
  const error = `expected a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};
const seconds = positive(86_400, 'expected seconds, more than 0 and at most 86400');
const dollars = z.number({ error: 'expected US dollars for a million tokens' }).min(0).max(1_000_000);
const tokens = whole(256, 100_000_000);

/** An address to which a path is added: what stands behind it would be lost, and a password would be shown to people. */
const baseUrl = z
  .url({ protocol: /^https?$/, error: 'expected an address such as https://host/v1' })
  .refine((text) => !/[?#]/.test(text) && !/^https?:\/\/[^/]*@/i.test(text), {
    error: 'must have no user name, password, query or fragment; the key goes into api-key or api-key-variable',
  });

/** No fault tells what was set: a key that was put into the wrong place would be on the screen. */
const apiKey = named(/^[\x21-\x7e]{0,4096}$/, 'expected a key: letters, digits and signs without a blank');

const versionError = "expected Azure's api-version, such as 2024-10-21";

/** One of `ai.endpoints`. */
const endpointSchema = z
  .strictObject({
    name: named(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'expected a name of at most 40 letters, digits, . _ and -'),
    'base-url': baseUrl,
    model: named(/^[\x21-\x7e]{1,200}$/, 'expected the name of a model'),
    kind: z
      .enum(['openai', 'azure', 'compatible', 'local'], { error: 'expected openai, azure, compatible or local' })
      .optional(),
    'api-key': apiKey.optional(),
    'api-key-variable': named(
      /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
      'expected the name of an environment variable (not the key itself)',
    ).optional(),
    deployment: named(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'expected the name of an Azure deployment').optional(),
    'api-version': named(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, versionError).optional(),
    window: tokens.optional(),
    'answer-tokens': whole(64, 10_000_000).optional(),
    price: z.strictObject({ input: dollars, output: dollars }, { error: 'expected {input, output}' }).optional(),
    timeouts: z
      .strictObject(
        { first: seconds.optional(), between: seconds.optional(), total: seconds.optional() },
        { error: 'expected some of {first, between, total}' },
      )
      .optional(),
    retries: whole(0, 10).optional(),
    concurrency: whole(1, 1000).optional(),
  })
  .superRefine((endpoint, context) => {
    const fault = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
    const isForAzure = endpoint.kind === 'azure' || (endpoint.kind === undefined && isAzure(endpoint['base-url']));
    if (endpoint['api-key'] && endpoint['api-key-variable']) {
      fault('api-key-variable', 'is set beside api-key; one of them is the key');
    }
    for (const key of ['deployment', 'api-version'] as const) {
      if (endpoint[key] !== undefined && !isForAzure) fault(key, 'is of Azure alone; set kind: azure');
    }
    const isVersioned = /\/v1\/?$|\/deployments\//.test(endpoint['base-url']);
    if (isForAzure && !isVersioned && endpoint['api-version'] === undefined) fault('api-version', versionError);
    if (endpoint.kind === 'local' && isPublic(endpoint['base-url'])) {
      fault('kind', 'is local, and the address is that of a provider');
    }
    const { window, 'answer-tokens': answer } = endpoint;
    if (window !== undefined && answer !== undefined && answer >= window) {
      fault('answer-tokens', 'leaves nothing of the window for what is asked');
    }
  });

const hostOf = (address: string) => URL.parse(address)?.hostname ?? '';
const isAzure = (address: string) => /\.azure\.(?:com|us|cn)$/.test(hostOf(address));
const isPublic = (address: string) => isAzure(address) || /(?:^|\.)openai\.com$/.test(hostOf(address));

export const endpointsSchema = z
  .array(endpointSchema, { error: 'expected a list of endpoints' })
  .max(100)
  .superRefine((endpoints, context) => {
    const names = new Set<string>();
    for (const [index, { name }] of endpoints.entries()) {
      const known = name.toLowerCase();
      if (names.has(known)) {
        context.addIssue({ code: 'custom', path: [index, 'name'], message: `${name} is the name of another endpoint` });
      }
      names.add(known);
    }
  });

/** The variables that hold keys, each with its place: `ai.endpoints[0].api-key-variable`. */
export function keyVariables(endpoints: unknown): { place: string; variable: string }[] {
  if (!Array.isArray(endpoints)) return [];
  return endpoints.flatMap((each: unknown, index) => {
    const variable =
      typeof each === 'object' && each !== null && 'api-key-variable' in each && each['api-key-variable'];
    return typeof variable === 'string' ? [{ place: `ai.endpoints[${index}].api-key-variable`, variable }] : [];
  });
}
