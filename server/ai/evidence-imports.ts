import { posix } from 'node:path';

/** Files that an import may mean, the likeliest first; paths within the repository. */
export type ImportedFile = {
  /** What the import brings in; empty where it does not say. */
  names: string[];
  candidates: string[];
  /** Where a package is meant: all files of the first of these that there is. */
  folders: string[];
};

/** Of a longer file the imports at its top are read alone. */
const MAX_TEXT = 100_000;
const MAX_MODULES = 10;
const SCRIPT_ENDS = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '/index.ts', '/index.js'];

const SCRIPT_IMPORT = /\b(?:import|export)\s([^;'"]{0,500}?)\sfrom\s{0,8}['"](\.[^'"\n]{1,200})['"]/g;
const SCRIPT_REQUIRE = /\b(?:const|let|var)\s([^=;]{1,300})=\s{0,8}require\(\s{0,8}['"](\.[^'"\n]{1,200})['"]/g;
const PYTHON_FROM =
  /^[ \t]{0,40}from[ \t]{1,8}([\w.]{1,200})[ \t]{1,8}import[ \t]{1,8}(\([^)]{1,1000}\)|[^\n]{1,500})/gm;
const PYTHON_IMPORT = /^[ \t]{0,40}import[ \t]{1,8}([\w.]{1,200})(?:[ \t]{1,8}as[ \t]{1,8}(\w{1,100}))?/gm;
const RUBY_RELATIVE = /^[ \t]{0,40}require_relative[ \t(]{1,8}['"]([^'"\n]{1,200})['"]/gm;

const GO_IMPORT =
  /^[ \t]{0,8}(?:import[ \t]{1,8})?(?:[\w.]{1,100}[ \t]{1,8})?"([\w.~-]{1,100}(?:\/[\w.~-]{1,100}){1,20})"/gm;
const JAVA_PACKAGE = /^[ \t]{0,8}package[ \t]{1,8}([\w.]{1,300})/m;
const JAVA_IMPORT = /^[ \t]{0,8}import[ \t]{1,8}(?:static[ \t]{1,8})?([\w.]{1,300})/gm;

/**
 * What a file imports from its own repository, in the languages whose imports name files: JavaScript and TypeScript by
 * relative paths, Python by modules, Ruby by `require_relative`, Java and Kotlin by classes; Go by packages, which are
 * folders. What others name only a build knows.
 */
export function importedFiles(text: string, path: string): ImportedFile[] {
  const top = text.slice(0, MAX_TEXT);
  const folder = posix.dirname(path);
  const end = posix.extname(path).slice(1).toLowerCase();
  if (end === 'py') return [...pythonFrom(top, folder), ...pythonImports(top, folder)];
  if (end === 'rb') {
    return [...top.matchAll(RUBY_RELATIVE)].map(([, file = '']) => ({
      names: [],
      candidates: [below(folder, file.endsWith('.rb') ? file : `${file}.rb`)],
      folders: [],
    }));
  }
  if (end === 'go') return goImports(top);
  if (end === 'java' || end === 'kt') return javaImports(top, folder, end);
  if (!/^(?:[cm]?[jt]sx?|vue|svelte)$/.test(end)) return [];
  return [...top.matchAll(SCRIPT_IMPORT), ...top.matchAll(SCRIPT_REQUIRE)].map(([, brought = '', file = '']) => ({
    names: namesIn(brought),
    // TypeScript may write `.js` for what is a `.ts`.
    candidates: [...new Set([file, file.replace(/\.[cm]?js$/, '')])].flatMap((written) =>
      SCRIPT_ENDS.map((ending) => below(folder, written + ending)),
    ),
    folders: [],
  }));
}

/** `example.com/shop/api` is the folder `api` of a module that is called `example.com/shop`. */
function goImports(text: string): ImportedFile[] {
  return [...text.matchAll(GO_IMPORT)].map(([, path = '']) => {
    const parts = path.split('/');
    const folders = parts.slice(1).map((_, index) => parts.slice(index + 1).join('/'));
    return { names: parts.slice(-1), candidates: [], folders };
  });
}

/** The file's own package tells where packages begin. */
function javaImports(text: string, folder: string, end: string): ImportedFile[] {
  const own = (JAVA_PACKAGE.exec(text)?.[1] ?? '').replaceAll('.', '/');
  if (own === '' || !`/${folder}`.endsWith(`/${own}`)) return [];
  const root = folder.slice(0, folder.length - own.length);
  return [...text.matchAll(JAVA_IMPORT)].map(([, path = '']) => {
    const name = path.slice(path.lastIndexOf('.') + 1);
    return { names: [name], candidates: [`${root}${path.replaceAll('.', '/')}.${end}`], folders: [] };
  });
}

const below = (folder: string, file: string): string => posix.normalize(posix.join(folder, file));

const namesIn = (text: string): string[] => text.match(/[\p{L}_$][\p{L}\p{N}_$]{0,100}/gu) ?? [];

function pythonFrom(text: string, folder: string): ImportedFile[] {
  return [...text.matchAll(PYTHON_FROM)].flatMap(([, module = '', brought = '']) => {
    const names = namesIn(brought);
    // `from shop import rates` may bring in a module, beside what the package itself has.
    const modules = names.slice(0, MAX_MODULES).map((name) => ({
      names: [name],
      candidates: moduleFiles(`${module.replace(/\.$/, '')}.${name}`, folder),
      folders: [],
    }));
    return [{ names, candidates: moduleFiles(module, folder), folders: [] }, ...modules];
  });
}

function pythonImports(text: string, folder: string): ImportedFile[] {
  return [...text.matchAll(PYTHON_IMPORT)].map(([, module = '', as]) => ({
    names: [as ?? module.split('.').at(0) ?? module],
    candidates: moduleFiles(module, folder),
    folders: [],
  }));
}

/** `shop.rates` from `src/shop` may be `src/shop/shop/rates.py`, `src/shop/rates.py` or `shop/rates.py`. */
function moduleFiles(module: string, folder: string): string[] {
  const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(module) ?? [];
  const file = rest.split('.').filter(Boolean).join('/');
  const ups = folder === '.' ? [] : folder.split('/');
  const roots =
    dots === ''
      ? Array.from({ length: ups.length + 1 }, (_, index) => ups.slice(0, ups.length - index))
      : [ups.slice(0, Math.max(0, ups.length - dots.length + 1))];
  return roots.flatMap((root) => {
    const at = [...root, file].filter(Boolean).join('/');
    return at === '' ? [] : [`${at}.py`, `${at}/__init__.py`];
  });
}
