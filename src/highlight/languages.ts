/** The languages that have a grammar here, by Prism's names. */
export type Language =
  | 'bash'
  | 'c'
  | 'clojure'
  | 'cpp'
  | 'csharp'
  | 'css'
  | 'dart'
  | 'diff'
  | 'elixir'
  | 'erlang'
  | 'fsharp'
  | 'go'
  | 'graphql'
  | 'groovy'
  | 'haskell'
  | 'java'
  | 'javascript'
  | 'json'
  | 'jsx'
  | 'julia'
  | 'kotlin'
  | 'lua'
  | 'markup'
  | 'objectivec'
  | 'perl'
  | 'php'
  | 'powershell'
  | 'python'
  | 'ruby'
  | 'rust'
  | 'scala'
  | 'sql'
  | 'swift'
  | 'toml'
  | 'tsx'
  | 'typescript'
  | 'yaml';

/** File extensions, SDK platforms and the names that people write after three backticks; all lower case. */
const names: Record<Language, string> = {
  bash: 'bash sh zsh ksh shell',
  c: 'c h native',
  clojure: 'clojure clj cljs cljc edn',
  cpp: 'cpp c++ cc cxx hpp hh hxx inl ipp cu metal ino',
  csharp: 'csharp cs c# dotnet csx',
  css: 'css scss less',
  dart: 'dart',
  diff: 'diff patch',
  elixir: 'elixir ex exs',
  erlang: 'erlang erl hrl',
  fsharp: 'fsharp fs fsx f#',
  go: 'go golang',
  graphql: 'graphql gql',
  groovy: 'groovy gradle',
  haskell: 'haskell hs',
  java: 'java',
  javascript: 'javascript js mjs cjs node jsbundle bundle',
  json: 'json json5 jsonc webmanifest',
  jsx: 'jsx',
  julia: 'julia jl',
  kotlin: 'kotlin kt kts',
  lua: 'lua',
  markup: 'markup html htm xml svg vue xhtml',
  objectivec: 'objectivec objc m mm cocoa',
  perl: 'perl pl pm t',
  php: 'php phtml inc',
  powershell: 'powershell ps1 psm1 psd1',
  python: 'python py pyw pyi pyx',
  ruby: 'ruby rb rake gemspec ru',
  rust: 'rust rs',
  scala: 'scala sc sbt',
  sql: 'sql',
  swift: 'swift',
  toml: 'toml',
  tsx: 'tsx',
  typescript: 'typescript ts mts cts',
  yaml: 'yaml yml',
};

const byName = new Map<string, Language>(
  (Object.keys(names) as Language[]).flatMap((language) =>
    names[language].split(' ').map((name): [string, Language] => [name, language]),
  ),
);

/** The language that goes by this name (`py`, `Python`, `c#`); null when there is no grammar for it. */
export function languageNamed(name: string | null | undefined): Language | null {
  return byName.get((name ?? '').toLowerCase()) ?? null;
}

/** The extension decides, where it is known; a file without one falls back to the platform of its frame. */
export function languageOf({
  path,
  platform,
}: {
  path: string | null | undefined;
  platform?: string | null | undefined;
}): Language | null {
  const file = (path ?? '').split(/[?#]/, 1)[0]?.split(/[/\\]/).at(-1) ?? '';
  const dot = file.lastIndexOf('.');
  return (dot === -1 ? null : languageNamed(file.slice(dot + 1))) ?? languageNamed(platform);
}
