import { isIPv4, isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import type * as z from 'zod';
import { ConfigurationError } from '../protocol/errors.ts';
import { readConfigFiles } from './config-files.ts';
import { keyVariables } from './endpoints.ts';
import { type About, aboutOption, OPTION_NAMES, type OptionName, type Options, optionsSchema } from './options.ts';
import {
  describeSdkConfig,
  describeSentryName,
  parseSdkConfig,
  SENTRY_NAMES,
  SENTRY_SDK_CONFIG,
} from './sentry-names.ts';

/** `dataDirectory` and `configDirectory` are absolute paths. */
export type Settings = Options & { configDirectory: string; dataDirectory: string };

type Environment = Record<string, string | undefined>;

/** An option as `config show` prints it: `origin` is an environment variable, the path of a file, or `default`. */
type ShownOption = Omit<About, 'variable'> & {
  name: OptionName;
  value: Options[OptionName];
  origin: string;
  /** None: the option is of the files alone. */
  variable: string | null;
};

type Given = { value: unknown; source: string; label: string };

/** What files and environment say, not validated yet. */
export type Bootstrapped = {
  directory: string;
  /** By option: `source` is the path of a file or an environment variable, `label` its short name. */
  given: Map<string, Given>;
  /** Lines about settings in Sentry's names and about keys that lack, each with the name that it is about. */
  warnings: { name: string; text: string }[];
  /** Values of the variables that `ai.endpoints` names for its keys. */
  keys: ReadonlyMap<string, string>;
};

/**
 * Merges: environment beats `stackmend.conf.ts`, which beats `config.yml`; the defaults come with validating.
 *
 * @throws {ConfigurationError} no file, or one that cannot be read; `SENTRY_SDK_CONFIG` is no JSON object
 */
export async function bootstrapOptions(directory: string, environment: Environment): Promise<Bootstrapped> {
  const given: Bootstrapped['given'] = new Map();
  for (const { name: label, path: source, values } of await readConfigFiles(directory)) {
    for (const [option, value] of Object.entries(values)) given.set(option, { value, source, label });
  }
  const warnings: Bootstrapped['warnings'] = [];
  for (const [name, { option, translate = String }] of Object.entries(SENTRY_NAMES)) {
    const value = environment[name];
    if (!value) continue;
    const { variable } = aboutOption(option);
    const isIgnored = variable !== null && Boolean(environment[variable]);
    warnings.push({ name, text: describeSentryName(name, variable ?? option, isIgnored) });
    given.set(option, { value: translate(value), source: name, label: name });
  }
  const sdkConfig = environment[SENTRY_SDK_CONFIG];
  if (sdkConfig) {
    const { given: options, ignored } = parseSdkConfig(sdkConfig);
    warnings.push({ name: SENTRY_SDK_CONFIG, text: describeSdkConfig(ignored) });
    for (const [option, value] of options)
      given.set(option, { value, source: SENTRY_SDK_CONFIG, label: SENTRY_SDK_CONFIG });
  }
  for (const option of OPTION_NAMES) {
    const { variable } = aboutOption(option);
    if (variable === null) continue;
    const value = environment[variable];
    // An empty variable is how shells and compose files say "not set".
    if (value) given.set(option, { value, source: variable, label: variable });
  }
  return { directory, given, warnings, keys: keysOf(given, environment, warnings) };
}

/** A key that lacks stops nothing but its endpoint: events are to be taken all the same. */
function keysOf(given: Bootstrapped['given'], environment: Environment, warnings: Bootstrapped['warnings']) {
  const keys = new Map<string, string>();
  for (const { place, variable } of keyVariables(given.get('ai.endpoints')?.value)) {
    // Files that secrets are mounted from end with a line end.
    const key = environment[variable]?.trim();
    if (key) keys.set(variable, key);
    else warnings.push({ name: place, text: `${place}: the variable that it names is not set.` });
  }
  if (environment['STACKMEND_AI_ENDPOINTS']) {
    const text = 'STACKMEND_AI_ENDPOINTS is not read: ai.endpoints is of the files alone.';
    warnings.push({ name: 'STACKMEND_AI_ENDPOINTS', text });
  }
  return keys;
}

/** @returns the settings, or one line for each fault */
export function validateOptions({
  directory,
  given,
  keys,
}: Bootstrapped): { settings: Settings } | { faults: string[] } {
  const values = Object.fromEntries([...given].map(([option, { value }]) => [option, value]));
  const parsed = optionsSchema.safeParse(values);
  const faults = parsed.error?.issues.flatMap((issue) => describeFaults(issue, given)) ?? [];
  if (!parsed.success) return { faults };
  const options = parsed.data;
  const dataDirectory = resolve(directory, options['system.data-directory']);
  const endpoints = options['ai.endpoints'].map((each) => {
    const key = keys.get(each['api-key-variable'] ?? '');
    return key === undefined ? each : { ...each, 'api-key': key };
  });
  return { settings: { ...options, 'ai.endpoints': endpoints, configDirectory: directory, dataDirectory } };
}

/** @throws {ConfigurationError} no configuration, or faults in it; the message names each setting */
export async function readSettings(directory: string, environment: Environment): Promise<Settings> {
  return requireValid(await bootstrapOptions(directory, environment));
}

/** @throws {ConfigurationError} the message names each setting at fault */
export function requireValid(bootstrapped: Bootstrapped): Settings {
  const result = validateOptions(bootstrapped);
  if ('faults' in result) throw new ConfigurationError(result.faults.join(' '));
  return result.settings;
}

/** Every option with its effective value and where that came from; no secret is in it. */
export const showOptions = ({ given }: Bootstrapped, settings: Settings): ShownOption[] =>
  OPTION_NAMES.map((name) => ({
    name,
    value: mask(settings[name], aboutOption(name).isSecret),
    origin: given.get(name)?.source ?? 'default',
    ...aboutOption(name),
  }));

const MASK = '********';
const withoutKey = <T extends { 'api-key'?: string | undefined }>(endpoint: T): T =>
  endpoint['api-key'] ? { ...endpoint, 'api-key': MASK } : endpoint;

function mask(value: Options[OptionName], isSecret = false): Options[OptionName] {
  if (Array.isArray(value)) return value.every((each) => typeof each === 'string') ? value : value.map(withoutKey);
  if (typeof value !== 'string' || value === '') return value;
  // An address may hold a password.
  return isSecret ? MASK : value.replace(/^(https?:\/\/)[^/]*@/i, `$1${MASK}@`);
}

/** Is this name or address one that only this machine can reach? */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/**
 * Address in DSNs and links, without a slash at the end.
 *
 * @param options.port the bound one, where 0 was asked for
 * @param options.machine an address by which others reach this machine, for a server that listens on all
 */
export function addressOf(settings: Settings, options: { port?: number | undefined; machine: string }): string {
  const { port = settings['http.port'], machine } = options;
  const given = settings['http.host'].replace(/^\[|\]$/g, '');
  const host = given === '0.0.0.0' || given === '::' ? machine : given;
  return settings['system.url-prefix'].replace(/\/+$/, '') || `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function describeFaults(issue: z.core.$ZodIssue, given: Bootstrapped['given']): string[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    return issue.keys.map((option) => `${given.get(option)?.label}: unknown option ${option}.`);
  }
  const [option = '', ...rest] = issue.path.map(String);
  const place = `${option}${rest.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('')}`;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${place}: unknown option ${key}.`);
  const origin = given.get(option);
  // A variable is named, since it is not seen in the file that one looks into.
  const isVariable = origin && origin.source === origin.label;
  return [`${isVariable ? `${place} (${origin.label})` : place}: ${issue.message}.`];
}
