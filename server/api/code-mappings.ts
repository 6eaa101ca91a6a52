import { basename, isAbsolute, normalize } from 'node:path';
import { Router } from 'express';
import * as z from 'zod';
import type { CodeMapping } from '../protocol/contract.ts';
import { codeMappingUpdateSchema, type SourceRoots } from '../protocol/contract-source.ts';
import { BadRequestError, ConflictError, NotFoundError } from '../protocol/errors.ts';
import { GitError } from '../source/git.ts';
import { providerName, repositoryPage } from '../source/links.ts';
import { RepositoryError } from '../source/repository.ts';
import type { Source } from '../source/source.ts';
import type { CodeMappingRow, CodeMappingStore, NewCodeMapping } from '../storage/code-mappings.ts';
import type { Project } from '../storage/projects.ts';
import { jsonBody, optionalText, parseBody, parseRequest, repeated } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';

export type CodeMappingServices = {
  scope: Pick<Scope, 'organization' | 'project'>;
  mappings: CodeMappingStore;
  source: Pick<Source, 'roots' | 'checkMapping' | 'problemOf' | 'proposeMapping' | 'pageOf'>;
};

const idParams = z.object({ mappingId: z.string().regex(/^\d{1,15}$/, 'should be the number of a code mapping') });
const parsingBody = z.object({
  stackPath: z.string().min(1).max(4_000),
  repositoryPath: z.string().min(1).max(1_000),
  module: optionalText.nullable(),
  platform: optionalText.nullable(),
});

/**
 * Code mappings, at Sentry's paths. A repository is a checkout on this server's disk, where Sentry asks GitHub: its folder
 * is in `repositoryPath`, and has to be below one of `source.roots`.
 */
export function codeMappingRoutes({ scope, mappings, source }: CodeMappingServices): Router {
  const router = Router();
  const path = '/organizations/:organization/code-mappings/';

  const answer = (row: CodeMappingRow, projects: readonly Project[]) => toCodeMapping(row, projects, source);

  async function checked(mapping: NewCodeMapping): Promise<NewCodeMapping> {
    await source.checkMapping(mapping).catch(toBadRequest);
    return mapping;
  }

  router.get(path, permit('project:read'), async (req, res) => {
    const { project } = parseRequest(z.object({ project: repeated }), req.query);
    const projects = (await scope.organization(req)).filter(
      ({ id, slug }) =>
        project.length === 0 || project.includes('-1') || project.includes(String(id)) || project.includes(slug),
    );
    const rows = await mappings.list(projects.map(({ id }) => id));
    res.json(await Promise.all(rows.map((row) => answer(row, projects))));
  });

  // Not asked for by Sentry. Said up front, or an empty setting is known from the first refusal alone.
  router.get('/organizations/:organization/source-roots/', permit('project:read'), async (req, res) => {
    await scope.organization(req);
    res.json({ roots: [...source.roots] } satisfies SourceRoots);
  });

  router.post(path, permit('project:write'), jsonBody, async (req, res) => {
    const projects = await scope.organization(req);
    const body = parseBody(codeMappingUpdateSchema, req);
    const row = await mappings.add(await checked(toRow(body, projectOf(body.projectId, projects))));
    if (!row) throw taken(body);
    res.status(201).json(await answer(row, projects));
  });

  router.put(`${path}:mappingId/`, permit('project:write'), jsonBody, async (req, res) => {
    const projects = await scope.organization(req);
    const known = await find(mappings, parseRequest(idParams, req.params).mappingId, projects);
    const body = parseBody(codeMappingUpdateSchema, req);
    const projectId = projectOf(body.projectId ?? String(known.projectId), projects);
    const row = await mappings.update(known.id, await checked(toRow(body, projectId)));
    if (!row) throw taken(body);
    res.json(await answer(row, projects));
  });

  router.delete(`${path}:mappingId/`, permit('project:write'), async (req, res) => {
    const projects = await scope.organization(req);
    const { id } = await find(mappings, parseRequest(idParams, req.params).mappingId, projects);
    await mappings.remove([...projects.map((project) => project.id)], id);
    res.status(204).end();
  });

  // Sentry's name; there it takes the file's page on GitHub, and here the folder to look in.
  router.post(
    '/projects/:organization/:project/repo-path-parsing/',
    permit('project:write'),
    jsonBody,
    async (req, res) => {
      await scope.project(req);
      const { stackPath, repositoryPath, module, platform } = parseBody(parsingBody, req);
      const frame = { absPath: stackPath, module, platform };
      const proposed = await source.proposeMapping(repositoryPath, frame).catch(toBadRequest);
      if (proposed) return void res.json(proposed);
      const name = stackPath.slice(-200);
      throw new BadRequestError(`Git tracks no file at HEAD of ${repositoryPath} whose path ends like ${name}.`);
    },
  );

  return router;
}

async function find(mappings: CodeMappingStore, id: string, projects: readonly Project[]): Promise<CodeMappingRow> {
  const ids = projects.map((project) => project.id);
  const row = await mappings.byId(ids, Number(id));
  if (!row) throw new NotFoundError(`There is no code mapping ${id}.`);
  return row;
}

/** @throws {BadRequestError} none is named, or it is not of the organization */
function projectOf(name: string | undefined, projects: readonly Project[]): number {
  const found = projects.find(({ id, slug }) => String(id) === name || slug === name);
  if (found) return found.id;
  throw new BadRequestError(name ? `There is no project "${name}".` : 'projectId: say which project it is for.');
}

const taken = ({ stackRoot, sourceRoot }: { stackRoot: string; sourceRoot: string }) =>
  new ConflictError(`The project maps "${stackRoot}" to "${sourceRoot}" already. Change that mapping instead.`);

const PLAIN = /^[^\p{Cc}]*$/u;

/**
 * A mapping as it is stored.
 *
 * @throws {BadRequestError} a root or a path that is none, an address that leads to no page
 */
function toRow(body: z.infer<typeof codeMappingUpdateSchema>, projectId: number): NewCodeMapping {
  const stackRoot = body.stackRoot.trim();
  const sourceRoot = body.sourceRoot.trim().replaceAll('\\', '/');
  const repositoryPath = normalize(body.repositoryPath.trim()).replace(/(?<=.)[\\/]$/, '');
  const defaultBranch = body.defaultBranch?.trim() || null;
  for (const [name, text] of Object.entries({ stackRoot, sourceRoot, repositoryPath })) {
    if (text.length > 1_000 || !PLAIN.test(text))
      throw new BadRequestError(`${name}: should be one line, 1000 characters at most.`);
  }
  if (/^\/.|^[A-Za-z]:/.test(sourceRoot) || sourceRoot.split('/').includes('..')) {
    throw new BadRequestError(
      'sourceRoot: should be a folder within the repository, such as src, or empty for its top.',
    );
  }
  if (!isAbsolute(repositoryPath)) {
    throw new BadRequestError('repositoryPath: should be the absolute path of a folder on the disk of this server.');
  }
  if (defaultBranch && !/^(?![-/])[^\s~^:?*[\\]{1,200}$/.test(defaultBranch)) {
    throw new BadRequestError('defaultBranch: should be the name of a branch, such as main.');
  }
  const source = sourceRoot.split('/').filter((name) => name !== '' && name !== '.');
  return { projectId, stackRoot, sourceRoot: source.join('/'), repositoryPath, defaultBranch, ...toPage(body) };
}

function toPage({ repositoryUrl, provider = null }: z.infer<typeof codeMappingUpdateSchema>) {
  const address = repositoryUrl?.trim();
  if (!address) return { repositoryUrl: null, provider };
  const page = repositoryPage(address, provider);
  if (!page) throw new BadRequestError('repositoryUrl: should be an address such as https://github.com/acme/shop.');
  if (!page.provider) throw new BadRequestError('provider: say whether that address is a "github" or a "gitlab".');
  return { repositoryUrl: page.url, provider };
}

async function toCodeMapping(
  row: CodeMappingRow,
  projects: readonly Project[],
  source: Pick<Source, 'pageOf' | 'problemOf'>,
): Promise<CodeMapping> {
  const problem = await source.problemOf(row);
  const page = await source.pageOf(row).catch(() => null);
  return {
    ...toMappingConfig(row),
    projectSlug: projects.find(({ id }) => id === row.projectId)?.slug ?? '',
    repoName: page?.name ?? basename(row.repositoryPath),
    provider: page?.provider ? { key: page.provider, name: providerName(page.provider) } : null,
    repositoryUrl: page?.url ?? null,
    problem,
  };
}

/** What a mapping says by itself, as `stacktrace-link` has it in `config` too. */
export const toMappingConfig = ({
  id,
  projectId,
  stackRoot,
  sourceRoot,
  repositoryPath,
  defaultBranch,
}: CodeMappingRow) => ({
  id: String(id),
  projectId: String(projectId),
  stackRoot,
  sourceRoot,
  repositoryPath,
  defaultBranch,
});

/** @throws {BadRequestError} the repository cannot be read, in its own words */
function toBadRequest(error: unknown): never {
  if (error instanceof RepositoryError || error instanceof GitError)
    throw new BadRequestError(error.message, { cause: error });
  throw error;
}
