import { createHash, randomUUID } from 'node:crypto';
import { type Request, Router } from 'express';
import * as z from 'zod';
import { describeBytes } from '../artifacts/limits.ts';
import { describeReleaseFile } from '../artifacts/release-file.ts';
import { BadRequestError, ConflictError, NotFoundError, TooLargeError } from '../protocol/errors.ts';
import type { ListedFile } from '../storage/artifact-list.ts';
import type { ReleaseStore } from '../storage/releases.ts';
import type { ArtifactRoutesServices } from './artifacts.ts';
import { formOf, readMultipart, takeTurns } from './multipart.ts';
import { offsetOf, offsetPage } from './offset-page.ts';
import { parseRequest } from './parse-request.ts';
import { permit } from './permit.ts';

export type ReleaseFileRoutesServices = Pick<ArtifactRoutesServices, 'scope' | 'artifacts'> & {
  releases: Pick<ReleaseStore, 'projectsOf'>;
};

const UPLOADS_AT_ONCE = 2;
const params = z.object({ version: z.string(), fileId: z.string().optional() });
const fieldsSchema = z.object({
  name: z.string().min(1).max(4_000),
  dist: z
    .string()
    .max(250)
    .optional()
    .transform((text) => text || null),
  headers: z.array(z.string().max(4_000)).max(100),
});

/** Files of a release one by one, as tools of before artifact bundles upload them; the list has those of bundles too. */
export function releaseFileRoutes({ scope, artifacts, releases }: ReleaseFileRoutesServices): Router {
  const { store, limits } = artifacts;
  const router = Router();
  const paths = ['/projects/:organization/:project', '/organizations/:organization'].map(
    (start) => `${start}/releases/:version/files/`,
  );
  const tooLarge = `A file has ${describeBytes(limits.maxFileBytes)} at most, unless artifacts.max-file-bytes is raised.`;
  const read = [takeTurns(UPLOADS_AT_ONCE), readMultipart(limits.maxFileBytes, tooLarge)];

  /** The path names one project, or means all that have the release. */
  async function projectsOf(req: Request, version: string): Promise<number[]> {
    if (req.params['project'] !== undefined) return [(await scope.project(req)).id];
    const ids = (await scope.organization(req)).map(({ id }) => id);
    const found = await releases.projectsOf(ids, version);
    if (found.length === 0) throw new NotFoundError(`There is no release ${version}. Make it with releases new.`);
    return found;
  }

  async function fileOf(req: Request): Promise<{ projectId: number; file: ListedFile }> {
    const { version, fileId = '' } = parseRequest(params, req.params);
    const [, bundle = '', url = ''] = /^(\d{1,15})\.([A-Za-z0-9_-]+)$/.exec(fileId) ?? [];
    for (const projectId of await projectsOf(req, version)) {
      const file = await store.file(projectId, Number(bundle), Buffer.from(url, 'base64url').toString());
      if (file && file.release === version) return { projectId, file };
    }
    throw new NotFoundError(`The release has no file ${fileId}.`);
  }

  router.get(paths, permit('project:read'), async (req, res) => {
    const { version } = parseRequest(params, req.params);
    const projectIds = await projectsOf(req, version);
    const { limit, offset } = offsetOf(req);
    const rows = await store.releaseFiles(projectIds, version, { limit: limit + 1, offset });
    res.json(offsetPage(req, res, rows).map(toReleaseFile));
  });

  router.post(paths, permit('project:releases'), ...read, async (req, res) => {
    const { version } = parseRequest(params, req.params);
    const projectIds = await projectsOf(req, version);
    const { name, dist, bytes, headers } = await fieldsOf(req);
    if (bytes.byteLength > limits.maxFileBytes) throw new TooLargeError(tooLarge);
    const checksum = createHash('sha1').update(bytes).digest('hex');
    let added: ListedFile | undefined;
    for (const projectId of projectIds) {
      const [known] = await store.releaseFiles([projectId], version, { limit: 1, dist, url: name });
      if (known && known.checksum !== checksum) {
        throw new ConflictError(`The release has another file "${name}" already. Delete that one first.`);
      }
      if (!known) {
        const files = [describeReleaseFile(name, bytes, headers)];
        await store.addBundle({ projectId, bundleId: randomUUID(), checksum, release: version, dist, files });
      }
      added = known ?? (await store.releaseFiles([projectId], version, { limit: 1, dist, url: name }))[0];
    }
    if (!added) throw new NotFoundError(`The file "${name}" was deleted while it was stored.`);
    res.status(201).json(toReleaseFile(added));
  });

  const one = paths.map((path) => `${path}:fileId/`);
  router.get(one, permit('project:read'), async (req, res) => {
    res.json(toReleaseFile((await fileOf(req)).file));
  });

  router.delete(one, permit('project:releases'), async (req, res) => {
    const { projectId, file } = await fileOf(req);
    const bundle = await store.bundle(projectId, file.bundleId);
    if (bundle && bundle.fileCount > 1) {
      throw new ConflictError(
        `The file is one of ${bundle.fileCount} that were uploaded together. Delete the upload ${file.bundleId}.`,
      );
    }
    await store.removeBundle(projectId, file.bundleId);
    res.status(204).end();
  });
  return router;
}

async function fieldsOf(req: Request) {
  const form = await formOf(req);
  const text = (field: string) =>
    form.flatMap(([key, value]) => (key === field && typeof value === 'string' ? [value] : []));
  const file = form.find(([key]) => key === 'file')?.[1];
  if (!(file instanceof File)) throw new BadRequestError('The form has no file in a field "file".');
  const { headers, ...fields } = parseRequest(fieldsSchema, {
    name: text('name')[0] || file.name,
    dist: text('dist')[0],
    headers: text('header'),
  });
  return { ...fields, bytes: new Uint8Array(await file.arrayBuffer()), headers: toHeaders(headers) };
}

/** `SourceMap: app.js.map`, by lower-case name. */
function toHeaders(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const at = line.indexOf(':');
      return at < 1 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const];
    }),
  );
}

function toReleaseFile(file: ListedFile) {
  return {
    id: `${file.bundle}.${Buffer.from(file.url).toString('base64url')}`,
    name: file.url,
    dist: file.dist,
    sha1: file.checksum,
    size: file.size,
    dateCreated: iso(file.dateCreated),
    headers: file.sourceMapUrl === null ? {} : { Sourcemap: file.sourceMapUrl },
  };
}

const iso = (time: number) => new Date(time).toISOString();
