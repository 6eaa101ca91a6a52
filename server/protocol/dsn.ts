import { StatusError } from './errors.ts';

/** Where an SDK sends: `{protocol}://{publicKey}[:{secret}]@{host}{path}/{projectId}`. */
export type Dsn = {
  protocol: 'http' | 'https';
  /** 32 lower-case hex digits. */
  publicKey: string;
  /** With port, when it is not the protocol's own. */
  host: string;
  /** Path prefix of a server that is not at the root: `/some/prefix`, or empty. */
  path: string;
  projectId: number;
};

/** The text is no DSN; the message says which part is wrong. */
export class DsnError extends StatusError {
  constructor(message: string) {
    super(400, message);
  }
}

/** @throws {DsnError} not an http(s) URL with a public key and a project id. The secret part, obsolete, is ignored. */
export function parseDsn(text: string): Dsn {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new DsnError('The DSN is not an http(s) URL.');
  const slash = url.pathname.lastIndexOf('/');
  return {
    protocol: url.protocol === 'http:' ? 'http' : 'https',
    publicKey: parsePublicKey(url.username),
    host: url.host,
    path: url.pathname.slice(0, slash),
    projectId: parseProjectId(url.pathname.slice(slash + 1)),
  };
}

/** @param parts `url` is the server's base, with its path prefix if it has one */
export function formatDsn(parts: { url: string; publicKey: string; projectId: number | string }): string {
  const url = new URL(parts.url);
  url.username = parts.publicKey;
  url.search = '';
  url.hash = '';
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${parts.projectId}`;
  return url.href;
}

/** @returns lower-case; Relay takes no other form either. @throws {DsnError} not 32 hex digits */
export function parsePublicKey(text: string): string {
  if (!/^[0-9a-f]{32}$/i.test(text)) throw new DsnError('The public key of a DSN has 32 hex digits; this one has not.');
  return text.toLowerCase();
}

/** @throws {DsnError} not digits, or 0 */
export function parseProjectId(text: string): number {
  const id = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  if (id === 0 || !Number.isSafeInteger(id)) throw new DsnError('The project id must be a number, as in the DSN.');
  return id;
}
