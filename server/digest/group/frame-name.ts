/**
 * Names of functions and files without their volatile parts: what a compiler, a bundler or a proxy counts, or hashes anew
 * with each build. FROZEN with grouper v1, as is everything in this folder: a change here splits every stored issue.
 */
import type { StoredFrame } from '../../protocol/event.ts';

/** Longer names are cut before they are read: C++ templates reach megabytes. */
const MAX_NAME = 2000;
const MAX_FILE = 300;

const JAVASCRIPT = new Set(['javascript', 'node', 'react-native']);
const RUBY = new Set(['ruby']);
/** Names there may have generics and parameters. */
const TYPED = new Set(['native', 'cocoa', 'objc', 'swift', 'c', 'rust', 'csharp', 'java', 'go', 'dart']);

const ANONYMOUS =
  /^(?:\?|<?\(?anonymous\)?>?|\(?anonymous function\)?|<unknown>|<redacted>|stripped_application_code|global code|eval code|module code|)$/i;

/** @returns null when the function has no name that would tell it from another */
export function functionName(frame: StoredFrame, platform: string): string | null {
  const name = (frame.function ?? '').trim().slice(0, MAX_NAME);
  if (ANONYMOUS.test(name)) return null;
  if (JAVASCRIPT.has(platform)) return javascriptName(name);
  if (RUBY.has(platform)) return rubyName(name);
  if (platform === 'php')
    return name.replace(/\{closure[^}]*\}/g, '{closure}').replace(/@anonymous[^:]*/g, '@anonymous');
  if (TYPED.has(platform)) return typedName(name);
  return name;
}

/** Engines disagree about the object (`Object.aha`, `aha`) and about functions within functions (`test/<`). */
function javascriptName(name: string): string | null {
  const bare = name
    .replace(/^(?:(?:async|new|get|set|static) )+/, '')
    .replace(/ \[as [^\]]*\]$/, '')
    .replace(/\$\d+$/, '');
  if (bare.endsWith('/<')) return null;
  const last = bare.slice(Math.max(bare.lastIndexOf('.'), bare.lastIndexOf('/')) + 1);
  return ANONYMOUS.test(last) ? null : last;
}

/** Blocks count as their method; names that Rails generates carry numbers. */
function rubyName(name: string): string {
  const method = name.replace(/^(?:(?:block|rescue|ensure)(?: \(\d+ levels\))? in )+/, '');
  return method.startsWith('_') ? method.replace(/_?\d+/g, '') : method.replace(/_\d{3,}/g, '');
}

function typedName(name: string): string {
  return withoutArguments(
    name
      .replace(/\boperator ?(?:<=>|<<=?|>>=?|<=|>=|->\*?|<|>|\(\)|\[\])/g, 'operator_')
      .replace(/(?:17)?::?h[0-9a-f]{16}(?:E$|$)|17h[0-9a-f]{16}E/g, '')
      .replace(/\{closure#\d+\}|\{\{closure\}\}/g, '{closure}')
      .replace(/\.(?:isra|part|constprop|cold|llvm|lto_priv)(?:\.\d+)*/g, '')
      .replace(/\$\$(?:Enhancer|FastClass|SpringCGLIB|_javassist|Lambda)[^.]*/g, '$$')
      .replace(/\bfunc\d+(?:\.\d+)*/g, 'func')
      .replace(/_block_invoke_\d+/g, '_block_invoke')
      .replace(/__\d+(?:_\d+)?/g, '__')
      .replace(/#\d+/g, '#')
      .replace(/`\d+/g, '')
      .replace(/\$\d+/g, '$'),
  )
    .replace(/^specialized /, '')
    .trim();
}

const CLOSING: { [open: string]: string } = { '<': '>', '(': ')', '[': ']' };

/**
 * Leaves out what stands in brackets after a name: template arguments, parameters, ABI tags. Brackets that start a part
 * of the name stay: `<T as Trait>::f`, `-[NSFoo bar]`, `(*Handler).Serve`, `(anonymous namespace)`.
 */
function withoutArguments(name: string): string {
  let out = '';
  const open: string[] = [];
  for (let index = 0; index < name.length; index += 1) {
    const char = name[index] ?? '';
    if (open.length > 0) {
      if (CLOSING[char]) open.push(CLOSING[char]);
      else if (char === open.at(-1) && !(char === '>' && name[index - 1] === '-')) open.pop();
      continue;
    }
    const isArgument =
      /[\w>)\]~_ ]/.test(out.at(-1) ?? ':') && !/^\((?:\*|anonymous|lambda)/.test(name.slice(index, index + 10));
    if (CLOSING[char] && isArgument && !(char === '<' && out.endsWith('operator_'))) open.push(CLOSING[char]);
    else out += char;
  }
  // Unbalanced: better the whole name than a wrong half.
  return open.length > 0 ? name : out;
}

/** The module, or the file without its directories, which differ between machines. */
export function placeName(frame: StoredFrame, platform: string): string | null {
  if (frame.module && !JAVASCRIPT.has(platform)) return moduleName(frame.module);
  const file = fileName(frame.filename || frame.abs_path || '', platform);
  if (file) return file;
  if (frame.module) return moduleName(frame.module);
  return frame.package ? packageName(frame.package) : null;
}

/** Has something that may be volatile; most modules do not, and this is asked of every frame. */
const SUSPECT_MODULE = /\$|Accessor\d|DisplayClass|__\d/;

function moduleName(module: string): string {
  if (module.length <= MAX_NAME && !SUSPECT_MODULE.test(module)) return module;
  return module
    .slice(0, MAX_NAME)
    .replace(/\$\$(?:Enhancer|FastClass|SpringCGLIB|_javassist|Lambda)[^.]*/g, '$$')
    .replace(/\$Proxy\d+/g, '$Proxy')
    .replace(/(GeneratedMethodAccessor|GeneratedConstructorAccessor|DisplayClass)[\d_]+/g, '$1')
    .replace(/__\d+(?:_\d+)?/g, '__')
    .replace(/\$\d+/g, '$');
}

function fileName(path: string, platform: string): string | null {
  const isWeb = JAVASCRIPT.has(platform);
  const end = path.search(isWeb ? /[?#]/ : /$/);
  const clean = (end < 0 ? path : path.slice(0, end)).slice(-MAX_FILE);
  const name = clean.slice(Math.max(clean.lastIndexOf('/'), clean.lastIndexOf('\\')) + 1);
  if (name === '') return null;
  const withoutHash = name.replace(/[.\-_~](?=[a-f]*\d)[0-9a-f]{7,64}(?=[.\-_])/g, '');
  return isWeb ? withoutHash.replace(/-(?=\w*\d)(?=\w*[A-Z])[\w-]{8}(?=\.[cm]?js$)/, '') : withoutHash;
}

/** The library without its directory and version. .NET gives the assembly's full name. */
export function packageName(path: string): string {
  const [assembly = ''] = path.slice(0, MAX_NAME).split(',', 1);
  const name = assembly.slice(Math.max(assembly.lastIndexOf('/'), assembly.lastIndexOf('\\')) + 1);
  return name.replace(/\.so[\d.]*$/, '.so').replace(/[-.]\d[\d.]*(?=\.(?:dylib|dll|jar)$)/, '');
}
