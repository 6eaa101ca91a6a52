// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ansi = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g;

/** Takes out what colours a terminal; the raw JSON still has it. */
export function stripAnsi(text: string): string {
  return text.replace(ansi, '');
}

export function hasAnsi(text: string): boolean {
  return text !== stripAnsi(text);
}

/** Control characters as the pictures that Unicode has for them (`␀`, `␛`), so that none is unseen; tab and line feed stay. */
export function showControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, (character) => {
    const code = character.charCodeAt(0);
    return code === 0x7f ? '\u2421' : String.fromCharCode(0x2400 + code);
  });
}
