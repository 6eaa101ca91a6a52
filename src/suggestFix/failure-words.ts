import type { SuggestFailureKind } from '../api/suggest.ts';

export type Words = { title: string; remedy: string };

/**
 * What a failure is called and what else helps. Between the two stands what the server says, which names the settings of
 * the endpoint that was asked: it may be one of several.
 */
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
      remedy: 'It may answer on another try, and another model may answer this event.',
    },
    unauthorized: {
      title: `${endpoint} does not accept the key`,
      remedy: 'A changed key is used once Stackmend is started again.',
    },
    rate_limited: { title: 'Too many requests for now', remedy: 'The button works again when the wait is over.' },
    timeout: {
      title: `${model} took too long`,
      remedy: 'It may be loading or busy.',
    },
    unreachable: {
      title: `${endpoint} cannot be reached`,
      remedy: 'A changed address is used once Stackmend is started again.',
    },
    cut_off: { title: 'The answer was cut off', remedy: 'It was not stored. Retry asks for a whole one.' },
    provider_error: { title: `${endpoint} answered with an error`, remedy: "Stackmend's log has its exact words." },
    server_unreachable: { title: 'No connection to Stackmend', remedy: 'Retry when it is back.' },
    forbidden: { title: 'This is not allowed to you', remedy: 'Nothing was sent.' },
    unknown: { title: 'No suggestion came', remedy: "Stackmend's log may say more." },
  };
  return words[kind];
}
