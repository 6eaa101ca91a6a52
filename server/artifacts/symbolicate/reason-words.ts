/** What is wrong with a frame that is not mapped, and what to do: sentences for the page and the terminal, commands in backticks. */
import type { SourceMapReason } from '../../protocol/contract.ts';
import type { ArtifactPlace } from '../../storage/artifact-lookup.ts';
import { MAX_MAP_BYTES } from './assets.ts';
import { decodedPath } from './source-url.ts';

export type ReasonFacts = {
  /** Address of the generated file. */
  url: string;
  debugId: string | null;
  mapUrl: string | null;
  release: string | null;
  dist: string | null;
  /** The nearest upload that has the file. */
  nearest: ArtifactPlace | undefined;
  /** Addresses of the release's files that are called like it. */
  namesakes: readonly string[];
  /** What the symbolicator said in particular. */
  particular: string | null;
};
export type Words = { detail: string; nextStep: string };

const INJECT = '`sentry-cli sourcemaps inject ./dist && sentry-cli sourcemaps upload ./dist`';
const AFTER_BUILD = `Run ${INJECT} after each build, and deploy the files that it changed`;
const AGAIN = 'Symbolicate the event again.';

export function wordsFor(reason: SourceMapReason, facts: ReasonFacts): Words {
  return WORDS[reason](facts);
}

const WORDS: Record<SourceMapReason, (facts: ReasonFacts) => Words> = {
  no_artifacts: () => ({
    detail: 'No source maps were ever uploaded for this project.',
    nextStep: `${AFTER_BUILD}. If you did: does it name this server, organization and project?`,
  }),
  no_debug_id: ({ url, release, nearest }) => ({
    detail: nearest
      ? `${fileOf(url)} was uploaded ${forPlace(nearest)}, to be found by its debug id; the file that ran has none: it is the build of before the injection.`
      : `${fileOf(url)} has no debug id, and ${release ? `release ${shown(release)} has no uploads` : 'the event names no release'}, so nothing leads to its map.`,
    nextStep: `${AFTER_BUILD}.`,
  }),
  debug_id_unknown: ({ url, debugId, nearest }) => ({
    detail: `Nothing was uploaded with the debug id ${debugId} of ${fileOf(url)}.${nearest ? ` A file of that name was uploaded ${forPlace(nearest)}, from another build.` : ''}`,
    nextStep:
      'Upload exactly the files that are deployed: `sentry-cli sourcemaps upload ./dist`. Building again, or injecting with two tools, gives other debug ids.',
  }),
  uploaded_after_event: ({ url }) => ({
    detail: `The map of ${fileOf(url)} was uploaded after the event came.`,
    nextStep: `${AGAIN} Upload before you deploy, so that the next event needs none of it.`,
  }),
  release_differs: ({ url, release, dist, nearest }) => ({
    detail: `${fileOf(url)} was uploaded ${forPlace(nearest)}; the event says ${release ? `release ${shown(release)}` : 'no release'}.`,
    nextStep: release
      ? `Give the SDK and the upload the same release: \`sentry-cli sourcemaps upload${option('release', release)}${option('dist', dist)} ./dist\`. With debug ids neither is needed: ${INJECT}.`
      : `Set the release of the upload in the options of the SDK. With debug ids it is not needed: ${INJECT}, and deploy the files that it changed.`,
  }),
  dist_differs: ({ url, release, dist, nearest }) => ({
    detail: `${fileOf(url)} was uploaded for this release ${nearest?.dist ? `with dist ${shown(nearest.dist)}` : 'without a dist'}; the event ${dist ? `says ${shown(dist)}` : 'has none'}.`,
    nextStep: `Give the SDK and the upload the same dist: \`sentry-cli sourcemaps upload${option('release', release)}${option('dist', dist)} ./dist\`.`,
  }),
  file_not_found: ({ url, release, namesakes, nearest }) => ({
    detail: `Release ${shown(release ?? '')} has uploads, and none of them is ${shown(url)}.${also(namesakes, nearest)}`,
    nextStep: `Upload it under the address that browsers ask for: \`sentry-cli sourcemaps upload${option('release', release)} --url-prefix "~${folderOf(url)}" ./dist\`. With debug ids the address does not matter: ${INJECT}.`,
  }),
  no_source_map: ({ url }) => ({
    detail: `${fileOf(url)} was uploaded, but it names no map and none was uploaded with its debug id.`,
    nextStep: `Let the bundler write maps (Vite: \`build.sourcemap: 'hidden'\`; webpack: \`devtool: 'hidden-source-map'\`), then run ${INJECT}.`,
  }),
  source_map_not_found: ({ url, mapUrl }) => ({
    detail: `${fileOf(url)} names the map ${shown(mapUrl ?? '')}, which was not uploaded.`,
    nextStep:
      'Upload the folder that has both: `sentry-cli sourcemaps upload ./dist`. Maps are not fetched from the web.',
  }),
  source_map_unreadable: ({ url, particular }) => ({
    detail: `The map of ${fileOf(url)} cannot be read. ${particular ?? ''}`.trim(),
    nextStep: 'Build and upload it anew; if it is the same again, tell the makers of the tool that wrote it.',
  }),
  source_map_too_large: ({ url, particular }) => ({
    detail: `The map of ${fileOf(url)} is too large. ${particular ?? ''}`.trim(),
    nextStep: `Split the bundle into chunks whose maps have less than ${MAX_MAP_BYTES / 1024 / 1024} MiB each.`,
  }),
  no_position: ({ url }) => ({
    detail: `The frame in ${fileOf(url)} has no line or no column, and a minified file has one line.`,
    nextStep: 'Nothing can be done for this event; newer browsers and SDKs send both.',
  }),
  no_mapping: ({ url, mapUrl }) => ({
    detail: `${fileOf(mapUrl ?? url)} has nothing for this position: it is the bundler's own code, or the map is of another build.`,
    nextStep: `If other frames of the file look wrong, too, upload exactly the files that are deployed: ${INJECT}.`,
  }),
  source_not_included: ({ url, mapUrl }) => ({
    detail: `The frame is mapped, but neither ${fileOf(mapUrl ?? url)} nor the upload has the text of its source.`,
    nextStep:
      'Let the bundler include it (`sourcesContent`), or upload the sources beside the map, and symbolicate again. A code mapping shows it from the checkout.',
  }),
  symbolicator_failed: ({ particular }) => ({
    detail: `The frame can be mapped, but was not when the event came. ${particular ?? ''}`.trim(),
    nextStep: AGAIN,
  }),
};

/** Of strangers' text: as much as is needed to know it again. */
const shown = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

function fileOf(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1);
  return shown(path.slice(path.lastIndexOf('/') + 1) || url);
}

/** A stranger wrote it, and it stands in double quotes: what a shell takes otherwise there is no part of it. */
function folderOf(url: string): string {
  const hosted = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?(.*\/)?[^/]*$/i.exec(url.split(/[?#]/, 1)[0] ?? '')?.[1] || '/';
  const path = decodedPath(hosted);
  return path.length <= 200 && /^\/[\p{L}\p{N}\w./@()[\]+,=: -]*$/u.test(path) ? path : '/<folder of that address>/';
}

function also(namesakes: readonly string[], nearest: ArtifactPlace | undefined): string {
  if (namesakes.length > 0) return ` It has ${namesakes.map(shown).join(', ')}.`;
  return nearest ? ` It was uploaded ${forPlace(nearest)}.` : '';
}

function forPlace(place: ArtifactPlace | undefined): string {
  const { release = null, dist = null } = place ?? {};
  if (!release) return 'without a release';
  return `for release ${shown(release)}${dist ? `, dist ${shown(dist)}` : ''}`;
}

/** An event wrote the value and somebody pastes the command: what a shell could take otherwise is not written into it. */
function option(name: string, value: string | null): string {
  if (!value) return '';
  return ` --${name} ${/^[\w@.+/:][\w@.+/:-]{0,199}$/.test(value) ? value : `"<${name} of the event>"`}`;
}
