import type { Frame } from '../../server/protocol/contract.ts';
import { platformOf } from './frame-details.ts';

/** What a frame is called by: the module in Java, elsewhere the file (sentry-behaviour 7.12); null when it has neither. */
export function framePath(frame: Frame, platform: string | null | undefined): string | null {
  const own = platformOf(frame, platform);
  if (own === 'java') return frame.module || frame.filename || null;
  // Of a script from elsewhere `/main.js` says nothing: the whole address is the name.
  const isRemote = /^https?:\/\//.test(frame.absPath ?? '') && !frame.inApp && /^(javascript|node)$/.test(own);
  return (isRemote ? frame.absPath : frame.filename) || frame.module || frame.absPath || null;
}

/** The whole path, where one came that is more than what the frame is called by. */
export function absolutePath(frame: Frame, platform: string | null | undefined): string | null {
  return frame.absPath && frame.absPath !== framePath(frame, platform) ? frame.absPath : null;
}

/** Everything up to the folder in which a package manager puts libraries: theirs is the path after it. */
const beforeLibrary = /^.*[/\\](?:node_modules|site-packages|dist-packages)[/\\](?=[^/\\])/;
const isAbsolute = (path: string) => /^(?:[/\\]|[A-Za-z]:[/\\]|file:)/.test(path);
const longPath = 100;

/** The end of a path that tells frames apart; where it was installed is in the tooltip. An address on the web stays whole. */
export function shortPath(path: string): string {
  if (/^https?:/.test(path)) return path;
  const inLibrary = path.replace(beforeLibrary, '');
  if (inLibrary !== path) return `…/${inLibrary}`;
  const parts = path.split(/(?<=[/\\])/);
  const kept = isAbsolute(path) ? 3 : path.length > longPath ? 4 : parts.length;
  const hidden = parts.slice(0, -kept).join('');
  return /[^/\\]/.test(hidden) ? `…/${parts.slice(-kept).join('')}` : path;
}

/** `:41:9`, `:41` or nothing. */
export function framePosition({ lineNo, colNo }: Frame): string {
  if (!lineNo || lineNo < 1) return '';
  return colNo && colNo > 0 ? `:${lineNo}:${colNo}` : `:${lineNo}`;
}

/** Last part of a package's path, without the endings of libraries; an assembly's own name. */
export function packageName(path: string): string {
  const name = path.split(/[/\\]/).at(-1) || path;
  return name.replace(/\.(dylib|so|a|dll|exe)$/i, '');
}

/** More about where the frame is, where the title is short of it; empty when it says all. */
export function frameTooltip(frame: Frame, platform: string | null | undefined): string {
  const shown = framePath(frame, platform);
  const words: string[] = [];
  if (shown && shortPath(shown) !== shown) words.push(shown);
  if (frame.absPath && frame.absPath !== shown) words.push(frame.absPath);
  const { map, origAbsPath } = frame;
  if (typeof map === 'string') words.push(`Source map: ${map}`);
  if (typeof origAbsPath === 'string' && origAbsPath !== frame.absPath) words.push(`Before it: ${origAbsPath}`);
  return words.join('\n');
}

const statusHints: Record<string, string> = {
  missing_symbol: 'The symbol was not found in the debug file.',
  unknown_image: 'The address lies in no image that is known.',
  missing: 'The debug file of this image is missing.',
  malformed: 'The debug file of this image could not be read.',
};

/** Why a native frame says so little; null where nothing is wrong. */
export function nativeHint(frame: Frame): string | null {
  const status = frame.symbolicatorStatus ?? '';
  if (Object.hasOwn(statusHints, status)) return statusHints[status] ?? null;
  const name = frame.function ?? '';
  if (name.startsWith('@objc ')) return 'A shim through which Objective-C calls Swift.';
  if (/^__hidden#\d+_/.test(name)) return 'The name was hidden by Bitcode compilation.';
  if (name === '<redacted>') return 'A system frame whose name Apple has taken out.';
  if (frame.instructionAddr && !name) return 'The SDK gave no function name, only an address.';
  return null;
}
