import type { SuggestFailureKind } from '../api/suggest.ts';

export type Words = { title: string; remedy: string };

/** What a failure is called and what to do about it. The server's own sentence stands between the two. */
export function failureWords(kind: SuggestFailureKind, to: { model: string; endpoint: string }): Words {
  const { model, endpoint } = to;
  const words: Record<SuggestFailureKind, Words> = {
    not_configured: { title: 'No model is set', remedy: 'Nothing was sent.' },
    restricted: { title: 'Suggestions are switched off', remedy: 'Nothing was sent.' },
    consent_required: { title: 'Your consent is needed first', remedy: 'Nothing was sent. Read and agree below.' },
    stale_payload: {
      title: 'The payload has changed meanwhile',
      remedy: 'Nothing was sent. Look at the new payload below and click again.',
    },
    refused: {
      title: `${model} declined to answer`,
      remedy: 'It may answer on another try, and another model (OPENAI_MODEL) may answer this event.',
    },
    unauthorized: {
      title: `${endpoint} does not accept the key`,
      remedy: 'Check OPENAI_API_KEY, or openai.api-key in config.yml, and restart Stackmend.',
    },
    rate_limited: { title: 'Too many requests for now', remedy: 'The button works again when the wait is over.' },
    timeout: {
      title: `${model} took too long`,
      remedy: 'It may be loading or busy. Try again, or set a faster model.',
    },
    unreachable: {
      title: `${endpoint} cannot be reached`,
      remedy: 'Is the model server running there? The address is OPENAI_BASE_URL.',
    },
    cut_off: { title: 'The answer was cut off', remedy: 'It was not stored. Retry asks for a whole one.' },
    provider_error: { title: `${endpoint} answered with an error`, remedy: "Stackmend's log has its exact words." },
    server_unreachable: { title: 'No connection to Stackmend', remedy: 'Retry when it is back.' },
    forbidden: { title: 'This is not allowed to you', remedy: 'Nothing was sent.' },
    unknown: { title: 'No suggestion came', remedy: "Stackmend's log may say more." },
  };
  return words[kind];
}
