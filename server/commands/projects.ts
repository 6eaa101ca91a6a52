import * as z from 'zod';
import { type ApiClient, ApiError } from '../api/api-client.ts';
import { projectKeysSchema, projectSchema, projectsSchema } from '../protocol/contract.ts';
import { formatDsn } from '../protocol/dsn.ts';
import { CommandError, ORGANIZATION, parseAnswer, type Register } from './context.ts';

export type ProjectsCommandServices = {
  projects: {
    list: () => Promise<{ id: number; slug: string; name: string; platform: string | null }[]>;
    keys: (projectId: number) => Promise<{ publicKey: string; isActive: boolean }[]>;
  };
  /** Address of the server, as DSNs and links have it. */
  url: string;
};

const createdSchema = z.object({ ...projectSchema.shape, keys: projectKeysSchema });

export const register: Register<ProjectsCommandServices> = (program, context) => {
  const projects = program.command('projects').description('projects and their DSNs');
  projects
    .command('create')
    .description('create a project; prints its id, slug and DSN')
    .requiredOption('--slug <slug>', 'short name in addresses: lower-case letters, digits, - and _')
    .option('--name <name>', 'name on the page; the slug when left out')
    .option('--platform <platform>', 'platform such as python or javascript')
    .option('--json', 'print it as JSON')
    .action(async ({ slug, name, platform, json }: CreateOptions) => {
      const api = await context.api();
      const data = { slug, name: name?.trim() || undefined, platform };
      const created = parseAnswer(createdSchema, await api.post(`/organizations/${ORGANIZATION}/projects/`, { data }));
      const dsn = created.keys[0]?.dsn.public;
      if (json) return context.printJson({ id: created.id, slug: created.slug, name: created.name, dsn });
      const lines = { id: created.id, slug: created.slug, dsn };
      for (const [label, value] of Object.entries(lines)) context.print(`${label}: ${value}`);
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

/** Where the API has what belongs to a project. */
export const projectPath = (slug: string, rest: string): string =>
  `/projects/${ORGANIZATION}/${encodeURIComponent(slug)}/${rest}`;

/**
 * Waits for work on one project; one that is not there is answered with those that are.
 *
 * @throws {CommandError} no project has that slug
 */
export async function onProject<T>(api: ApiClient, slug: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    // A token that may upload need not be allowed to list them: then what was answered has to do.
    const known = projectsSchema.safeParse((await api.get('/projects/').catch(() => null))?.data);
    if (!known.success || known.data.some((project) => project.slug === slug)) throw error;
    const slugs = known.data.slice(0, 20).map((project) => project.slug);
    throw new CommandError(`No project has the slug ${JSON.stringify(slug)}. There are: ${slugs.join(', ')}.`);
  }
}
