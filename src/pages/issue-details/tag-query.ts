/**
 * The search term for a tag's value, quoted where it must be.
 *
 * @param given the server's own word for it, where `key:value` is not the way to search for the tag
 */
export function tagQuery(key: string, value: string, given?: unknown): string {
  if (typeof given === 'string' && given !== '') return given;
  return `${key}:${/^[\w.@/+:-]+$/.test(value) ? value : JSON.stringify(value)}`;
}
