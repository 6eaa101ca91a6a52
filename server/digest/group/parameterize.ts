/** FROZEN with grouper v1: a change here splits every issue that was grouped by its message. */

/** What comes after says little about the kind of message. */
const MAX_MESSAGE = 2000;

/** Each kind of value by its pattern; the first that matches at a place counts. Linear: every repeat is bounded or cannot fail. */
const KINDS: readonly (readonly [string, string])[] = [
  ['url', '\\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\\s"\'<>]+'],
  ['email', '[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}'],
  ['uuid', '\\b[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\\b'],
  [
    'date',
    '\\b\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d)?(?:[.,]\\d{1,9})?)?(?:Z\\b| ?[+-]\\d\\d:?\\d\\d\\b)?',
  ],
  ['date', '\\b\\d{1,2}:\\d\\d(?::\\d\\d)(?:[.,]\\d{1,9})?\\b'],
  ['ip', '\\b\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d{1,5})?\\b'],
  ['ip', '(?<![\\w:])(?:[0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{1,4}\\b'],
  ['path', '(?<![\\w/\\\\])(?:[A-Za-z]:)?(?:[/\\\\][\\w.@+-]{1,100}){2,100}'],
  ['hex', '\\b0[xX][0-9a-fA-F]+\\b'],
  ['hex', '\\b(?=[a-fA-F]{0,40}\\d)(?=\\d{0,40}[a-fA-F])[0-9a-fA-F]{8,128}\\b'],
  ['number', '[+-]?\\d+(?:[.,]\\d+)*(?:e[+-]?\\d{1,3}\\b)?'],
];
const VALUE = new RegExp(KINDS.map(([, pattern], index) => `(?<k${index}>${pattern})`).join('|'), 'g');

/** A message with its values replaced by their kind, so that the same message about another order is the same issue. */
export function parameterize(message: string): string {
  return message
    .slice(0, MAX_MESSAGE)
    .trim()
    .replace(VALUE, (...match) => {
      const groups: Record<string, string | undefined> = match.at(-1);
      const index = KINDS.findIndex((_, kind) => groups[`k${kind}`] !== undefined);
      return `<${KINDS[index]?.[0] ?? 'value'}>`;
    });
}
