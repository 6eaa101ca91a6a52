/**
 * The search term for a tag's value, quoted where it must be.
 *
 * @param given the server's own word for it, where `key:value` is not the way to search for the tag
 */
export function tagQuery(key: string, value: string, given?: unknown): string {
  if (typeof given === 'string' && given !== '') return given;
  // Only these two are escaped: JSON's \n would be looked for as it is written.
  const quoted = /^[\w.@/+-][\w.@/+:-]*$/.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`;
  return `${keyTerm(key)}${quoted}`;
}

/** What comes before a value: `release:`; a key with a colon of its own, or a bracket, is told as a tag. */
export const keyTerm = (key: string): string => (/^[\w.@/-]+$/.test(key) ? `${key}:` : `tags[${key}]:`);

/** A query with one more term, which it may have already. */
export function withTerm(query: string, term: string): string {
  return ` ${query} `.includes(` ${term} `) ? query : `${query} ${term}`.trim();
}
