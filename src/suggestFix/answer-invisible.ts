/** Zero-width and bidirectional characters, tags and other controls, but tab, line ends and what joins an emoji. */
const unseen =
  /(?!\uFE0F|(?<=\p{Extended_Pictographic}\uFE0F?)\u200D(?=\p{Extended_Pictographic}))\p{Default_Ignorable_Code_Point}|(?![\n\r\t])\p{Cc}|(?!\u200D)[\p{Cf}\u2028\u2029]/gu;

/** Writes what nobody sees as `<U+202E>`, as it is written in what is sent: it could turn a command or an address around. */
export const showInvisible = (text: string): string =>
  text.replace(unseen, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `<U+${code}>`;
  });
