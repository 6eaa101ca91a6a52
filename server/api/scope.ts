import type { Request } from 'express';
import * as z from 'zod';
import { NotFoundError } from '../protocol/errors.ts';
import { createIssueStore, type Issue } from '../storage/issues.ts';
import { createProjectStore, type Project } from '../storage/projects.ts';
import type { Database } from '../storage/tables.ts';
import { parseRequest } from './parse-request.ts';

export const ORGANIZATION = 'stackmend';

const params = z.object({
  organization: z.string().optional(),
  project: z.string().optional(),
  issueId: z.string().optional(),
});

/** Finds what a path names, always within the organization and project that it names too; what is outside is not there. */
export function createScope(db: Database, options: { now?: () => number } = {}) {
  const projects = createProjectStore(db);
  const issues = createIssueStore(db, options);

  /** Projects of the organization in the path; Sentry's short paths (`/issues/1/`) name none, and there is but one. */
  async function organization(req: Request): Promise<Project[]> {
    const { organization: slug = ORGANIZATION } = parseRequest(params, req.params);
    if (slug !== ORGANIZATION)
      throw new NotFoundError(`There is no organization "${slug}"; this server's is "${ORGANIZATION}".`);
    return projects.list();
  }

  /** By slug or, as in Sentry, by id. */
  async function project(req: Request): Promise<Project> {
    const { project: name = '' } = parseRequest(params, req.params);
    const found = (await organization(req)).find(({ slug, id }) => slug === name || String(id) === name);
    if (!found) throw new NotFoundError(`There is no project "${name}".`);
    return found;
  }

  /** By number or short id (CHECKOUT-12). */
  async function issue(req: Request): Promise<Issue> {
    const { issueId: name = '' } = parseRequest(params, req.params);
    const projectIds = (await organization(req)).map(({ id }) => id);
    const found = /^\d{1,15}$/.test(name)
      ? await issues.byId(projectIds, Number(name))
      : await issues.byShortId(projectIds, name);
    if (!found) throw new NotFoundError(`There is no issue ${name}. It may have been deleted.`);
    return found;
  }

  return { organization, project, issue };
}
export type Scope = ReturnType<typeof createScope>;
