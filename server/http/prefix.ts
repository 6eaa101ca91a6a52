/**
 * The target of a request without the path of the address that the operator set: some proxies hand it on as it came, and
 * some take it off.
 *
 * @param base path of the address, without a slash at the end; empty at the root
 */
export function withoutPrefix(target: string, base: string): string {
  if (base === '' || !target.startsWith(base)) return target;
  const rest = target.slice(base.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : target;
}
