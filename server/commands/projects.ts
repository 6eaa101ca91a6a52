import { formatDsn } from '../protocol/dsn.ts';
import { CommandError, type Register } from './context.ts';

/** The part of the project store that commands need. */
export type ProjectFinder = {
  bySlug: (slug: string) => Promise<{ id: number; slug: string } | null>;
  list: () => Promise<{ id: number; slug: string; name: string; platform: string | null }[]>;
};
export type ProjectsCommandServices = {
  projects: ProjectFinder & {
    create: (added: { slug: string; name: string; platform: string | null }) => Promise<{ id: number; name: string }>;
    keys: (projectId: number) => Promise<{ publicKey: string; isActive: boolean }[]>;
  };
  /** Address of the server, as DSNs and links have it. */
  url: string;
};

export const register: Register<ProjectsCommandServices> = (program, context) => {
  const projects = program.command('projects').description('projects and their DSNs');
  projects
    .command('create')
    .description('create a project; prints its id, slug and DSN')
    .requiredOption('--slug <slug>', 'short name in addresses: lower-case letters, digits and -')
    .option('--name <name>', 'name on the page; the slug when left out')
    .option('--platform <platform>', 'platform such as python or javascript')
    .option('--json', 'print it as JSON')
    .action(async ({ slug, name, platform, json }: CreateOptions) => {
      if (!/^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/.test(slug) || /^\d+$/.test(slug)) {
        throw new CommandError(
          `--slug ${slug} should have 1 to 50 lower-case letters, digits or -, begin and end with none of the latter, ` +
            'and not be digits alone (that would read as an id).',
        );
      }
      const services = await context.configure();
      const created = await services.projects.create({ slug, name: name?.trim() || slug, platform: platform ?? null });
      const dsn = await dsnOf(services, created.id);
      if (json) return context.printJson({ id: String(created.id), slug, name: created.name, dsn });
      for (const [label, value] of Object.entries({ id: created.id, slug, dsn })) context.print(`${label}: ${value}`);
    });
  projects
    .command('list')
    .description('list the projects with their DSNs')
    .option('--json', 'print them as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const services = await context.configure();
      const rows = await Promise.all(
        (await services.projects.list()).map(async ({ id, slug, name, platform }) => {
          return { id: String(id), slug, name, platform, dsn: await dsnOf(services, id) };
        }),
      );
      if (json) return context.printJson(rows);
      const widest = Math.max(...rows.map(({ slug }) => slug.length));
      for (const { id, slug, dsn } of rows) context.print(`${id.padStart(4)}  ${slug.padEnd(widest)}  ${dsn ?? ''}`);
    });
};
type CreateOptions = { slug: string; name?: string; platform?: string; json?: boolean };

/** DSN of a project's oldest key that may send; null when there is none. */
async function dsnOf({ projects, url }: ProjectsCommandServices, projectId: number): Promise<string | null> {
  const key = (await projects.keys(projectId)).find(({ isActive }) => isActive);
  return key ? formatDsn({ url, publicKey: key.publicKey, projectId }) : null;
}

/** @throws {CommandError} no project has that slug; names those that there are */
export async function findProject(projects: ProjectFinder, slug: string) {
  const project = await projects.bySlug(slug);
  if (project) return project;
  const slugs = (await projects.list()).map((known) => known.slug);
  throw new CommandError(
    `No project has the slug ${JSON.stringify(slug)}. There are: ${slugs.slice(0, 20).join(', ')}.`,
  );
}
