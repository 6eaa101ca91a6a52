import type * as PrismModule from 'prismjs';
import type { Language } from './languages.ts';

type Prism = typeof PrismModule;
/** A grammar, with the Prism that reads it. */
export type LoadedGrammar = { prism: Prism; grammar: PrismModule.Grammar };

type Part = { load: () => Promise<unknown>; needs?: readonly string[] };

/** Prism's own `components.json` holds the same table, with every language of the world: 40 KB that a page need not load. */
const parts: Record<string, Part> = {
  clike: { load: () => import('prismjs/components/prism-clike.js') },
  'markup-templating': { load: () => import('prismjs/components/prism-markup-templating.js'), needs: ['markup'] },
  bash: { load: () => import('prismjs/components/prism-bash.js') },
  c: { load: () => import('prismjs/components/prism-c.js'), needs: ['clike'] },
  clojure: { load: () => import('prismjs/components/prism-clojure.js') },
  cpp: { load: () => import('prismjs/components/prism-cpp.js'), needs: ['c'] },
  csharp: { load: () => import('prismjs/components/prism-csharp.js'), needs: ['clike'] },
  css: { load: () => import('prismjs/components/prism-css.js') },
  dart: { load: () => import('prismjs/components/prism-dart.js'), needs: ['clike'] },
  diff: { load: () => import('prismjs/components/prism-diff.js') },
  elixir: { load: () => import('prismjs/components/prism-elixir.js') },
  erlang: { load: () => import('prismjs/components/prism-erlang.js') },
  fsharp: { load: () => import('prismjs/components/prism-fsharp.js'), needs: ['clike'] },
  go: { load: () => import('prismjs/components/prism-go.js'), needs: ['clike'] },
  graphql: { load: () => import('prismjs/components/prism-graphql.js') },
  groovy: { load: () => import('prismjs/components/prism-groovy.js'), needs: ['clike'] },
  haskell: { load: () => import('prismjs/components/prism-haskell.js') },
  java: { load: () => import('prismjs/components/prism-java.js'), needs: ['clike'] },
  javascript: { load: () => import('prismjs/components/prism-javascript.js'), needs: ['clike'] },
  json: { load: () => import('prismjs/components/prism-json.js') },
  jsx: { load: () => import('prismjs/components/prism-jsx.js'), needs: ['markup', 'javascript'] },
  julia: { load: () => import('prismjs/components/prism-julia.js') },
  kotlin: { load: () => import('prismjs/components/prism-kotlin.js'), needs: ['clike'] },
  lua: { load: () => import('prismjs/components/prism-lua.js') },
  markup: { load: () => import('prismjs/components/prism-markup.js') },
  objectivec: { load: () => import('prismjs/components/prism-objectivec.js'), needs: ['c'] },
  perl: { load: () => import('prismjs/components/prism-perl.js') },
  php: { load: () => import('prismjs/components/prism-php.js'), needs: ['markup-templating'] },
  powershell: { load: () => import('prismjs/components/prism-powershell.js') },
  python: { load: () => import('prismjs/components/prism-python.js') },
  ruby: { load: () => import('prismjs/components/prism-ruby.js'), needs: ['clike'] },
  rust: { load: () => import('prismjs/components/prism-rust.js') },
  scala: { load: () => import('prismjs/components/prism-scala.js'), needs: ['java'] },
  sql: { load: () => import('prismjs/components/prism-sql.js') },
  swift: { load: () => import('prismjs/components/prism-swift.js') },
  toml: { load: () => import('prismjs/components/prism-toml.js') },
  tsx: { load: () => import('prismjs/components/prism-tsx.js'), needs: ['jsx', 'typescript'] },
  typescript: { load: () => import('prismjs/components/prism-typescript.js'), needs: ['javascript'] },
  yaml: { load: () => import('prismjs/components/prism-yaml.js') },
} satisfies Record<Language, Part> & Record<string, Part>;

const loading = new Map<string, Promise<unknown>>();
const loaded = new Map<Language, LoadedGrammar>();
let core: Prism | null = null;

/** Prism is a script of the open page: it would highlight the document by itself and answer as a worker. Both are off. */
async function loadCore(): Promise<void> {
  Object.assign(globalThis, { Prism: { manual: true, disableWorkerMessageHandler: true } });
  core = (await import('prismjs/components/prism-core.js')).default;
  // A grammar looks for `Prism` in the global scope; a bundler gives the core a scope of its own.
  Object.assign(globalThis, { Prism: core });
}

function once(name: string, load: () => Promise<unknown>): Promise<unknown> {
  let promise = loading.get(name);
  if (!promise) {
    promise = load();
    // A part that did not come (the network was away) is asked for again the next time.
    promise.catch(() => loading.delete(name));
    loading.set(name, promise);
  }
  return promise;
}

async function loadPart(name: string): Promise<unknown> {
  const part = parts[name];
  for (const need of part?.needs ?? []) await once(need, () => loadPart(need));
  return part?.load();
}

/** The grammar if it is here already, for the first painting. */
export function loadedGrammar(language: Language | null): LoadedGrammar | null {
  return language ? (loaded.get(language) ?? null) : null;
}

/** Loads Prism and a grammar, each once. @throws when a file of the page cannot be fetched */
export async function loadGrammar(language: Language): Promise<LoadedGrammar | null> {
  await once('core', loadCore);
  await once(language, () => loadPart(language));
  const grammar = core?.languages[language];
  if (!core || !grammar) return null;
  const result = { prism: core, grammar };
  loaded.set(language, result);
  return result;
}
