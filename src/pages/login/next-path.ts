/** Where a visit begins that asked for nothing in particular. */
const start = '/issues/';

/** Where one signs in. @param from the place to come back to */
export function loginPath(from: { pathname: string; search: string; hash: string }): string {
  const next = from.pathname + from.search + from.hash;
  return next === start ? '/login/' : `/login/?${new URLSearchParams({ next })}`;
}

/**
 * The place that `next` names, if it is one of this page. It is a stranger's text: whoever sends somebody a link to the
 * login must not have them end up elsewhere.
 */
export function nextPath(next: string | null): string {
  const { origin } = window.location;
  const url = next?.startsWith('/') ? URL.parse(next, origin) : null;
  if (url?.origin !== origin) return start;
  // Browsers read `/\` as `//`, drop tabs and lines, and `/.//` is left as `//`: so what was understood is asked, too.
  if (/^\/[/\\]/.test(url.pathname) || /^\/(?:login|welcome)(?:\/|$)/.test(url.pathname)) return start;
  return url.pathname + url.search + url.hash;
}
