/**
 * Does a run of 20 or more letters, digits, `_`, `-`, `+` and `/` look drawn by lot rather than written by a person or
 * mangled by a compiler? Entropy alone cannot tell: a path or a camel-case name has nearly as much as base64 of that
 * length. How often letters, capitals and digits take turns can: 62 of 100 times in base62, about 35 in camel case;
 * and so can runs of small letters, of which names consist.
 */
export function looksRandom(run: string): boolean {
  if (MANGLED.test(run)) return false;
  const bare = run.replace(/[=_+/-]/g, '');
  if (bare.length < 20) return false;
  if (/^[0-9a-f]+$/i.test(bare)) return bare.length >= 24 && /\d/.test(bare) && /[a-f]/i.test(bare);
  if (run.includes('/') && !isBase64(run)) return false;
  const groups = bare.match(/\d+/g) ?? [];
  const share = turnsIn(bare) / (bare.length - 1);
  if (/[a-z]/.test(bare) && /[A-Z]/.test(bare)) {
    return share >= 0.5 || (share >= 0.3 && (groups.length >= 4 || shareOfWords(bare) < 0.35));
  }
  // One case only, so base32 or base36. Words joined with separators have more digits in them than names without.
  return /[_/-]/.test(run) ? groups.length >= 4 && share >= 0.3 : groups.length >= 3;
}

/** C++, Rust and Swift symbols, as compilers write them. */
const MANGLED = /^(?:_{1,4}Z|_R[A-Z]|_T[A-Z0-9])/;

const isBase64 = (run: string): boolean =>
  !/[_-]/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);

function turnsIn(text: string): number {
  let turns = 0;
  for (let index = 1; index < text.length; index++) {
    if (classOf(text.charCodeAt(index)) !== classOf(text.charCodeAt(index - 1))) turns++;
  }
  return turns;
}

/** Characters in runs of three small letters or more: 16 of 100 in base62, most of a name. */
function shareOfWords(text: string): number {
  const words = text.match(/[a-z]{3,}/g) ?? [];
  return words.join('').length / text.length;
}

/** Digits, capitals, letters. */
function classOf(code: number): 0 | 1 | 2 {
  if (code <= 0x39) return 0;
  return code <= 0x5a ? 1 : 2;
}
