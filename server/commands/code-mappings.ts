import { resolve } from 'node:path';
import { Option } from 'commander';
import type { ApiClient } from '../api/api-client.ts';
import type { CodeMapping } from '../protocol/contract.ts';
import {
  codeMappingSchema,
  codeMappingsSchema,
  repoPathParsingSchema,
  sourceRootsSchema,
} from '../protocol/contract-source.ts';
import { CommandError, ORGANIZATION, parseAnswer, type Register } from './context.ts';
import { onProject, projectPath } from './projects.ts';

const PATH = `/organizations/${ORGANIZATION}/code-mappings/`;

type AddOptions = {
  project: string;
  repository: string;
  stackRoot?: string;
  sourceRoot?: string;
  stackPath?: string;
  url?: string;
  provider?: string;
  branch?: string;
  json?: boolean;
};

export const register: Register = (program, context) => {
  const mappings = program
    .command('code-mappings')
    .description('where the source of frames is: checkouts on this machine, below the folders in source.roots');

  mappings
    .command('list')
    .description('list the code mappings, and what is wrong with them')
    .option('--project <slug>', 'those of this project alone')
    .option('--json', 'print them as JSON')
    .action(async ({ project, json }: { project?: string; json?: boolean }) => {
      const api = await context.api();
      // An unknown project is a fault, not an empty list.
      if (project) await onProject(api, project, api.get(projectPath(project, '')));
      const rows = parseAnswer(codeMappingsSchema, await api.get(PATH, { params: { project } }));
      if (json) return context.printJson(rows);
      if (rows.length === 0) return context.print(`There are none. ${nextStep(await rootsOfServer(api))}`);
      for (const row of rows) for (const line of describe(row)) context.print(line);
    });

  mappings
    .command('add')
    .description('add a code mapping: what frames begin with, and where that is in a repository')
    .requiredOption('--project <slug>', 'project that the frames are of')
    .requiredOption('--repository <folder>', 'folder of the checkout, or of a bare repository')
    .option('--stack-root <path>', 'what the paths of frames begin with, such as /srv/app or webpack://shop/./')
    .option(
      '--source-root <folder>',
      'folder of the repository that is the same as the stack root; its top when left out',
    )
    .option('--stack-path <path>', 'path of one frame: both roots are found by it')
    .option('--url <url>', 'page of the repository; its remote origin when left out')
    .addOption(
      new Option('--provider <name>', 'whose page that is, when the name of the host does not tell').choices([
        'github',
        'gitlab',
      ]),
    )
    .option('--branch <name>', 'branch that links lead to when the commit of an event is not known')
    .option('--json', 'print it as JSON')
    .action(async ({ project, json, ...options }: AddOptions) => {
      const api = await context.api();
      const repositoryPath = resolve(options.repository);
      const roots = await rootsOf(api, project, repositoryPath, options);
      const { url: repositoryUrl, provider, branch: defaultBranch } = options;
      const data = { ...roots, projectId: project, repositoryPath, repositoryUrl, provider, defaultBranch };
      const added = parseAnswer(codeMappingSchema, await api.post(PATH, { data }));
      if (json) return context.printJson(added);
      for (const line of describe(added)) context.print(line);
    });

  mappings
    .command('remove')
    .description('remove a code mapping; nothing in the repository changes')
    .argument('<id>', 'its number, as list prints it')
    .action(async (id: string) => {
      const api = await context.api();
      if (!/^\d{1,15}$/.test(id)) throw new CommandError(`"${id}" is no number of a code mapping.`);
      await api.delete(`${PATH}${id}/`);
      context.print(`Removed code mapping ${id}.`);
    });
};

const rootsOfServer = async (api: ApiClient) =>
  parseAnswer(sourceRootsSchema, await api.get(`/organizations/${ORGANIZATION}/source-roots/`)).roots;

const nextStep = (roots: readonly string[]) =>
  roots.length > 0
    ? `\`stackmend code-mappings add\` makes one, of a checkout below ${roots.join(' or ')}.`
    : 'First name the folders that hold checkouts: `source.roots` in config.yml, or STACKMEND_SOURCE_ROOTS. Then `stackmend code-mappings add` makes one.';

/** The two roots as they are given, or by a frame. */
async function rootsOf(api: ApiClient, project: string, repositoryPath: string, options: Omit<AddOptions, 'project'>) {
  const { stackPath, stackRoot, sourceRoot = '' } = options;
  if (stackPath === undefined) {
    if (stackRoot === undefined) throw new CommandError('Say --stack-root <path>, or --stack-path <path> to find it.');
    // Of a project that is not there, the answer lists those that are.
    await onProject(api, project, api.get(projectPath(project, '')));
    return { stackRoot, sourceRoot };
  }
  const data = { stackPath, repositoryPath };
  const parsing = api.post(projectPath(project, 'repo-path-parsing/'), { data });
  const proposed = parseAnswer(repoPathParsingSchema, await onProject(api, project, parsing));
  return { stackRoot: stackRoot ?? proposed.stackRoot, sourceRoot: options.sourceRoot ?? proposed.sourceRoot };
}

function describe({
  id,
  projectSlug,
  stackRoot,
  sourceRoot,
  repositoryPath,
  repositoryUrl,
  problem,
}: CodeMapping): string[] {
  const source = [repositoryPath, sourceRoot].filter(Boolean).join(' : ');
  return [
    `${id.padStart(4)}  ${projectSlug}  ${stackRoot || '(any path)'} -> ${source}`,
    ...(repositoryUrl ? [`      ${repositoryUrl}`] : []),
    ...(problem ? [`      ${problem}`] : []),
  ];
}
