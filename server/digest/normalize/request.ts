import type { Json, JsonObject, StoredRequest } from '../../protocol/event.ts';
import { parseJson } from '../parse-json.ts';
import { pairsOf, splitCookies, splitHeaders, splitQuery } from './pairs.ts';
import { at, invalid, isObject } from './place.ts';
import { type Fields, objectTree, type Reader, readObject, text, tree } from './read.ts';

const query = pairsOf(splitQuery);
const cookies = pairsOf(splitCookies);

/** A body that is text, though its content type says JSON or a form, is stored as what it says, so that it can be scrubbed by name. */
const body: Reader = (value, place, key) => tree(typeof value === 'string' ? parseBody(value) : value, place, key);

const REQUEST: Fields = new Map<string, Reader>([
  ['method', text],
  ['url', text],
  ['query_string', query],
  ['fragment', text],
  ['data', body],
  ['cookies', cookies],
  ['headers', pairsOf(splitHeaders)],
  ['env', objectTree],
  ['inferred_content_type', text],
]);

export const request: Reader = (value, place, key) => {
  const child = at(place, key);
  if (!isObject(value)) return invalid(child, [], value, 'expected a request');
  const read = readObject<StoredRequest>(value, child, REQUEST);
  if (typeof read.url === 'string') splitUrl(read, read.url);
  liftCookies(read);
  read.inferred_content_type ??= contentTypeOf(read, value['data'] ?? null);
  return read as JsonObject;
};

/** What the URL has beside the address moves to where readers look, unless something is there. */
function splitUrl(read: StoredRequest, url: string): void {
  const hash = url.indexOf('#');
  const beforeHash = hash < 0 ? url : url.slice(0, hash);
  const mark = beforeHash.indexOf('?');
  if (mark >= 0 && !read.query_string?.length) read.query_string = splitQuery(beforeHash.slice(mark + 1));
  if (hash >= 0 && !read.fragment) read.fragment = url.slice(hash + 1);
  read.url = mark < 0 ? beforeHash : beforeHash.slice(0, mark);
}

/** The `Cookie` header says the same as `cookies`, which shows it better. */
function liftCookies(read: StoredRequest): void {
  const header = read.headers?.find(([name]) => name.toLowerCase() === 'cookie');
  if (!header) return;
  if (read.cookies?.length && header[1]) return;
  read.headers = read.headers?.filter((pair) => pair !== header) ?? null;
  if (!read.cookies?.length) read.cookies = splitCookies(header[1] ?? '');
}

function contentTypeOf(read: StoredRequest, rawBody: Json): string | null {
  const header = read.headers?.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  if (header) return header.split(';', 1)[0]?.trim() ?? null;
  if (typeof rawBody !== 'string' || typeof read.data === 'string') return null;
  return /^\s*[[{]/.test(rawBody) ? 'application/json' : 'application/x-www-form-urlencoded';
}

function parseBody(text: string): Json {
  if (/^\s*[[{]/.test(text)) {
    try {
      return parseJson(text);
    } catch {
      return text;
    }
  }
  return isForm(text) ? formOf(text) : text;
}

/** `a=1&b=2` and nothing that only free text has. */
function isForm(text: string): boolean {
  return text.length < 100_000 && /^[\w.%+[\]*-]+=[^\s=<>{}"]*(?:&|$)/.test(text) && !/[\s<>{}"]/.test(text);
}

function formOf(text: string): Json {
  const out: JsonObject = {};
  for (const [name, value] of splitQuery(text)) {
    // A name that comes twice does not fit into an object: the text stays.
    if (Object.hasOwn(out, name) || name === '__proto__') return text;
    out[name] = value;
  }
  return out;
}
