import type { CodeMappingRow } from '../storage/code-mappings.ts';

export type Provider = 'github' | 'gitlab';
/** Where people look at a repository. */
export type RepositoryPage = { url: string; provider: Provider | null; name: string };

const PROVIDER_NAMES: Record<Provider, string> = { github: 'GitHub', gitlab: 'GitLab' };
export const providerName = (provider: Provider): string => PROVIDER_NAMES[provider];

/**
 * The page of a repository by an address to clone from, or of the page itself: `https://github.com/acme/shop.git`,
 * `ssh://git@github.com/acme/shop`, `git@github.com:acme/shop.git`. A name or a password in it is dropped.
 *
 * @returns null for what leads to no web page: a folder, say, or another scheme
 */
export function repositoryPage(address: string, provider: Provider | null = null): RepositoryPage | null {
  const text = address.trim();
  const scp = /^(?:[\w.-]+@)?([\w.-]+\.[\w-]+|localhost):(?!\/\/)\/?([^\\\s]+)$/.exec(text);
  const url = URL.parse(scp ? `ssh://${scp[1]}/${scp[2]}` : text);
  if (!url || !['http:', 'https:', 'ssh:', 'git:', 'git+ssh:'].includes(url.protocol)) return null;
  const isWeb = url.protocol.startsWith('http');
  const path = url.pathname.replace(/\/$/, '').replace(/\.git$/, '');
  if (!url.hostname || path.length < 2) return null;
  // Other than http, ssh's and git's own schemes leave a host as it is written.
  const host = (isWeb ? url.host : url.hostname).toLowerCase();
  if (!/^\w[\w.-]*(?::\d+)?$|^\[[\d:a-f.]+\](?::\d+)?$/.test(host)) return null;
  return {
    url: `${isWeb ? url.protocol : 'https:'}//${host}${path}`,
    provider: provider ?? providerOf(host),
    name: path.slice(1),
  };
}

function providerOf(host: string): Provider | null {
  if (/(?:^|[.-])github(?:[.-]|$)/.test(host)) return 'github';
  return /(?:^|[.-])gitlab(?:[.-]|$)/.test(host) ? 'gitlab' : null;
}

/**
 * A file's page, without a line.
 *
 * @param ref full hash or name of a branch
 */
export function filePage({ url, provider }: RepositoryPage, path: string, ref: string): string | null {
  if (!provider) return null;
  const encoded = (text: string) => text.split('/').map(encodeSegment).join('/');
  return `${url}/${provider === 'gitlab' ? '-/blob' : 'blob'}/${encoded(ref)}/${encoded(path)}`;
}

/** A lone half of a pair, which git's names may have, is no text that can be encoded. */
const encodeSegment = (text: string) => encodeURIComponent(text.toWellFormed());

/** Its page by its own address, else by the one that it was cloned from. */
export const mappingPage = (
  { repositoryUrl, provider }: Pick<CodeMappingRow, 'repositoryUrl' | 'provider'>,
  originUrl: string,
): RepositoryPage | null => repositoryPage(repositoryUrl ?? originUrl, provider);
