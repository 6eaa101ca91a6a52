/** Where a line is: on this machine, and within its repository. */
export type EditorPlace = {
  /** Absolute, with either kind of slashes. */
  path: string;
  /** Within the repository, with forward slashes. */
  relativePath: string;
  line: number;
  column: number | null;
};

/** IntelliJ's knows a project by its name, which is its folder's unless somebody changed it. */
export const editors = {
  vscode: { name: 'VS Code', template: 'vscode://file/{path}:{line}:{column}' },
  cursor: { name: 'Cursor', template: 'cursor://file/{path}:{line}:{column}' },
  intellij: {
    name: 'IntelliJ',
    template: 'jetbrains://idea/navigate/reference?project={project}&path={relativePath}:{line}:{column}',
  },
  zed: { name: 'Zed', template: 'zed://file/{path}:{line}:{column}' },
} as const;
export type EditorId = keyof typeof editors;
export const isEditor = (id: unknown): id is EditorId => typeof id === 'string' && Object.hasOwn(editors, id);

export const placeholders = ['path', 'relativePath', 'line', 'column', 'project'] as const;

/** Schemes that a browser runs, or reads files by, in place of handing the address to a program. */
const runByBrowser = new Set([
  'javascript',
  'vbscript',
  'data',
  'blob',
  'file',
  'filesystem',
  'about',
  'view-source',
  'ws',
  'wss',
  'ftp',
]);

/** What is wrong with somebody's own template, in words; null when it can be used. */
export function templateFault(template: string): string | null {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(template)?.[1]?.toLowerCase();
  if (!template) return 'Write the address that opens your editor, such as vscode://file/{path}:{line}:{column}.';
  if (!scheme) return 'It should begin with the scheme of your editor, such as vscode:// or idea://.';
  if (runByBrowser.has(scheme)) return `${scheme}:// opens no editor.`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\s\u0000-\u001f\u007f]/.test(template)) return 'It cannot have spaces or line breaks: write a space as %20.';
  const unknown = [...template.matchAll(/\{([^{}]*)\}/g)].find(
    ([, name]) => !placeholders.some((each) => each === name),
  );
  if (unknown) return `${unknown[0]} is not known. There are ${placeholders.map((name) => `{${name}}`).join(', ')}.`;
  if (!/\{(?:path|relativePath)\}/.test(template))
    return 'It needs {path} or {relativePath}, or every file is the same.';
  return null;
}

/** Keeps slashes and a drive's colon; all else that means something in an address is encoded. */
const encodePath = (path: string) =>
  path
    .replaceAll('\\', '/')
    .split('/')
    .map((part, index) => (index < 2 && /^[A-Za-z]:$/.test(part) ? part : encodeURIComponent(part)))
    .join('/');

/** @returns the address; null when the template cannot be used */
export function editorUrl(template: string, { path, relativePath, line, column }: EditorPlace): string | null {
  if (templateFault(template)) return null;
  const folder = path.replaceAll('\\', '/').slice(0, -relativePath.length).replace(/\/+$/, '');
  const values: Record<string, string> = {
    // `file/{path}` has the slash already, and two would be a network's address in Windows.
    path: encodePath(path),
    relativePath: encodePath(relativePath),
    line: String(line),
    column: String(column && column > 0 ? column : 1),
    project: encodeURIComponent(folder.split('/').at(-1) ?? ''),
  };
  return template.replace(/(\/?)\{(\w+)\}/g, (_, slash: string, name: string) => {
    const value = values[name] ?? '';
    return slash + (slash ? value.replace(/^\/+/, '') : value);
  });
}
