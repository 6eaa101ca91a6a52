/**
 * Which upload has the map of a generated file: by its debug id first, then by release, dist and address, as Sentry does.
 * Nothing is ever fetched from the web.
 */

import type { SourceMapReason } from '../../protocol/contract.ts';
import type { ArtifactFileRow } from '../../storage/artifact-lookup.ts';
import type { ArtifactStore } from '../../storage/artifacts.ts';
import type { Assets } from './assets.ts';
import { resolveUrl, uploadedAs } from './source-url.ts';

export type Lookup = Pick<ArtifactStore, 'filesByDebugId' | 'filesByUrl' | 'file' | 'uploads' | 'read'>;
export type Place = { projectId: number; release: string | null; dist: string | null };
/** A generated file that frames are in. */
export type GeneratedUrl = { url: string; debugId: string | null };

type Uploaded = Pick<ArtifactFileRow, 'bundle' | 'checksum' | 'size' | 'url' | 'dateCreated'>;
export type Located = {
  /** The generated file, where it was uploaded. */
  generated: Uploaded | null;
  resolvedWith: 'debug-id' | 'release';
  /** Address of the map: of the one that was found, else of the one that is named. */
  mapUrl: string | null;
} & ({ map: Uploaded; isInline: boolean } | { map: null; reason: SourceMapReason });

/** @returns one for each file, in order */
export async function locate(
  store: Lookup,
  assets: Pick<Assets, 'generated'>,
  place: Place,
  files: readonly GeneratedUrl[],
): Promise<Located[]> {
  const ids = [...new Set(files.flatMap(({ debugId }) => debugId ?? []))];
  const byId = Map.groupBy(await store.filesByDebugId(place.projectId, ids), ({ debugId }) => debugId);
  const search = createSearch(store, assets, place);
  const found: (Located | null)[] = [];
  for (const file of files) {
    const rows = byId.get(file.debugId) ?? [];
    found.push(file.debugId && rows.length > 0 ? await search.amongSameId(file, rows) : null);
  }
  const open = files.filter((_, index) => !found[index]);
  const rows = Map.groupBy(
    await search.byUrls(open.flatMap(({ url }) => [...uploadedAs(url), ...besides(url)])),
    keyOf,
  );
  const located: Located[] = [];
  for (const [index, file] of files.entries()) located.push(found[index] ?? (await search.inRelease(file, rows)));
  return located;
}

const keyOf = ({ url }: ArtifactFileRow) => url;
const isMap = ({ type, url }: { type: string; url: string }) => type === 'source_map' || url.endsWith('.map');
/** Where a map lies that nobody named. */
const besides = (url: string) => uploadedAs(url).map((form) => `${form}.map`);

function createSearch(store: Lookup, assets: Pick<Assets, 'generated'>, { projectId, release, dist }: Place) {
  const isOfDist = (row: { dist: string | null }) => (row.dist || null) === (dist || null);

  const byUrls = async (urls: readonly string[]) =>
    release ? store.filesByUrl(projectId, release, [...new Set(urls)]) : [];

  /** The first address that has one. */
  function pick(
    rows: ReadonlyMap<string, ArtifactFileRow[]>,
    urls: readonly string[],
    wanted: (row: ArtifactFileRow) => boolean,
  ) {
    for (const url of urls) {
      const row = rows.get(url)?.find(wanted);
      if (row) return row;
    }
    return null;
  }

  /** Files that were built together bear one debug id. */
  async function amongSameId({ url }: GeneratedUrl, rows: readonly ArtifactFileRow[]): Promise<Located> {
    const generated = rows.find((row) => !isMap(row)) ?? null;
    const map = rows.find(isMap);
    const at = { generated, resolvedWith: 'debug-id' as const };
    if (map) return { ...at, map, isInline: false, mapUrl: mapUrlOf(url, generated?.sourceMapUrl ?? null, map.url) };
    return generated ? mapOf(url, generated, 'debug-id') : { ...at, map: null, mapUrl: null, reason: 'no_source_map' };
  }

  async function inRelease(
    { url, debugId }: GeneratedUrl,
    rows: ReadonlyMap<string, ArtifactFileRow[]>,
  ): Promise<Located> {
    const urls = uploadedAs(url);
    const nothing = { generated: null, resolvedWith: 'release' as const, mapUrl: null, map: null };
    // Another debug id is another build: its positions are others.
    const isSameBuild = (row: ArtifactFileRow) => !debugId || !row.debugId || row.debugId === debugId;
    const generated = pick(rows, urls, (row) => isOfDist(row) && isSameBuild(row));
    if (generated) return mapOf(url, generated, 'release');
    const map = pick(rows, besides(url), (row) => isOfDist(row) && isSameBuild(row));
    if (map) return { ...nothing, map, isInline: false, mapUrl: mapUrlOf(url, null, map.url) };
    if (debugId) return { ...nothing, reason: 'debug_id_unknown' };
    const elsewhere = pick(rows, [...urls, ...besides(url)], () => true);
    return { ...nothing, reason: elsewhere ? 'dist_differs' : 'file_not_found' };
  }

  /** The map of a generated file that was uploaded, by what the file says, or what was said of it. */
  async function mapOf(
    url: string,
    generated: ArtifactFileRow,
    resolvedWith: Located['resolvedWith'],
  ): Promise<Located> {
    const at = { generated, resolvedWith };
    const content = await assets.generated(generated);
    const debugId = generated.debugId ?? content?.debugId;
    if (debugId) {
      const map = (await store.filesByDebugId(projectId, [debugId])).find(isMap);
      if (map) return { ...at, map, isInline: false, mapUrl: mapUrlOf(url, generated.sourceMapUrl, map.url) };
    }
    // What was said at the upload knows the file as it is served.
    const said = generated.sourceMapUrl || null;
    const reference = said ?? content?.mapReference ?? null;
    if (reference?.startsWith('data:')) return { ...at, map: generated, isInline: true, mapUrl: url };
    const named = [reference ?? `${generated.url.split('/').at(-1)}.map`];
    const urls = named.flatMap((name) => [resolveUrl(url, name), resolveUrl(generated.url, name)]).flatMap(uploadedAs);
    const map = (await inBundle(generated.bundle, urls)) ?? (await inSameRelease(urls));
    if (map) return { ...at, map, isInline: false, mapUrl: mapUrlOf(url, reference, map.url) };
    return reference === null
      ? { ...at, map: null, mapUrl: null, reason: 'no_source_map' }
      : { ...at, map: null, mapUrl: resolveUrl(url, reference), reason: 'source_map_not_found' };
  }

  async function inBundle(bundle: number, urls: readonly string[]): Promise<Uploaded | null> {
    for (const url of new Set(urls)) {
      const file = await store.file(projectId, bundle, url);
      if (file) return file;
    }
    return null;
  }

  async function inSameRelease(urls: readonly string[]): Promise<Uploaded | null> {
    return pick(Map.groupBy(await byUrls(urls), keyOf), urls, isOfDist);
  }

  return { byUrls, amongSameId, inRelease, inBundle, inSameRelease };
}

/** Text of a source that its map does not include: of an uploaded file at its address, in the map's own upload first. */
export async function locateSource(store: Lookup, place: Place, bundle: number, url: string): Promise<Uploaded | null> {
  const search = createSearch(store, { generated: async () => null }, place);
  const urls = uploadedAs(url);
  return (await search.inBundle(bundle, urls)) ?? (await search.inSameRelease(urls));
}

/**
 * As the page shows it, and what sources are relative to: as the file names it, else beside the file as it is served. What
 * was uploaded by debug id lies under whatever folder was uploaded.
 */
function mapUrlOf(url: string, reference: string | null, uploaded: string): string {
  if (reference && !reference.startsWith('data:')) return resolveUrl(url, reference);
  return resolveUrl(url, uploaded.slice(uploaded.lastIndexOf('/') + 1));
}
