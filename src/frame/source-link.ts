/**
 * The address that an event gives for the source of a frame, which a stranger may have written: null unless it is of http or
 * https and names nobody (`https://github.com@example.com/` reads as another host). Normalized, so that what is shown is
 * where the click goes: a host of look-alike letters shows as `xn--`.
 */
export function sourceLinkOf(sent: string | null | undefined): string | null {
  const url = sent ? URL.parse(sent) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return null;
  return url.href;
}
