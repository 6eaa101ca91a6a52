import { configuredEndpoints } from '../runner/configure.ts';
import type { Services } from '../runner/services.ts';
import { type CommandContext, CommandError, type Register } from './context.ts';

type Endpoints = Awaited<ReturnType<typeof configuredEndpoints>>;
type Endpoint = Endpoints['default'];
type Check = Awaited<ReturnType<Endpoints['check']>>;
type Context = CommandContext<Services>;

export const register: Register<Services> = (program, context) => {
  const models = program.command('models').description('the endpoints that suggest a fix');
  models
    .command('list')
    .description('print what is set of each, the default first; no key')
    .option('--json', 'print them as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const all = (await configuredEndpoints()).all();
      if (json) return context.printJson(all);
      printTable(context, ['NAME', 'KIND', 'KEY', 'WINDOW', 'ANSWER', 'PRICE', 'MODEL', 'HOST'], all.map(listed));
    });
  models
    .command('check')
    .argument('[name]', 'of one endpoint; without it, all')
    .description('ask each two lines and tell what it can; ends with 1 if one fails')
    .option('--json', 'print what was found as JSON')
    .action(async (name: string | undefined, { json }: { json?: boolean }) => {
      const endpoints = await configuredEndpoints();
      const interrupted = new AbortController();
      const interrupt = () => interrupted.abort(new CommandError('Stopped.'));
      process.once('SIGINT', interrupt);
      const asked = chosen(endpoints, name).map((endpoint) => {
        // A model may have to be loaded first: minutes in which nothing else is to be seen.
        console.error(`stackmend: asking ${endpoint.name} (${endpoint.model} at ${endpoint.host})`);
        return endpoints.check(endpoint, interrupted.signal);
      });
      const checks = await Promise.all(asked).finally(() => process.off('SIGINT', interrupt));
      if (checks.some(({ isOk }) => !isOk)) process.exitCode = 1;
      if (json) return context.printJson(checks);
      printTable(context, ['NAME', 'FIRST', 'IN ALL', 'IN PIECES', 'JSON SCHEMA', 'USAGE'], checks.map(found));
      for (const line of checks.flatMap(wordsOn)) context.print(line);
    });
};

function chosen(endpoints: Endpoints, name: string | undefined): readonly Endpoint[] {
  if (name === undefined) return endpoints.all();
  const endpoint = endpoints.byName(name);
  if (endpoint) return [endpoint];
  const names = endpoints.all().map((each) => each.name);
  throw new CommandError(`There is no endpoint ${name}. There are: ${names.join(', ')}.`);
}

const listed = ({ name, model, host, kind, window, answerTokens, price, hasKey, missing }: Endpoint): string[] => [
  name,
  kind,
  hasKey ? 'set' : missing ? 'missing' : 'none',
  String(window),
  String(answerTokens),
  price ? `$${price.input}/$${price.output}` : '-',
  // Long ones stand last, where a narrow terminal breaks the line.
  model,
  host,
];

const found = (check: Check): string[] => [
  check.name,
  milliseconds(check.firstPieceMs),
  milliseconds(check.totalMs),
  yesOrNo(check.streams),
  check.structured ?? '-',
  yesOrNo(check.tellsUsage),
];
const milliseconds = (value: number | null) => (value === null ? '-' : `${value} ms`);
const yesOrNo = (value: boolean | null) => (value === null ? '-' : value ? 'yes' : 'no');

const wordsOn = ({ name, fault, notes }: Check): string[] => [
  fault ? `${name}: failed. ${fault.detail}` : `${name}: works.`,
  ...(fault?.said ? [`${name}: it said: ${fault.said}`] : []),
  ...notes.map((note) => `${name}: ${note}`),
];

function printTable(context: Context, head: string[], rows: string[][]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [head, ...rows]) {
    context.print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}
