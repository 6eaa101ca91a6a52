import { once } from 'node:events';
import { Option } from 'commander';
import * as z from 'zod';
import type { ApiClient } from '../api/api-client.ts';
import { type AiCall, aiCallSchema, aiCallsSchema } from '../protocol/contract.ts';
import { CommandError, ORGANIZATION, parseAnswer, type Register } from './context.ts';
import { addRemoteOptions, type RemoteOptions } from './remote.ts';

const PATH = `/organizations/${ORGANIZATION}/ai-calls/`;
/** Calls of one request: each may have 100 KB and more. */
const PART = 100;

type Filter = { project?: string; issue?: string; user?: string; status?: string };
type ListOptions = RemoteOptions & Filter & { limit: string; json?: boolean };
type ShowOptions = RemoteOptions & { answer?: boolean; json?: boolean };

export const register: Register = (program, context) => {
  const fixes = program.command('fixes').description('calls to models for a fix: what was sent, and what came');

  const list = withFilter(fixes.command('list').description('list the calls, newest first'))
    .option('--limit <count>', 'so many at most, up to 100', '25')
    .option('--json', 'print them as JSON');
  addRemoteOptions(list).action(async ({ limit, json, url, token, ...filter }: ListOptions) => {
    const api = await context.api(remote(url, token));
    const calls = parseAnswer(aiCallsSchema, await api.get(PATH, { params: { ...filter, limit } }));
    if (json) return context.printJson(calls);
    if (calls.length === 0) return context.print('There are none.');
    for (const call of calls) context.print(describe(call));
  });

  const show = fixes
    .command('show')
    .description('print the patch of an answer, as `git apply` takes it; nothing is applied by itself')
    .argument('<id>', 'number of the call, as list prints it')
    .option('--answer', 'print the whole answer instead')
    .option('--json', 'print the call with its request as JSON');
  addRemoteOptions(show).action(async (id: string, { answer, json, url, token }: ShowOptions) => {
    if (!/^\d{1,15}$/.test(id)) throw new CommandError(`"${id}" is no number of a call.`);
    const api = await context.api(remote(url, token));
    const call = parseAnswer(aiCallSchema, await api.get(`${PATH}${id}/`));
    if (json) return context.printJson(call);
    const text = answer ? call.answer : call.patch;
    if (!text) throw new CommandError(`Call ${id} has no ${answer ? 'answer' : 'patch'}: ${whyNot(call)}`);
    if (!answer) for (const words of doubtsOf(call, text)) console.error(`stackmend: ${words}`);
    context.print(forTerminal(text).replace(/\n$/, ''));
  });

  const exporting = withFilter(
    fixes.command('export').description('print all calls with requests, answers and feedback, a JSON object a line'),
  );
  addRemoteOptions(exporting).action(async ({ url, token, ...filter }: RemoteOptions & Filter) => {
    const api = await context.api(remote(url, token));
    for await (const lines of parts(api, filter)) {
      if (!process.stdout.write(lines)) await once(process.stdout, 'drain');
    }
  });
};

const remote = (url: string | undefined, token: string | undefined): RemoteOptions => ({
  ...(url !== undefined && { url }),
  ...(token !== undefined && { token }),
});

type Command = ReturnType<Parameters<Register>[0]['command']>;
const withFilter = (command: Command) =>
  command
    .option('--project <slug>', 'those of this project alone')
    .option('--issue <issue>', 'those about this issue: its number or short id')
    .option('--user <user>', 'those of this user: an id, local or operator')
    .addOption(new Option('--status <status>', 'those that ended so').choices(['success', 'failure', 'aborted']));

const lineSchema = z.looseObject({ id: z.string() });

/** So many calls at a time, so that neither side has all of the ledger in memory. */
async function* parts(api: ApiClient, filter: Filter): AsyncGenerator<string, void> {
  for (let before: string | undefined; ; ) {
    const { data } = await api.get(`${PATH}export/`, { params: { ...filter, limit: String(PART), before } });
    const text = data === null ? '' : Buffer.isBuffer(data) ? data.toString() : null;
    if (text === null) throw new CommandError('The server does not answer as a Stackmend server does.');
    const lines = text.split('\n').filter(Boolean);
    if (lines.length > 0) yield text;
    if (lines.length < PART) return;
    before = lineSchema.parse(JSON.parse(lines.at(-1) ?? '')).id;
  }
}

function describe({ id, dateCreated, project, issue, status, errorKind, model, endpointName, cost }: AiCall): string {
  const about = issue?.shortId ?? project?.slug ?? 'a file';
  const outcome = errorKind ? `${status} (${errorKind})` : status;
  const paid = cost == null ? '' : `  $${cost.toFixed(4)}`;
  return forTerminal(
    `${id.padStart(5)}  ${dateCreated.slice(0, 16).replace('T', ' ')}  ${about}  ${outcome}  ${endpointName}  ${model}${paid}`,
  );
}

function whyNot({ status, errorKind, answer }: AiCall): string {
  if (status === 'success') return answer ? 'the model gave none. --answer prints what it says.' : 'it is empty.';
  return status === 'aborted' ? 'it was ended before.' : `it failed (${errorKind ?? 'other'}).`;
}

/** What whoever is about to apply a patch should know; standard output has the patch alone. */
function doubtsOf({ patchCheck }: AiCall, patch: string): string[] {
  const doubts = PLACEHOLDER.test(patch) ? [HAS_PLACEHOLDERS] : [];
  if (patchCheck?.status === 'applies') return doubts;
  const found = patchCheck?.detail ?? 'whether the patch applies was not checked.';
  const isUnknown = !patchCheck || patchCheck.status === 'not_checked';
  return [found, ...(isUnknown ? [AS_WRITTEN] : []), ...doubts];
}
const AS_WRITTEN =
  'the patch is as the model wrote it: where its lines are counted wrongly, use `git apply --recount`.';

const PLACEHOLDER = /\[[a-z]{2,12} \d{1,7}\]/;
const HAS_PLACEHOLDERS =
  'the patch has placeholders such as [email 1], where something was redacted: put in what belongs there.';

/** A model that repeats an event must not steer a terminal; a file or `git apply` gets every character. */
const forTerminal = (text: string): string => (process.stdout.isTTY ? text.replace(/(?![\t\n])\p{Cc}/gu, '') : text);
