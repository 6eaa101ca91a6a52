import { importedSchema } from '../protocol/contract.ts';
import { CommandError, type Register } from './context.ts';
import { forEachFile, readInput } from './files.ts';
import { findProject, type ProjectFinder } from './projects.ts';
import { addRemoteOptions, postToRemote, type RemoteOptions } from './remote.ts';

type ImportEvents = (projectSlug: string, bytes: Uint8Array) => Promise<{ eventIDs: string[] }>;
export type EventsCommandServices = {
  projects: ProjectFinder;
  importEvents: ImportEvents;
  /** Tries what could not be digested again; `failed` of them stay. */
  retryDeadLetters: () => Promise<{ digested: number; failed: number }>;
};
type Options = RemoteOptions & { project: string; json?: boolean };

export const register: Register<EventsCommandServices> = (program, context) => {
  const events = program.command('events').description('events');
  const command = events
    .command('import')
    .description("import events: an SDK's payload, an envelope, or the JSON of Sentry's API")
    .argument('<file...>', 'files, - for standard input')
    .option('--project <slug>', 'project that gets them', 'default')
    .option('--json', 'print the event ids as JSON');
  addRemoteOptions(command).action(async (files: string[], options: Options) => {
    const send = options.url ? toRemote(options) : await toServices(await context.configure(), options);
    const done: { file: string; eventIDs: string[] }[] = [];
    const importAll = forEachFile(files, async (file) => {
      const { eventIDs } = await send(await readInput(context.readFile, file));
      done.push({ file, eventIDs });
      if (!options.json) for (const id of eventIDs) context.print(id);
    });
    await importAll.finally(() => options.json && context.printJson(done));
  });

  events
    .command('retry')
    .description('digest again what was accepted and could not be digested (dead letters)')
    .option('--json', 'print the counts as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const services = await context.configure();
      const counts = await services.retryDeadLetters();
      if (json) return context.printJson(counts);
      context.print(`Digested ${counts.digested}; ${counts.failed} failed again and are kept.`);
    });
};

type Send = (bytes: Buffer) => Promise<{ eventIDs: string[] }>;

async function toServices({ projects, importEvents }: EventsCommandServices, { project }: Options): Promise<Send> {
  const { slug } = await findProject(projects, project);
  return (bytes) => importEvents(slug, bytes);
}

function toRemote(options: Options): Send {
  const path = `/projects/stackmend/${encodeURIComponent(options.project)}/events/`;
  return async (bytes) => {
    const parsed = importedSchema.safeParse(await postToRemote(options, path, bytes));
    if (!parsed.success) throw new CommandError(`${options.url} does not answer as a Stackmend server does.`);
    return parsed.data;
  };
}
