// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Control characters and those that turn the direction of writing, written as escapes (`\x00`, `\u202e`): what is
 * unseen can make a line read as another one. Tab and line feed stay.
 */
export function showControls(text: string): string {
  return text.replace(unseen, (character) => {
    const hex = character.charCodeAt(0).toString(16);
    return hex.length > 2 ? `\\u${hex}` : `\\x${hex.padStart(2, '0')}`;
  });
}
