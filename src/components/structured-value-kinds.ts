/** What a value is, once the platform's way of writing it has been read; `text` is how it is shown. */
export type Reading = {
  kind: 'null' | 'boolean' | 'number' | 'string' | 'repr' | 'array' | 'object';
  text: string;
};

type Words = Record<string, 'null' | 'boolean'>;

/** SDKs send many values as the text that their language prints; these words are no strings there. */
const wordsOf: Record<string, Words> = {
  python: { None: 'null', True: 'boolean', False: 'boolean' },
  ruby: { nil: 'null', true: 'boolean', false: 'boolean' },
  php: { null: 'null', true: 'boolean', false: 'boolean' },
  node: { '<null>': 'null', '<undefined>': 'null' },
};
wordsOf['javascript'] = wordsOf['node'] ?? {};

/** How the language writes what JSON can say itself. */
const spelt: Record<string, Record<string, string>> = {
  python: { null: 'None', true: 'True', false: 'False' },
  ruby: { null: 'nil' },
};

/** Node's words in angle brackets are told apart from strings; they are shown without. */
const bare = (text: string) => text.replace(/^<(null|undefined)>$/, '$1');

const isNumeric = (text: string) => text.length < 400 && /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
/** `'a'`, `"a"`, `b'a'`, `u'a'`: a string, as Python's repr writes it. */
const isQuoted = (text: string) => /^[a-z]{0,2}(['"])/i.test(text) && text.length > 1 && /['"]$/.test(text);

/** Reads one value the way its platform wrote it. A string keeps the quotes that its language gave it, else gets JSON's. */
export function readValue(value: unknown, platform?: string | null): Reading {
  const language = platform && Object.hasOwn(wordsOf, platform) ? platform : null;
  if (value === null || value === undefined || typeof value === 'boolean') {
    const word = String(value ?? null);
    const spelling = (language && spelt[language]?.[word]) ?? word;
    return { kind: typeof value === 'boolean' ? 'boolean' : 'null', text: spelling };
  }
  if (typeof value === 'number') return { kind: 'number', text: String(value) };
  if (typeof value === 'string') return readText(value, language);
  return Array.isArray(value) ? { kind: 'array', text: '[…]' } : { kind: 'object', text: '{…}' };
}

function readText(text: string, language: string | null): Reading {
  const words = (language && wordsOf[language]) || {};
  const kind = Object.hasOwn(words, text) ? words[text] : undefined;
  if (kind) return { kind, text: bare(text) };
  if (language !== 'python') return { kind: 'string', text: `"${text}"` };
  if (isQuoted(text)) return { kind: 'string', text };
  // Neither quoted nor a number: the repr of an object, `<Order 12>`, or a text that the SDK cut.
  return { kind: isNumeric(text) ? 'number' : 'repr', text };
}

/** What SDKs write in the place of something that they did not take apart, and why. */
const leftOut: Record<string, readonly [RegExp, string][]> = {
  node: [
    [/^\[Array\]$/, 'A list that lay too deep.'],
    [/^\[(?!Filtered\]|Circular ~\]|MaxProperties ~\])[A-Z][\w$]{0,60}\]$/, 'An object that lay too deep.'],
    [/^\[Circular ~\]$/, 'The object holds itself: it is a value further up.'],
    [/^\[MaxProperties ~\]$/, 'There was more here than the SDK takes.'],
  ],
  php: [
    [/^Array of length \d+$/, 'A list that lay too deep.'],
    [/^Object \S+$/, 'An object that lay too deep.'],
  ],
};
leftOut['javascript'] = leftOut['node'] ?? [];

/** Why only a placeholder of the SDK's stands here, in a sentence; null for a value that is one. */
export function leftOutWords(value: unknown, platform?: string | null): string | null {
  if (typeof value !== 'string' || value.length > 200 || !platform || !Object.hasOwn(leftOut, platform)) return null;
  return leftOut[platform]?.find(([pattern]) => pattern.test(value))?.[1] ?? null;
}

/** How many items an array has, or keys an object; null for what has no parts. */
export function sizeOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null;
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

const previewLength = 96;

/** `{id: 981, items: […]}`: the first parts of a value on one line, about 96 characters of them. */
export function previewOf(value: unknown, platform?: string | null): string {
  const size = sizeOf(value);
  if (size === null || typeof value !== 'object' || value === null) return clip(readValue(value, platform).text, 48);
  const parts: string[] = [];
  let length = 0;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const text = clip(readValue(Reflect.get(value, key), platform).text, 32);
    const part = Array.isArray(value) ? text : `${clip(key, 32)}: ${text}`;
    if (length + part.length > previewLength) break;
    parts.push(part);
    length += part.length + 2;
  }
  if (parts.length < size) parts.push('…');
  return Array.isArray(value) ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
}

const clip = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
