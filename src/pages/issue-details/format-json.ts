/**
 * Indents JSON without reading its values: parsing would lose the digits of 64-bit numbers and the order of digit keys.
 * A text that is no JSON comes out in one piece, with whatever line breaks fall where they fall.
 */
export function formatJson(text: string): string {
  let depth = 0;
  const pieces: string[] = [];
  const line = () => `\n${'  '.repeat(depth)}`;
  // Strings, runs of other characters, and the five marks; each alternative starts with a character of its own.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const last = pieces.at(-1);
    if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      pieces.push(last === '{' || last === '[' ? '' : line(), token);
    } else {
      if (last === '{' || last === '[') pieces.push(line());
      pieces.push(token);
      if (token === '{' || token === '[') depth++;
      if (token === ':') pieces.push(' ');
      if (token === ',') pieces.push(line());
    }
  }
  return pieces.join('');
}
