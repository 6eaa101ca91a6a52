import { importedSchema } from '../protocol/contract.ts';
import { parseAnswer, type Register } from './context.ts';
import { onProject, projectPath } from './projects.ts';

export type DemoCommandServices = {
  /** Address of the server, as DSNs and links have it. */
  url: string;
};

export const register: Register<DemoCommandServices> = (program, context) => {
  program
    .command('demo')
    .description('load sample events, to look around with')
    .option('--project <slug>', 'project that gets them', 'default')
    .option('--json', 'print their event ids as JSON')
    .action(async ({ project, json }: { project: string; json?: boolean }) => {
      const { url } = await context.configure();
      const api = await context.api();
      const loaded = await onProject(api, project, api.post(projectPath(project, 'create-sample/')));
      const { eventIDs } = parseAnswer(importedSchema, loaded);
      const page = `${url}/issues/`;
      if (json) return context.printJson({ eventIDs, url: page });
      context.print(
        `Loaded ${eventIDs.length} sample events into ${project}. See them at ${page} (npm start serves it).`,
      );
    });
};
