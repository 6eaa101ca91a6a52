import type { SourceMapReason } from '../../server/protocol/contract.ts';

/** Where the commands lead: the server as the browser knows it, and the project's slug. */
export type UploadTarget = { url: string; project: string };
type Build = { release?: string | null; dist?: string | null };
type Upload = Build & { urlPrefix?: string | null };
export type Command = { title: string; code: string };

/** Folder of the build, which nobody here knows: the one that most tools write. */
const folder = './dist';
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal obeys them before a shell reads its quotes
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/**
 * One option of a command, or nothing. The value came with an event, and the line is made to be pasted: in single quotes
 * nothing has a meaning, and what a terminal would obey is not written at all.
 */
function option(name: string, value: string | null | undefined): string {
  if (!value || controls.test(value)) return '';
  const word = /^[\w@.+/:][\w@.+/:-]*$/.test(value) ? value : `'${value.replace(/['\\]/g, (each) => `'\\${each}'`)}'`;
  // A leading dash would begin an option of its own.
  return ` ${name}=${word}`;
}

const injectCommand = (): Command => ({
  title: 'Put debug ids into the built files, before they are deployed',
  code: `sentry-cli sourcemaps inject ${folder}`,
});

const uploadCommand = ({ url, project }: UploadTarget, { release, dist, urlPrefix }: Upload = {}): Command => ({
  title: 'Upload the files and their maps',
  code: `sentry-cli --url ${url} sourcemaps upload --org stackmend${option('--project', project)}${option('--release', release)}${option('--dist', dist)}${option('--url-prefix', urlPrefix)} ${folder}`,
});

const injected: ReadonlySet<SourceMapReason> = new Set(['no_artifacts', 'no_debug_id']);
const uploaded: ReadonlySet<SourceMapReason> = new Set([
  'debug_id_unknown',
  'release_differs',
  'dist_differs',
  'file_not_found',
  'no_source_map',
  'source_map_not_found',
  'source_not_included',
]);

/** `~/assets/` of `https://shop.example/assets/index.js?v=1`; null of what is no address. */
function folderOf(url: string | null | undefined): string | null {
  const path = URL.canParse(url ?? '') ? new URL(url ?? '').pathname : null;
  return path?.startsWith('/') ? `~${path.slice(0, path.lastIndexOf('/') + 1)}` : null;
}

/**
 * What to run so that the next event is mapped; nothing where no command would help.
 *
 * @param url of a generated file with that reason
 */
export function commandsFor(
  reason: SourceMapReason,
  target: UploadTarget,
  build: Build,
  url?: string | null,
): Command[] {
  if (injected.has(reason)) return [injectCommand(), uploadCommand(target, build)];
  // The one reason for which the address matters.
  const urlPrefix = reason === 'file_not_found' ? folderOf(url) : null;
  return uploaded.has(reason) ? [uploadCommand(target, { ...build, urlPrefix })] : [];
}
