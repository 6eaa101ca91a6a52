import type { NewArtifactFile } from '../storage/artifacts.ts';
import { debugIdComment, sourceMapComment, toDebugId } from './symbolicate/source-url.ts';

/** Of these bytes of a file's end, what it says of its map and debug id is read. A map may be inlined before them. */
const END_BYTES = 64 * 1024;
const DEBUG_ID = /"debug_?[iI]d"\s*:\s*"([0-9a-fA-F-]{32,36})"/;

/**
 * A file that comes without a bundle, as tools of before artifact bundles send it: what a manifest would say is read from
 * it.
 *
 * @param headers as sent with it, names in any case
 */
export function describeReleaseFile(
  url: string,
  bytes: Uint8Array,
  headers: ReadonlyMap<string, string>,
): NewArtifactFile {
  const end = textOf(bytes.subarray(-END_BYTES));
  const path = url.replace(/[?#].*$/s, '');
  const header = headers.get('sourcemap') ?? headers.get('x-sourcemap');
  if (/\.map$/i.test(path)) {
    const named = DEBUG_ID.exec(end) ?? DEBUG_ID.exec(textOf(bytes.subarray(0, END_BYTES)));
    return { url, bytes, type: 'source_map', debugId: named?.[1] ? toDebugId(named[1]) : null, sourceMapUrl: null };
  }
  const comment = sourceMapComment(end);
  const isGenerated = header !== undefined || comment !== null || /\.(?:[cm]?js|jsbundle|bundle|css)$/i.test(path);
  return {
    url,
    bytes,
    type: isGenerated ? 'minified_source' : 'source',
    debugId: debugIdComment(end),
    // One inside the file is found there again.
    sourceMapUrl: header ?? (comment?.startsWith('data:') ? null : comment),
  };
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
