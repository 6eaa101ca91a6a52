import type { Frame, StacktraceLink } from '../../server/protocol/contract.ts';
import { metaAt } from '../components/annotated-text-meta.ts';
import { editorUrl } from './editor.ts';
import { type EditorChoice, editorName, templateOf } from './editor-choice.ts';

/** Where else a frame's line can be looked at. */
export type FramePlaces = {
  /** `href` is null where the folder on this machine has to be told first. */
  editor: { label: string; href: string | null; title: string } | null;
  web: { label: string; href: string } | null;
  /** Folder of the checkout on the server. */
  serverFolder: string | null;
};

type Where = {
  choice: EditorChoice;
  folder: string | null;
  /** Is the server on the machine of the browser? */
  isLocal: boolean;
};

/** Is this host the machine that the browser runs on? */
export const isLoopback = (hostname: string): boolean =>
  /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);

export function placesOf(frame: Frame, link: StacktraceLink, where: Where): FramePlaces {
  const { path, absPath } = link.source ?? {};
  const slashed = absPath?.replaceAll('\\', '/');
  const serverFolder = path && slashed?.endsWith(`/${path}`) ? slashed.slice(0, -path.length - 1) : null;
  return { editor: path ? editorOf(frame, path, serverFolder, where) : null, web: webOf(frame, link), serverFolder };
}

function editorOf(
  { lineNo, colNo }: Frame,
  relativePath: string,
  serverFolder: string | null,
  { choice, folder, isLocal }: Where,
): FramePlaces['editor'] {
  const label = `Open in ${editorName(choice)}`;
  const isKnown = folder !== null || isLocal;
  const root = (folder || serverFolder)?.replace(/[/\\]+$/, '');
  // The server's own path says nothing about another machine.
  if (!isKnown || !root) return { label: `${label}…`, href: null, title: 'Say first where its checkout is' };
  const path = `${root}/${relativePath}`;
  const href = editorUrl(templateOf(choice), { path, relativePath, line: lineNo ?? 1, column: colNo ?? null });
  return { label, href, title: `${path}:${lineNo ?? 1}` };
}

const hosts = { 'github.com': 'GitHub', 'gitlab.com': 'GitLab', 'bitbucket.org': 'Bitbucket' };

/** Whose page it is: where the host does not say, the way in which addresses are made does. */
function siteName({ hostname, host, pathname }: URL, provider: unknown): string {
  if (typeof provider === 'string' && provider) return provider;
  const known = Object.entries(hosts).find(([name]) => name === hostname)?.[1];
  if (known) return known;
  if (pathname.includes('/-/blob/')) return 'GitLab';
  return pathname.includes('/blob/') ? 'GitHub' : host;
}

function webOf({ lineNo }: Frame, { sourceUrl, config }: StacktraceLink): FramePlaces['web'] {
  if (!sourceUrl || !URL.canParse(sourceUrl)) return null;
  const url = new URL(sourceUrl);
  // It comes from a form or from a remote's address: whatever it is, it leads to a page on the web.
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  if (lineNo) url.hash = `L${lineNo}`;
  return { label: `Open on ${siteName(url, metaAt(config, 'provider', 'name'))}`, href: url.href };
}
