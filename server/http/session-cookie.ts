import type { IncomingMessage } from 'node:http';
import type { CookieOptions, Response } from 'express';

export type SessionCookie = {
  set(res: Response, value: string): void;
  clear(res: Response): void;
  /** Null: there is none, or one that cannot be ours. */
  read(req: IncomingMessage): string | null;
};

/**
 * The cookie that holds a session's secret. No script can read it, no other site can send a change with it, and where the
 * server is reached by https, no plain connection or sibling name can set or see it.
 *
 * @param options.lifeMs how long a session lasts at most
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
export function createSessionCookie(options: { isHttps: boolean; lifeMs: number }): SessionCookie {
  const { isHttps, lifeMs } = options;
  const name = isHttps ? '__Host-stackmend_sid' : 'stackmend_sid';
  const attributes: CookieOptions = { httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps };
  return {
    set: (res, value) => void res.cookie(name, value, { ...attributes, maxAge: lifeMs }),
    clear: (res) => void res.clearCookie(name, attributes),
    read: ({ headers }) => {
      for (const pair of (headers.cookie ?? '').split(';')) {
        const [key = '', value = ''] = pair.split('=', 2);
        if (key.trim() === name && /^[\w-]{1,128}$/.test(value.trim())) return value.trim();
      }
      return null;
    },
  };
}
