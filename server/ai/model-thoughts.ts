const OPENINGS = ['<think>', '<thinking>'] as const;

/**
 * Takes out what a local model thinks aloud before its answer, `<think>...</think>`, also where a mark comes in two
 * pieces. Further on the same letters are text: an answer may be about them.
 */
export function createThoughtFilter() {
  /** What came since the beginning, or since the closing mark could begin. */
  let held = '';
  let closing: string | null = null;
  let isOver = false;

  function push(text: string): string {
    if (isOver) return text;
    held += text;
    for (;;) {
      if (closing === null) {
        held = held.trimStart();
        const opening = OPENINGS.find((mark) => held.startsWith(mark));
        if (!opening) return OPENINGS.some((mark) => mark.startsWith(held)) ? '' : end();
        closing = opening.replace('<', '</');
        held = held.slice(opening.length);
      }
      const at = held.indexOf(closing);
      if (at === -1) {
        held = held.slice(-closing.length);
        return '';
      }
      held = held.slice(at + closing.length);
      closing = null;
    }
  }

  function end(): string {
    if (isOver) return '';
    isOver = true;
    // An unclosed thought is no answer.
    return closing === null ? held : '';
  }

  return {
    /** @returns what of the answer is certain by now */
    push,
    /** @returns what was held back, at the end of the answer */
    end,
  };
}
