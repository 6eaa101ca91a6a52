import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import proxyAddr from 'proxy-addr';
import * as z from 'zod';
import { DsnError, parseDsn } from '../protocol/dsn.ts';
import { endpointsSchema } from './endpoints.ts';

/** What is told of an option beside its schema: `config show --json` prints it. */
export type About = {
  /** What it is for, and why its default is what it is. */
  reason: string;
  /** Of a number. */
  unit?: string;
  /** Environment variable that beats the files, where it is not `STACKMEND_` and the option's name. */
  variable?: string;
  /** Is never printed. */
  isSecret?: true;
  /** Is read from the files alone: too much for one variable, or nothing that whoever starts the server should change. */
  isOfFiles?: true;
};
const abouts = z.registry<About>();
function option<T extends z.ZodType>(schema: T, about: About): T {
  abouts.add(schema, about);
  return schema;
}

const MEBIBYTE = 1024 * 1024;
/** A whole number, in a variable as digits; `z.coerce` would make 0 of nothing and 1 of yes. */
const wholeNumber = (least: number, most: number) => {
  const error = `expected a whole number from ${least} to ${most}`;
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value),
    z.int({ error }).min(least, { error }).max(most, { error }),
  );
};
/** A share from 0 to 1, in a variable as a decimal. */
const rateError = 'expected a number from 0 to 1';
const rate = z.preprocess(
  (value) => (typeof value === 'string' && /^(?:0|1|0?\.\d{1,9}|1\.0+)$/.test(value.trim()) ? Number(value) : value),
  z.number({ error: rateError }).min(0, { error: rateError }).max(1, { error: rateError }),
);
/** In a variable as the word; `z.coerce` would make true of the text false. */
const flag = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean({ error: 'expected true or false' }),
);
/** Or empty, for none. */
const dsn = z.string({ error: 'expected a DSN' }).superRefine((text, context) => {
  try {
    if (text) parseDsn(text);
  } catch (error) {
    if (!(error instanceof DsnError)) throw error;
    context.addIssue({ code: 'custom', message: `expected a DSN or nothing. ${error.message.replace(/\.$/, '')}` });
  }
});
const byteLimit = (bytes: number, reason: string) =>
  option(wholeNumber(1, Number.MAX_SAFE_INTEGER).default(bytes), { reason, unit: 'bytes' });
const error = 'expected an address such as http://127.0.0.1:8765';
const webAddress = z.url({ protocol: /^https?$/, error });

/** Several texts: a list in the files, or one text with commas, as a variable has it. */
const texts = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((text) => text.trim())
          .filter((text) => text !== '')
      : value,
  z.array(z.string({ error: 'expected a text' }), { error: 'expected a list' }),
);
/** `proxy-addr` would take 10 for 0.0.0.10, so that the address itself is looked at first. */
function isProxy(entry: string): boolean {
  if (/^(?:loopback|linklocal|uniquelocal)$/.test(entry)) return true;
  try {
    proxyAddr.compile(entry);
    return isIP(entry.split('/', 1)[0] ?? '') !== 0;
  } catch {
    return false;
  }
}
const proxies = texts.superRefine((entries, context) => {
  for (const entry of entries.filter((each) => !isProxy(each))) {
    const message = `"${entry.slice(0, 60)}" is no address, no range such as 10.0.0.0/8, and none of loopback, linklocal, uniquelocal`;
    context.addIssue({ code: 'custom', message });
  }
});

/** Of folders: `~` and `.` would be other ones for each who starts the server. */
const folders = texts.superRefine((entries, context) => {
  for (const entry of entries.filter((each) => !isAbsolute(each))) {
    context.addIssue({ code: 'custom', message: `"${entry.slice(0, 60)}" is no absolute path of a folder` });
  }
});

const noSecretKey = 'expected a text of your own; `stackmend init` writes a fresh one where there is no configuration';

/** `embedded` is SQL; `snuba` is the family over ClickHouse, which `validateSnuba` still refuses. */
const backend = (what: string) => {
  const families = z.enum(['embedded', 'snuba'], { error: 'expected embedded' });
  return option(families.default('embedded'), { reason: `Where ${what}: embedded is the database beside it.` });
};

/** Every option: its name in the files, default, unit and reason. */
export const optionsSchema = z.strictObject({
  'system.secret-key': option(z.string({ error: noSecretKey }).min(1, { error: noSecretKey }), {
    reason: 'Signs what the server hands out. `stackmend init` writes a fresh one.',
    isSecret: true,
  }),
  'system.data-directory': option(z.string().default('.'), {
    reason: "Where the databases are; relative to the configuration's directory.",
  }),
  'system.url-prefix': option(z.union([z.literal(''), webAddress], { error }).default(''), {
    reason: 'Address in DSNs and links, when it is not http://<host>:<port>.',
  }),
  'logging.level': option(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('warn'), {
    reason: 'What the log on standard output begins with.',
  }),
  'http.host': option(z.string().default('127.0.0.1'), {
    reason:
      'Where the server listens. On loopback whoever reaches it is its user until there are users; elsewhere it asks for the first one.',
    variable: 'HOST',
  }),
  'http.port': option(wholeNumber(0, 65_535).default(8765), {
    reason: 'Where the server listens; 0 is any free port.',
    variable: 'PORT',
  }),
  'http.trusted-proxies': option(proxies.default([]), {
    reason:
      'Proxies in front, whose X-Forwarded headers are believed: addresses, ranges, or loopback, linklocal, uniquelocal.',
  }),

  'auth.session-idle': option(wholeNumber(1, 8760).default(168), {
    reason: 'A session that is not used for so long has ended.',
    unit: 'hours',
  }),
  'auth.session-life': option(wholeNumber(1, 3650).default(30), {
    reason: 'How long a session lasts at most, however much it is used.',
    unit: 'days',
  }),

  'ingest.max-packed-bytes': byteLimit(20 * MEBIBYTE, 'One request as sent. Sentry documents 20 MB.'),
  'ingest.max-unpacked-bytes': byteLimit(
    40 * MEBIBYTE,
    'One request unpacked. Relay allows 200 MiB, which could not be held in memory for several at once.',
  ),
  'ingest.max-event-bytes': byteLimit(MEBIBYTE, "One event's JSON. Sentry documents 1 MB."),
  'ingest.max-in-flight-bytes': byteLimit(
    64 * MEBIBYTE,
    'All requests being read or written at one time; more is answered with 503 and Retry-After.',
  ),

  'digest.max-dead-letter-age': option(wholeNumber(1, 3650).default(7), {
    reason: 'How long an event that could not be digested is kept for `stackmend events retry`: it is not scrubbed.',
    unit: 'days',
  }),

  'source.roots': option(folders.default([]), {
    reason:
      'Folders below which git checkouts are, as code mappings name them. Who may see events can read the source in them, but for secrets. Empty: none is read.',
  }),
  'source.deny': option(texts.default([]), {
    reason:
      'Files of checkouts that are never shown, beside .env files, keys and credentials: names or paths within the repository, where * stops at a slash and ** does not.',
  }),

  'artifacts.max-upload-bytes': byteLimit(
    512 * MEBIBYTE,
    'One upload of source maps, packed. sentry-cli makes one of all that it is given at a time.',
  ),
  'artifacts.max-file-bytes': byteLimit(
    100 * MEBIBYTE,
    'One uploaded file, unpacked: it is read as a whole, into several times its size.',
  ),
  'artifacts.max-age': option(wholeNumber(1, 3650).default(90), {
    reason:
      'How long an upload is kept after it last mapped a frame or was repeated. By use, as what is still deployed still fails; Sentry has the same 90.',
    unit: 'days',
  }),

  'artifacts.symbolicator-cache-bytes': byteLimit(
    128 * MEBIBYTE,
    'Parsed source maps that are kept in memory, about: a map of 10 MB takes 20 MiB. Those used last stay.',
  ),

  'coverage.max-age': option(wholeNumber(1, 3650).default(90), {
    reason: 'How long a coverage report is kept after its last upload; the newest of a project stays in any case.',
    unit: 'days',
  }),
  'coverage.max-bytes': byteLimit(
    1024 * MEBIBYTE,
    'Coverage reports of one project, as they are stored; the oldest go first. A CI that uploads for each commit would fill the disk.',
  ),

  'nodestore.backend': backend('event bodies are kept'),
  'eventstream.backend': backend('events are written to'),
  'search.backend': backend('issues are searched'),
  'tagstore.backend': backend('tags are read from'),
  'tsdb.backend': backend('counts over time are read from'),

  'metrics.backend': option(z.enum(['none', 'logging', 'statsd', 'prometheus']).default('none'), {
    reason: 'Where counts and times go, besides the setup page: the log (at debug), a statsd, or GET /metrics.',
  }),
  'metrics.prefix': option(
    z
      .string()
      .regex(/^[A-Za-z0-9_.]*$/, { error: 'expected letters, digits, _ and .' })
      .default('stackmend.'),
    {
      reason: 'In front of every name, as it is: its dot included.',
    },
  ),
  'metrics.sample-rate': option(rate.default(1), {
    reason:
      'Share of counts and times that are sent to statsd, which scales them up again. The rest costs nothing to keep.',
  }),
  'metrics.statsd-host': option(z.string().min(1).default('127.0.0.1'), { reason: 'Where statsd listens.' }),
  'metrics.statsd-port': option(wholeNumber(1, 65_535).default(8125), { reason: 'Where statsd listens, UDP.' }),
  'metrics.token': option(z.string().default(''), {
    reason: 'Who sends it as a bearer token may read /metrics. Empty: only programs on this machine may.',
    isSecret: true,
  }),
  'health.max-spool-age': option(wholeNumber(1, 86_400).default(300), {
    reason: 'How long an accepted event may wait for digest before the server is no longer ready.',
    unit: 'seconds',
  }),
  'health.min-free-bytes': option(wholeNumber(0, Number.MAX_SAFE_INTEGER).default(256 * MEBIBYTE), {
    reason: 'What must be free on the disk of the data for the server to be ready: writing a full spool needs room.',
    unit: 'bytes',
  }),

  'sdk.enabled': option(flag.default(true), {
    reason: 'Whether the server reports its own errors. Without it 50 MB less memory are used, and nobody is told.',
  }),
  'sdk.dsn': option(dsn.default(''), {
    reason:
      'Another Sentry or Stackmend that is told of errors of this server too, without any text that could be of an event. Empty: nobody.',
  }),
  'sdk.relay-dsn': option(dsn.default(''), {
    reason: "Who gets this server's errors in full. Empty: its own project `internal`.",
  }),
  'sdk.environment': option(z.string().min(1).max(64).default('production'), {
    reason: 'Environment of the errors of this server.',
  }),
  'sdk.release': option(z.string().max(200).default(''), {
    reason: 'Release of the errors of this server. Empty: stackmend@ and its version.',
  }),
  'sdk.sample-rate': option(rate.default(1), {
    reason: 'Share of the errors of this server that are captured at all.',
  }),
  'sdk.upstream-metrics': option(flag.default(false), {
    reason: 'Whether `sdk.dsn` gets metrics too. Sentry leaves them out: they are many, and seldom of use to others.',
  }),
  'sdk.upstream-metrics-sample-rate': option(rate.default(0), {
    reason: 'Share of metrics that `sdk.dsn` gets while `sdk.upstream-metrics` is off.',
  }),
  'sdk.relay-sample-rate': option(rate.default(1), {
    reason: 'Share of captured errors that the relay gets. A real rate: in Sentry, all but 1 means none.',
  }),

  'openai.api-key': option(z.string().default(''), {
    reason: 'Empty: only endpoints that need no key work, and the Suggest fix panel says so.',
    variable: 'OPENAI_API_KEY',
    isSecret: true,
  }),
  'openai.base-url': option(webAddress.default('https://api.openai.com/v1'), {
    reason: 'Any OpenAI-compatible endpoint, a local one included.',
    variable: 'OPENAI_BASE_URL',
  }),
  'openai.model': option(z.string().min(1).default('gpt-5-mini'), {
    reason: 'Model that suggests a fix.',
    variable: 'OPENAI_MODEL',
  }),
  'ai.policy': option(z.enum(['allowed', 'individual_consent', 'subprocessor']).default('individual_consent'), {
    reason: 'Who may send an event to the model: everybody, whoever consented once, or nobody.',
  }),
  'ai.ledger-max-age': option(wholeNumber(1, 3650).default(365), {
    unit: 'days',
    reason: 'Every call to a model is kept with its request and answer, for so long or until its issue is deleted.',
  }),
  'ai.endpoints': option(endpointsSchema.default([]), {
    reason:
      'Endpoints that can be chosen, the first one by default; each has name, base-url and model. Empty: the one of openai.*.',
    isOfFiles: true,
  }),
});

export type Options = z.infer<typeof optionsSchema>;
export type OptionName = keyof Options;

export const OPTION_NAMES: readonly OptionName[] = optionsSchema.keyof().options;

/** @returns what is told of the option; `variable` names one, but for those of the files alone */
export function aboutOption(name: OptionName): Omit<About, 'variable'> & { variable: string | null } {
  const about = abouts.get(optionsSchema.shape[name]) ?? { reason: '' };
  if (about.isOfFiles) return { ...about, variable: null };
  return { variable: `STACKMEND_${name.toUpperCase().replaceAll(/[.-]/g, '_')}`, ...about };
}
