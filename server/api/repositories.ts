import { Router } from 'express';
import { providerName } from '../source/links.ts';
import type { Source } from '../source/source.ts';
import type { CodeMappingStore } from '../storage/code-mappings.ts';
import { offsetOf, offsetPage } from './offset-page.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';

export type RepositoryRoutesServices = {
  scope: Pick<Scope, 'organization'>;
  mappings: Pick<CodeMappingStore, 'list'>;
  source: Pick<Source, 'pageOf'>;
};

/**
 * Repositories of the code mappings, by the names of their pages (`acme/shop`). Sentry's tools look here for the one that
 * they run in: `set-commits --auto` and `--commit` say commits of those alone.
 */
export function repositoryRoutes({ scope, mappings, source }: RepositoryRoutesServices): Router {
  const router = Router();
  router.get('/organizations/:organization/repos/', permit('project:read'), async (req, res) => {
    const projects = await scope.organization(req);
    const rows = await mappings.list(projects.map(({ id }) => id));
    // A checkout that cannot be read now has no page; the code mappings say why.
    const pages = await Promise.all(rows.map((row) => source.pageOf(row).catch(() => null)));
    const byName = new Map(pages.flatMap((page, index) => (page ? [[page.name, { page, row: rows[index] }]] : [])));
    const { offset } = offsetOf(req);
    const found = offsetPage(req, res, [...byName.values()].slice(offset));
    res.json(
      found.map(({ page: { name, url, provider }, row }) => ({
        id: name,
        name,
        url,
        provider: provider ? { id: provider, name: providerName(provider) } : { id: 'git', name: 'Git' },
        status: 'active',
        integrationId: null,
        externalSlug: name,
        dateCreated: new Date(row?.dateCreated ?? 0).toISOString(),
      })),
    );
  });
  return router;
}
