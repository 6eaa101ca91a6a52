/**
 * Addresses of files, maps and sources. They are compared and joined as text and never opened: a map may say anything
 * (`javascript:`, `..` beyond the root, megabytes).
 */

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** What comes before the path: `https://host`, `app://`, `webpack://name`, `~`, `file://`, `C:`, or nothing. */
const ORIGIN = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*|[a-z]:(?=[\\/])|~(?=\/))?/i;
/** Longer ones are no names of files, and would be stored with every frame. */
export const MAX_URL = 2048;

/** A reference in a file or map, from where that is. Absolute ones stay as they are; `..` ends at the root. */
export function resolveUrl(base: string, reference: string): string {
  if (SCHEME.test(reference) || reference.startsWith('~/')) return reference;
  const clean = withoutQuery(base);
  const origin = ORIGIN.exec(clean)?.[0] ?? '';
  if (reference.startsWith('//')) return `${/^[a-z][a-z0-9+.-]*:/i.exec(origin)?.[0] ?? 'https:'}${reference}`;
  if (reference.startsWith('/')) return origin + joinPath([], reference);
  const path = clean.slice(origin.length).replaceAll('\\', '/');
  const isAbsolute = origin !== '' || path.startsWith('/');
  const directory = path.split('/').slice(0, -1);
  return isAbsolute ? origin + joinPath(directory, reference) : joinRelative(directory, reference);
}

function joinPath(directory: readonly string[], reference: string): string {
  return `/${walk(directory, reference)
    .filter((part) => part !== '..')
    .join('/')}`;
}

function joinRelative(directory: readonly string[], reference: string): string {
  return walk(directory, reference).join('/');
}

function walk(directory: readonly string[], reference: string): string[] {
  const parts: string[] = [];
  for (const part of [...directory, ...reference.split('/')]) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts;
}

function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

/**
 * Under which addresses a file may have been uploaded, the best first: its own, then without its host (`~/path`, which
 * stands for any), each also without the query; then as it is called on the disk that it was uploaded from: browsers say
 * `%5Bid%5D.js` of Next.js's `[id].js`.
 */
export function uploadedAs(url: string): string[] {
  const hosted = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(\/.*)$/is.exec(url)?.[1];
  const anyHost = hosted ?? (url.startsWith('/') ? url : null);
  const forms = [url, withoutQuery(url)];
  if (anyHost) forms.push(`~${anyHost}`, `~${withoutQuery(anyHost)}`);
  return [...new Set([...forms, ...forms.map((form) => decodedPath(withoutQuery(form)))])];
}

/** What is encoded wrongly stays as it is. */
export function decodedPath(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** What a generated file says at its end of its map; the last such comment counts. */
export function sourceMapComment(text: string): string | null {
  // It is the last line, or is followed by a debug id. One that is inlined may be as long as the file.
  const at = Math.max(text.lastIndexOf('//# sourceMappingURL='), text.lastIndexOf('//@ sourceMappingURL='));
  const css = text.lastIndexOf('/*# sourceMappingURL=');
  const start = Math.max(at, css);
  if (start < 0) return null;
  const end = text.slice(start + 21).search(/\s|\*\//);
  const reference = end < 0 ? text.slice(start + 21) : text.slice(start + 21, start + 21 + end);
  // Code that looks for such comments has them in strings.
  return reference === '' || (!reference.startsWith('data:') && /['"`]/.test(reference)) ? null : reference;
}

/** What a generated file says of its debug id: `//# debugId=`. Lower-case, with dashes. */
export function debugIdComment(text: string): string | null {
  const at = text.lastIndexOf('//# debugId=');
  return at < 0 ? null : toDebugId(text.slice(at + 12, at + 12 + 36).trim());
}

/** Lower-case with dashes, as stored; null when it is none. */
export function toDebugId(text: string): string | null {
  const hex = text.toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(hex)) return null;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * How a mapped frame names its file: as the map does, less what bundlers put in front (`webpack:///`, `webpack://name/`),
 * and what is a file's address as its path (`file:///C:/My%20App/a.ts`); as `module`, also less its extension and the way up.
 */
export function toFilename(source: string): string {
  const name = source.replace(/^(?:webpack|webpack-internal|rspack|turbopack|ng|vite|rollup|parcel):\/\/[^/]*\//i, '');
  const ofFile = /^file:\/\/[^/]*(?:\/(?=[a-z]:\/))?(.+)$/i.exec(name)?.[1];
  if (ofFile) return decodedPath(ofFile);
  const hosted = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/.*)$/i.exec(name)?.[1];
  return (hosted ?? name) || source;
}

export function toModule(filename: string): string | null {
  const path = withoutQuery(filename)
    .replace(/^[a-z]:(?=[\\/])/i, '')
    .replaceAll('\\', '/')
    .replace(/^(?:\.{0,2}\/)+/, '')
    .replace(/^~\//, '');
  const name = path.replace(/(?:\.d)?\.(?:[cm]?[jt]sx?|vue|svelte|astro|coffee|hbs)$/i, '');
  return name === '' || SCHEME.test(name) ? null : name;
}

const BOOTSTRAP =
  /(?:^|[/\\])webpack[/\\](?:bootstrap|runtime|startup|universalModuleDefinition|before-startup)|^webpack:\/\/[^/]*\/(?:\(webpack\)|external )|\(webpack\)[/\\]|(?:^|[/\\])(?:rolldown\/runtime|commonjsHelpers\.js|\0|_virtual[/\\])|vite\/(?:preload-helper|modulepreload-polyfill)|(?:^|[/\\])webpack-internal/i;

/** Is it somebody else's: a package, or what a bundler adds of its own? */
export function isLibrarySource(source: string): boolean {
  return /(?:^|[/\\~])(?:node_modules|bower_components)[/\\]|(?:^|[/\\])~[/\\]/.test(source) || BOOTSTRAP.test(source);
}
