import { Router } from 'express';
import type { BrowserSdk } from '../protocol/contract.ts';
import { createProjectStore } from '../storage/projects.ts';
import { signedIn } from './permit.ts';
import type { ApiServices } from './services.ts';

/**
 * How the page reports errors of its own code. They go through our own ingest into our own project and no further: their
 * messages may quote an event, and upstream must not have any text of one. The relay's DSN makes no difference here, since
 * the Content-Security-Policy lets the page reach its own origin alone.
 */
export function browserSdkRoutes({ db, browserSdk }: Pick<ApiServices, 'db' | 'browserSdk'>): Router {
  const router = Router();
  const projects = createProjectStore(db);

  async function internalKey() {
    const internal = (await projects.list()).find(({ isInternal }) => isInternal);
    const keys = internal ? await projects.keys(internal.id) : [];
    return keys.find(({ isActive }) => isActive);
  }

  router.get('/internal/sdk/', signedIn(), async (req, res) => {
    const key = browserSdk && (await internalKey());
    res.json({
      dsn: key ? `${req.protocol}://${key.publicKey}@${req.host}/${key.projectId}` : null,
      release: browserSdk?.release,
      environment: browserSdk?.environment,
    } satisfies BrowserSdk);
  });

  return router;
}
