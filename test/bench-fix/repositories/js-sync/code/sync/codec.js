const VERSION = 2;

export function encode(type, body) {
  return `${JSON.stringify([VERSION, type, body])}\n`;
}

/** Whole lines of what came; the rest is kept for the next piece. */
export function createDecoder() {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    return lines.map((line) => {
      const [version, type, body] = JSON.parse(line);
      return version === VERSION ? { type, body } : { type: 'unknown', body: null };
    });
  };
}
