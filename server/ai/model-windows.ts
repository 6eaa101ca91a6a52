type Known = {
  /** Tokens of prompt and answer together. */
  window: number;
  /** What is kept for the answer: a model that thinks spends most of it on what is not shown. */
  answerTokens: number;
  /** Where the prompt may not fill the rest. */
  inputTokens?: number;
};

const THINKING = 32_768;
const PLAIN = 16_384;

/**
 * OpenAI's models by the beginning of their name, as published in May 2026, the longest beginning first. Members of the
 * GPT-5 family that have a larger window are taken for the family's least: no event fills more. 400,000 is what OpenAI
 * says of it, of which a prompt may fill 272,000.
 *
 * @see https://platform.openai.com/docs/models
 */
const KNOWN: readonly (readonly [name: RegExp, known: Known])[] = [
  [/^gpt-[5-9](?:\.\d+)?-chat/, { window: 128_000, answerTokens: PLAIN }],
  [/^gpt-[5-9]/, { window: 400_000, answerTokens: THINKING, inputTokens: 272_000 }],
  [/^gpt-4\.1/, { window: 1_047_576, answerTokens: PLAIN }],
  [/^gpt-4o|^chatgpt-4o/, { window: 128_000, answerTokens: PLAIN }],
  [/^gpt-4-(?:turbo|1106|0125)/, { window: 128_000, answerTokens: 4096 }],
  [/^gpt-4(?:$|-0)/, { window: 8192, answerTokens: 2048 }],
  [/^gpt-3\.5-turbo/, { window: 16_385, answerTokens: 4096 }],
  [/^gpt-oss/, { window: 131_072, answerTokens: THINKING }],
  [/^o1-(?:mini|preview)/, { window: 128_000, answerTokens: THINKING }],
  [/^o[1-9](?:$|-)/, { window: 200_000, answerTokens: THINKING }],
];

/** What any server should hold; one that is set to less must say so, or it cuts the prompt without a word. */
const OTHERS: Known = { window: 16_384, answerTokens: 4096 };

/** @param model as routers write it too: `openai/gpt-5-mini`, `ft:gpt-4.1:org::id`, `gpt-oss:20b` */
export function windowOf(model: string): Required<Known> & { isKnown: boolean } {
  const name = model.toLowerCase().replace(/^(?:openai\/|ft:)/, '');
  const known = KNOWN.find(([pattern]) => pattern.test(name))?.[1];
  const { window, answerTokens, inputTokens = window - answerTokens } = known ?? OTHERS;
  return { window, answerTokens, inputTokens, isKnown: known !== undefined };
}
