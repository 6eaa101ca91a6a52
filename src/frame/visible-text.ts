// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ansi = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g;

/** Takes out what colours a terminal; the raw JSON still has it. */
export function stripAnsi(text: string): string {
  return text.replace(ansi, '');
}

export function hasAnsi(text: string): boolean {
  return text !== stripAnsi(text);
}
