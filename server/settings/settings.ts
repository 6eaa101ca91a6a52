import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join, resolve } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { ConfigurationError } from '../protocol/errors.ts';

const MEBIBYTE = 1024 * 1024;
/** A whole number, in a variable as digits; `z.coerce` would make 0 of nothing and 1 of yes. */
const wholeNumber = (least: number, most: number) => {
  const error = `expected a whole number from ${least} to ${most}`;
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value),
    z.int({ error }).min(least, { error }).max(most, { error }),
  );
};
const bytes = wholeNumber(1, Number.MAX_SAFE_INTEGER);
const error = 'expected an address such as http://127.0.0.1:8765';
const webAddress = z.url({ protocol: /^https?$/, error });

const noSecretKey = 'expected a text of your own; `stackmend init` writes a fresh one where there is no configuration';

/** Every option: its name in `config.yml`, default, unit and reason. */
const optionsSchema = z.strictObject({
  /** Signs what the server hands out. `stackmend init` writes a fresh one. */
  'system.secret-key': z.string({ error: noSecretKey }).min(1, { error: noSecretKey }),
  /** Where the databases are; relative to the configuration's directory. */
  'system.data-directory': z.string().default('.'),
  /** Address in DSNs and links, when it is not `http://<host>:<port>`. */
  'system.url-prefix': z.union([z.literal(''), webAddress], { error }).default(''),
  /** Loopback only: there are no users yet, so whoever reaches the page is its user. */
  'http.host': z.string().default('127.0.0.1'),
  'http.port': wholeNumber(0, 65_535).default(8765),

  /** Bytes of one request as sent. Sentry documents 20 MB. */
  'ingest.max-packed-bytes': bytes.default(20 * MEBIBYTE),
  /** Bytes of one request unpacked. Relay allows 200 MiB, which we could not hold in memory for several at once. */
  'ingest.max-unpacked-bytes': bytes.default(40 * MEBIBYTE),
  /** Bytes of one event's JSON. Sentry documents 1 MB. */
  'ingest.max-event-bytes': bytes.default(MEBIBYTE),
  /** Bytes of all requests being read or written at one time; more is answered with 503 and Retry-After. */
  'ingest.max-in-flight-bytes': bytes.default(64 * MEBIBYTE),

  /** Empty: only endpoints that need no key work, and the Suggest fix panel says so. */
  'openai.api-key': z.string().default(''),
  /** Any OpenAI-compatible endpoint, a local one included. */
  'openai.base-url': webAddress.default('https://api.openai.com/v1'),
  'openai.model': z.string().min(1).default('gpt-5-mini'),
  /** Who may send an event to the model: everybody, whoever consented once, or nobody. An unknown word stops the start. */
  'ai.policy': z.enum(['allowed', 'individual_consent', 'subprocessor']).default('individual_consent'),
});
type Options = z.infer<typeof optionsSchema>;
type OptionName = keyof Options;

/** `dataDirectory` and `configDirectory` are absolute paths. */
export type Settings = Options & { configDirectory: string; dataDirectory: string };

/** Environment variables, each beating the file. `STACKMEND_CONF`, the directory itself, is read by `configure`. */
const ENVIRONMENT: Record<string, OptionName> = {
  HOST: 'http.host',
  PORT: 'http.port',
  OPENAI_API_KEY: 'openai.api-key',
  OPENAI_BASE_URL: 'openai.base-url',
  OPENAI_MODEL: 'openai.model',
  STACKMEND_AI_POLICY: 'ai.policy',
};

/**
 * Reads `<directory>/config.yml` and merges: environment beats file beats default.
 *
 * @throws {ConfigurationError} no file, malformed YAML (with line and column), unknown or wrong option (with its name)
 */
export function readSettings(directory: string, environment: Record<string, string | undefined>): Settings {
  const file = readConfigFile(join(directory, 'config.yml'));
  const merged: Record<string, unknown> = { ...file };
  const origin = new Map<string, string>();
  for (const [variable, option] of Object.entries(ENVIRONMENT)) {
    const value = environment[variable];
    // An empty variable is how shells and compose files say "not set".
    if (value === undefined || value === '') continue;
    merged[option] = value;
    origin.set(option, variable);
  }
  const parsed = optionsSchema.safeParse(merged);
  if (!parsed.success) throw new ConfigurationError(describeFaults(parsed.error, origin));
  requireLoopback(parsed.data['http.host']);
  const options = parsed.data;
  return {
    ...options,
    configDirectory: directory,
    dataDirectory: resolve(directory, options['system.data-directory']),
  };
}

/** Is this name or address one that only this machine can reach? */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/** Address in DSNs and links, without a slash at the end; `port` is the bound one, where 0 was asked for. */
export function addressOf(settings: Settings, port = settings['http.port']): string {
  const host = settings['http.host'] === '::1' ? '[::1]' : settings['http.host'];
  return settings['system.url-prefix'].replace(/\/+$/, '') || `http://${host}:${port}`;
}

function requireLoopback(host: string): void {
  if (isLoopback(host)) return;
  throw new ConfigurationError(
    `http.host (HOST) is ${host}, but this version has no users yet: whoever reaches the page could read every event. ` +
      'Leave it at 127.0.0.1, and reach it from elsewhere through an SSH tunnel.',
  );
}

function readConfigFile(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code !== 'ENOENT') throw new ConfigurationError(`${path} cannot be read (${code}).`, { cause });
    throw new ConfigurationError(`There is no configuration at ${path}. Make one with: stackmend init`, { cause });
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const fault = document.errors[0];
  if (fault) {
    const { line, col } = lineCounter.linePos(fault.pos[0]);
    throw new ConfigurationError(`${path}, line ${line}, column ${col}: ${fault.message.split('\n')[0]}`);
  }
  const value = toValue(document, path) ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigurationError(`${path}: expected lines such as "http.port: 8765".`);
  }
  return { ...value };
}

function toValue(document: Document, path: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new ConfigurationError(`${path}: ${cause instanceof Error ? cause.message : cause}.`, { cause });
  }
}

function describeFaults(error: z.ZodError, origin: Map<string, string>): string {
  return error.issues
    .map((issue) => {
      if (issue.code === 'unrecognized_keys') return `config.yml: unknown option ${issue.keys.join(', ')}.`;
      const option = issue.path.join('.');
      const variable = origin.get(option);
      return `${variable ? `${option} (${variable})` : option}: ${issue.message}.`;
    })
    .join(' ');
}
