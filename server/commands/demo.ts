import type { Register } from './context.ts';
import { findProject, type ProjectFinder } from './projects.ts';

export type DemoCommandServices = {
  projects: ProjectFinder;
  /** Loads every sample event, with its coverage. */
  loadSamples: (project: { id: number; slug: string }) => Promise<{ eventIDs: string[] }>;
  /** Address of the server, as DSNs and links have it. */
  url: string;
};

export const register: Register<DemoCommandServices> = (program, context) => {
  program
    .command('demo')
    .description('load sample events, to look around with')
    .option('--project <slug>', 'project that gets them', 'default')
    .option('--json', 'print their event ids as JSON')
    .action(async ({ project: slug, json }: { project: string; json?: boolean }) => {
      const { projects, loadSamples, url } = await context.configure();
      const { eventIDs } = await loadSamples(await findProject(projects, slug));
      const page = `${url.replace(/\/$/, '')}/issues/`;
      if (json) return context.printJson({ eventIDs, url: page });
      context.print(`Loaded ${eventIDs.length} sample events into ${slug}. See them at ${page} (npm start serves it).`);
    });
};
