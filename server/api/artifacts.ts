import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Request, Router } from 'express';
import * as z from 'zod';
import type { Assembler } from '../artifacts/assembler.ts';
import { type ArtifactLimits, describeBytes } from '../artifacts/limits.ts';
import type { ArtifactBundle } from '../protocol/contract.ts';
import { BadRequestError, NotFoundError, TooLargeError } from '../protocol/errors.ts';
import type { ListedBundle } from '../storage/artifact-list.ts';
import type { ArtifactStore } from '../storage/artifacts.ts';
import type { Project } from '../storage/projects.ts';
import { formOf, readMultipart, takeTurns } from './multipart.ts';
import { offsetOf, offsetPage } from './offset-page.ts';
import { jsonBody, optionalText, parseBody, parseRequest } from './parse-request.ts';
import { permit } from './permit.ts';
import { ORGANIZATION, type Scope } from './scope.ts';

export type ArtifactRoutesServices = {
  scope: Scope;
  artifacts: {
    store: ArtifactStore;
    assembler: Pick<Assembler, 'status'>;
    limits: ArtifactLimits;
  };
  /** Where clients reach the server, without a slash at the end. */
  url: string;
};

const MEBIBYTE = 1024 * 1024;
/** Bytes; a power of two, or sentry-cli refuses it. */
const CHUNK_BYTES = 8 * MEBIBYTE;
const CHUNKS_PER_REQUEST = 64;
/** Bytes of one request, and how many at a time: all of them are in memory. */
const REQUEST_BYTES = 16 * MEBIBYTE;
const REQUESTS_AT_ONCE = 3;
/** Seconds that tools wait for an upload to be assembled. */
const MAX_WAIT_SECONDS = 300;
/** Bytes of chunks that wait to be assembled, in uploads of the largest size. */
const WAITING_UPLOADS = 4;

const gunzipped = promisify(gunzip);
const SHA1 = /^[0-9a-f]{40}$/;
const sha1 = z.string().toLowerCase().regex(SHA1, 'should be a SHA-1, 40 hex digits');
const name = z.string().max(250).nullish();
const assembleSchema = z.object({
  checksum: sha1,
  chunks: z.array(sha1).min(1).max(4096),
  projects: z.array(z.string()).min(1).max(100).optional(),
  version: name,
  dist: name,
});
const versionParams = z.object({ version: z.string() });
const bundleParams = z.object({ bundleId: z.string() });
const listQuery = z.object({ query: optionalText });
const deleteQuery = z.object({ bundleId: optionalText, release: optionalText });

const UPLOAD = '/organizations/:organization/chunk-upload/';
const BUNDLES = '/projects/:organization/:project/files/artifact-bundles/';

/** What Sentry's tools call to upload source maps, and the list of what they uploaded. */
export function artifactRoutes({ scope, artifacts, url }: ArtifactRoutesServices): Router {
  const { store, assembler, limits } = artifacts;
  const router = Router();

  router.get(UPLOAD, permit('project:releases'), async (req, res) => {
    await scope.organization(req);
    res.json({
      url: `${url}/api/0/organizations/${ORGANIZATION}/chunk-upload/`,
      chunkSize: CHUNK_BYTES,
      chunksPerRequest: CHUNKS_PER_REQUEST,
      maxFileSize: limits.maxUploadBytes,
      maxRequestSize: REQUEST_BYTES,
      maxWait: MAX_WAIT_SECONDS,
      concurrency: REQUESTS_AT_ONCE,
      hashAlgorithm: 'sha1',
      compression: ['gzip'],
      accept: ['release_files', 'artifact_bundles', 'artifact_bundles_v2'],
    });
  });

  router.post(
    UPLOAD,
    permit('project:releases'),
    takeTurns(REQUESTS_AT_ONCE),
    readMultipart(REQUEST_BYTES, `A request has ${describeBytes(REQUEST_BYTES)} of chunks at most.`),
    async (req, res) => {
      await scope.organization(req);
      const chunks = await chunksOf(req);
      const waiting = await store.chunkBytes();
      if (waiting > WAITING_UPLOADS * limits.maxUploadBytes) {
        throw new TooLargeError(
          `Uploads that were begun and not finished have ${describeBytes(waiting)}. They are deleted after a day, or raise artifacts.max-upload-bytes.`,
        );
      }
      for (const { checksum, data } of chunks) await store.addChunk(checksum, data);
      res.status(200).end();
    },
  );

  router.post(
    '/organizations/:organization/artifactbundle/assemble/',
    permit('project:releases'),
    jsonBody,
    async (req, res) => {
      const { version, dist, projects: names = [], ...upload } = parseBody(assembleSchema, req);
      const projects = named(await scope.organization(req), names);
      res.json(await assembler.status({ ...upload, projects, release: version || null, dist: dist || null }));
    },
  );

  // Tools of before artifact bundles. The project is in the bundle.
  router.post(
    '/organizations/:organization/releases/:version/assemble/',
    permit('project:releases'),
    jsonBody,
    async (req, res) => {
      const { checksum, chunks, dist } = parseBody(assembleSchema, req);
      const { version } = parseRequest(versionParams, req.params);
      const projects = await scope.organization(req);
      res.json(await assembler.status({ checksum, chunks, projects, release: version, dist: dist || null }));
    },
  );

  router.get(BUNDLES, permit('project:read'), async (req, res) => {
    const { id } = await scope.project(req);
    const { query = '' } = parseRequest(listQuery, req.query);
    const { limit, offset } = offsetOf(req);
    const rows = await store.bundles(id, { query: query.trim(), limit: limit + 1, offset });
    res.json(offsetPage(req, res, rows).map(toBundle));
  });

  router.delete(BUNDLES, permit('project:releases'), async (req, res) => {
    const { id } = await scope.project(req);
    const { bundleId, release } = parseRequest(deleteQuery, req.query);
    if ((bundleId === undefined) === (release === undefined)) {
      throw new BadRequestError('Say what to delete: either ?bundleId= or ?release=.');
    }
    const removed =
      bundleId === undefined ? await store.removeRelease(id, release ?? '') : await store.removeBundle(id, bundleId);
    if (removed === 0) {
      throw new NotFoundError(
        bundleId === undefined ? `Release ${release} has no uploads.` : `The project has no upload ${bundleId}.`,
      );
    }
    res.status(204).end();
  });

  router.get(
    '/projects/:organization/:project/artifact-bundles/:bundleId/files/',
    permit('project:read'),
    async (req, res) => {
      const { id } = await scope.project(req);
      const { bundleId } = parseRequest(bundleParams, req.params);
      const bundle = await store.bundle(id, bundleId);
      if (!bundle) throw new NotFoundError(`The project has no upload ${bundleId}.`);
      const { limit, offset } = offsetOf(req);
      const rows = await store.bundleFiles(id, bundleId, { limit: limit + 1, offset });
      const files = offsetPage(req, res, rows).map((file) => ({
        id: Buffer.from(file.url).toString('base64url'),
        filePath: file.url,
        fileType: file.type,
        fileSize: file.size,
        debugId: file.debugId,
        sourcemap: file.sourceMapUrl,
      }));
      res.json({ ...toBundle(bundle), files });
    },
  );
  return router;
}

/** Each part is a chunk: its file name the SHA-1, its field's name whether it is packed. */
async function chunksOf(req: Request): Promise<{ checksum: string; data: Uint8Array }[]> {
  const form = await formOf(req);
  const chunks: { checksum: string; data: Uint8Array }[] = [];
  for (const [field, value] of form) {
    if (typeof value === 'string' || !(field === 'file' || field === 'file_gzip')) continue;
    const checksum = value.name.toLowerCase();
    const data = await unpacked(new Uint8Array(await value.arrayBuffer()), field === 'file_gzip');
    if (createHash('sha1').update(data).digest('hex') !== checksum) {
      throw new BadRequestError('A chunk arrived damaged: its SHA-1 is not the one that it is named by.');
    }
    chunks.push({ checksum, data });
  }
  if (chunks.length === 0) throw new BadRequestError('The form has no chunk: a file in a field "file" or "file_gzip".');
  return chunks;
}

async function unpacked(bytes: Uint8Array, isPacked: boolean): Promise<Uint8Array> {
  const tooLarge = new TooLargeError(`A chunk has ${describeBytes(CHUNK_BYTES)} at most.`);
  if (bytes.byteLength > CHUNK_BYTES + MEBIBYTE) throw tooLarge;
  if (!isPacked) return bytes;
  try {
    return await gunzipped(bytes, { maxOutputLength: CHUNK_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge;
    throw new BadRequestError('A chunk is not the gzip that it is said to be.', { cause });
  }
}

/** By slug or id. */
function named(projects: readonly Project[], names: readonly string[]): Project[] {
  if (names.length === 0) throw new BadRequestError('Say which projects the upload is for: projects.');
  return [...new Set(names)].map((asked) => {
    const found = projects.find(({ id, slug }) => slug === asked || String(id) === asked);
    if (!found) throw new BadRequestError(`There is no project "${asked.slice(0, 100)}".`);
    return found;
  });
}

function toBundle({ bundleId, associations, dateCreated, fileCount, size }: ListedBundle): ArtifactBundle {
  return { bundleId, associations, date: iso(dateCreated), fileCount, size };
}

const iso = (time: number) => new Date(time).toISOString();
