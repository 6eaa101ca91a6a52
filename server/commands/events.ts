import { importedSchema } from '../protocol/contract.ts';
import { parseAnswer, type Register } from './context.ts';
import { forEachFile, readInput } from './files.ts';
import { onProject, projectPath } from './projects.ts';
import { addRemoteOptions, type RemoteOptions } from './remote.ts';

export type EventsCommandServices = {
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
    const { project, json } = options;
    const api = await context.api(options);
    const done: { file: string; eventIDs: string[] }[] = [];
    const importAll = forEachFile(files, async (file) => {
      const data = await readInput(context.readFile, file);
      const { eventIDs } = parseAnswer(importedSchema, await api.post(projectPath(project, 'events/'), { data }));
      done.push({ file, eventIDs });
      if (!json) for (const id of eventIDs) context.print(id);
    });
    await onProject(api, project, importAll).finally(() => json && context.printJson(done));
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
