import * as z from 'zod';
import { BadRequestError } from '../protocol/errors.ts';
import { countJsonValues } from '../protocol/json-size.ts';
import { MAX_FILES } from './limits.ts';
import { toDebugId } from './symbolicate/source-url.ts';

/** What the manifest says of a file; `path` is its name in the zip. */
export type ManifestFile = {
  path: string;
  url: string;
  type: string;
  debugId: string | null;
  sourceMapUrl: string | null;
};
export type Manifest = {
  /** Lower-case with dashes; null when the bundle has none. */
  bundleId: string | null;
  project: string | null;
  release: string | null;
  dist: string | null;
  files: ManifestFile[];
};

const text = z.string().max(4_000).nullish();
const manifestSchema = z.looseObject({
  debug_id: text,
  project: text,
  release: text,
  dist: text,
  files: z.looseObject({}),
});
const fileSchema = z.looseObject({
  url: z.string().min(1).max(4_000),
  type: z.string().min(1).max(64),
  headers: z.looseObject({}).nullish(),
});

/**
 * Reads `manifest.json` of an artifact bundle.
 *
 * @throws {BadRequestError} it is none, or a file of it is described wrongly, with that file's name
 */
export function parseManifest(json: string): Manifest {
  const { debug_id, project, release, dist, files } = parseJson(json);
  const entries = Object.entries(files);
  if (entries.length === 0) throw new BadRequestError('The bundle has no files.');
  if (entries.length > MAX_FILES) {
    throw new BadRequestError(
      `The bundle has ${entries.length} files; ${MAX_FILES} are the limit: upload it in parts.`,
    );
  }
  return {
    bundleId: debug_id ? toDebugId(debug_id) : null,
    project: project || null,
    release: release || null,
    dist: dist || null,
    files: withoutTwins(entries.map(([path, file]) => toFile(path, file))),
  };
}

/** Of each file, its own fields and headers; tools write fewer than ten. */
const MAX_VALUES = MAX_FILES * 50;

function parseJson(json: string): z.output<typeof manifestSchema> {
  if (countJsonValues(json, MAX_VALUES) > MAX_VALUES) {
    throw new BadRequestError(
      `The manifest.json of the bundle has more than ${MAX_VALUES} values: upload it in parts.`,
    );
  }
  try {
    const parsed = z.safeParse(manifestSchema, JSON.parse(json));
    if (parsed.success) return parsed.data;
  } catch {
    // As below.
  }
  throw new BadRequestError('The bundle has a manifest.json that is not one of an artifact bundle.');
}

function toFile(path: string, value: unknown): ManifestFile {
  const parsed = z.safeParse(fileSchema, value);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'it');
    throw new BadRequestError(`The file ${quote(path)} is described wrongly in the manifest: ${fields.join(', ')}.`);
  }
  const { url, type, headers } = parsed.data;
  const given = header(headers, 'debug-id');
  const debugId = given === null ? null : toDebugId(given);
  if (given !== null && debugId === null) {
    throw new BadRequestError(`The file ${quote(url)} has a debug id that is none: ${quote(given)}.`);
  }
  return { path, url, type, debugId, sourceMapUrl: header(headers, 'sourcemap') ?? header(headers, 'x-sourcemap') };
}

/** Tools write names of headers in any case. */
function header(headers: Record<string, unknown> | null | undefined, name: string): string | null {
  for (const [key, value] of Object.entries(headers ?? {})) {
    if (key.toLowerCase() === name && typeof value === 'string' && value !== '') return value.slice(0, 4_000);
  }
  return null;
}

/** An address leads to one file. */
function withoutTwins(files: ManifestFile[]): ManifestFile[] {
  const urls = new Set<string>();
  for (const { url } of files) {
    if (urls.has(url)) {
      throw new BadRequestError(
        `Two files have the address ${quote(url)}. Upload them apart, or with a --url-prefix for each directory.`,
      );
    }
    urls.add(url);
  }
  return files;
}

/** A name that a stranger wrote, as part of a sentence. */
export const quote = (name: string) => `"${name.length > 200 ? `${name.slice(0, 200)}…` : name}"`;
