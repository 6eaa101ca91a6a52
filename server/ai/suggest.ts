import { randomBytes } from 'node:crypto';
import type { RateLimit } from '../limits/rate-limit.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Suggestion, SuggestPayload } from '../protocol/contract.ts';
import type { Json, StoredEvent, StoredFrame } from '../protocol/event.ts';
import type { AiPayload, AiStore, StoredSuggestion, SuggestionKey } from '../storage/ai.ts';
import type { LineCoverage } from './describe-frame.ts';
import { type Endpoint, parseEndpoint } from './endpoint.ts';
import type { Model } from './model.ts';
import { checkPolicy, parsePolicy, RESTRICTED } from './policy.ts';
import { messagesFor, type Prepared, prepareForAi, tokensOf } from './prepare.ts';
import { PROMPT_VERSION } from './prompt.ts';
import { createSharedRuns } from './shared-run.ts';
import { SuggestError } from './suggest-error.ts';

export type SuggesterDeps = {
  store: AiStore;
  /** As set; `policy` may be any word, and an unknown one is refused here. */
  settings: { baseUrl: string; apiKey: string; model: string; policy: string };
  createModel: (settings: { endpoint: Endpoint; apiKey: string; model: string }) => Model;
  /** Five a second, as Sentry has it; asked once for the address and once for the user. */
  rateLimit: RateLimit;
  metrics: Pick<Metrics, 'incr' | 'timing'>;
  /** Unix milliseconds. */
  now: () => number;
  /** Coverage of the frames' files, where reports are kept. */
  coverageOf?: (event: StoredEvent, projectId: number) => Promise<ReadonlyMap<StoredFrame, LineCoverage>>;
};

/** An event with what an answer is kept under. */
export type LoadedEvent = { event: StoredEvent; issueId: number; projectId: number; primaryHash: string };

/** Who asks. Until there are users, `user` is `local`. */
export type Asker = { user: string; address: string };

export type SuggestOptions = {
  /** The payload that was shown; without it the server makes one. */
  payloadId?: string;
  /** Asks the model though there is an answer, and replaces it. */
  force?: boolean;
};

export type SuggestPiece = { type: 'delta'; text: string } | { type: 'done'; suggestion: Suggestion };

/** A page may be left open for a day before its button is clicked. */
const PAYLOAD_LIFE_MS = 24 * 3600 * 1000;

export type Suggester = ReturnType<typeof createSuggester>;

/** @throws {ConfigurationError} the policy is unknown, the base URL is none */
export function createSuggester(deps: SuggesterDeps) {
  const { store, metrics, now } = deps;
  const { apiKey, model } = deps.settings;
  const policy = parsePolicy(deps.settings.policy);
  const endpoint = parseEndpoint(deps.settings.baseUrl);
  const runs = createSharedRuns<SuggestPiece>();
  const missing = whatIsMissing(endpoint, apiKey, model);

  const keyOf = ({ projectId, primaryHash }: LoadedEvent): SuggestionKey => ({
    projectId,
    primaryHash,
    endpoint: endpoint.baseUrl,
    model,
    promptVersion: PROMPT_VERSION,
  });

  const prepare = async ({ event, projectId }: LoadedEvent) =>
    prepareForAi(event, await deps.coverageOf?.(event, projectId));

  /** The id is the nonce: random, and unknown to whoever wrote the event. The same content keeps its id. */
  async function storePayload(loaded: LoadedEvent, prepared: Prepared): Promise<AiPayload> {
    const { projectId, issueId, event } = loaded;
    await store.deletePayloadsBefore(now() - PAYLOAD_LIFE_MS);
    for (const stored of await store.payloadsOf(projectId, event.event_id)) {
      const isSame = JSON.stringify(stored.messages) === JSON.stringify(messagesFor(prepared, stored.id));
      if (!isSame || !isCurrent(stored)) continue;
      await store.touchPayload(stored.id, now());
      return stored;
    }
    const id = randomBytes(16).toString('hex');
    const messages = messagesFor(prepared, id);
    const place = { projectId, issueId, eventId: event.event_id };
    const payload = { id, ...place, messages, model, endpoint: endpoint.baseUrl, promptVersion: PROMPT_VERSION };
    await store.addPayload(payload, now());
    return payload;
  }

  const isCurrent = (payload: AiPayload): boolean =>
    payload.model === model && payload.endpoint === endpoint.baseUrl && payload.promptVersion === PROMPT_VERSION;

  async function payloadToSend(loaded: LoadedEvent, payloadId: string | undefined): Promise<AiPayload> {
    if (payloadId === undefined) return storePayload(loaded, await prepare(loaded));
    const payload = await store.payload(loaded.projectId, loaded.event.event_id, payloadId);
    if (payload && isCurrent(payload)) return payload;
    throw new SuggestError('stale_payload', 'What was shown is no longer what would be sent. Look at it again.');
  }

  function takeTurn({ user, address }: Asker): void {
    for (const key of [`address ${address}`, `user ${user}`]) {
      const { ok, retryAfter } = deps.rateLimit.take(key);
      if (ok) continue;
      throw new SuggestError('rate_limited', `Too many requests at once. Try again in ${retryAfter} s.`, {
        retryAfter,
      });
    }
  }

  async function* ask(payload: AiPayload, key: SuggestionKey, signal: AbortSignal): AsyncGenerator<SuggestPiece, void> {
    metrics.incr('ai.request', 1);
    // As estimated, which is also what the panel shows: not every endpoint tells.
    metrics.incr('ai.tokens', tokensOf(payload.messages), { direction: 'sent' });
    const startedAt = performance.now();
    // What it stays when the last reader leaves.
    let result = 'aborted';
    let text = '';
    try {
      const source = deps.createModel({ endpoint, apiKey, model });
      for await (const piece of source.stream(payload.messages, signal)) {
        text += piece;
        yield { type: 'delta', text: piece };
      }
      result = 'success';
    } catch (error) {
      result = 'failure';
      metrics.incr('ai.failure', 1, { kind: error instanceof SuggestError ? error.kind : 'other' });
      throw error;
    } finally {
      metrics.timing('ai.duration', performance.now() - startedAt, { result });
    }
    // Only a whole answer comes here: the model throws otherwise.
    const stored: StoredSuggestion = { ...key, eventId: payload.eventId, text, dateCreated: now() };
    await store.saveSuggestion(stored);
    yield { type: 'done', suggestion: toSuggestion(stored, endpoint) };
  }

  return {
    /** A stored answer of the event's issue; reading one sends nothing, so it needs no consent. */
    async stored(loaded: LoadedEvent): Promise<Suggestion | null> {
      const stored = await store.suggestion(keyOf(loaded));
      return stored ? toSuggestion(stored, endpoint) : null;
    },

    /** What the button would send, byte for byte; stored, so that the button can name it. Sends nothing. */
    async payload(loaded: LoadedEvent, user: string): Promise<SuggestPayload> {
      const prepared = await prepare(loaded);
      const { id, messages } = await storePayload(loaded, prepared);
      return {
        payloadId: id,
        messages,
        model,
        endpoint: endpoint.host,
        isLocal: endpoint.isLocal,
        configured: missing === null,
        detail: missing ?? (policy === 'subprocessor' ? RESTRICTED : null),
        policy,
        consented: await store.hasConsented(user),
        tokens: tokensOf(messages),
        redacted: prepared.redacted,
        leftOut: prepared.leftOut,
      };
    },

    /**
     * Yields the answer as it comes, `done` last. A stored one comes in a single piece. Who asks for the same answer
     * while it is being made reads along; the call to the model ends when the last reader has left.
     *
     * @throws {SuggestError} also midway
     */
    async *suggest(
      loaded: LoadedEvent,
      asker: Asker,
      { payloadId, force = false }: SuggestOptions,
      signal: AbortSignal,
    ): AsyncGenerator<SuggestPiece, void> {
      takeTurn(asker);
      if (missing) throw new SuggestError('not_configured', missing);
      checkPolicy(policy, await store.hasConsented(asker.user));
      const payload = await payloadToSend(loaded, payloadId);
      const key = keyOf(loaded);
      const stored = force ? null : await store.suggestion(key);
      if (stored) {
        metrics.incr('ai.cached', 1);
        yield { type: 'delta', text: stored.text };
        yield { type: 'done', suggestion: toSuggestion(stored, endpoint) };
        return;
      }
      yield* runs.join(JSON.stringify(key), (shared) => ask(payload, key, shared), signal);
    },

    hasConsented: (user: string): Promise<boolean> => store.hasConsented(user),
    setConsent: (user: string, consented: boolean): Promise<void> => store.setConsent(user, consented, now()),

    /** The description as it would be sent: redacted and cut. Needs neither key nor consent. */
    describe: (event: StoredEvent): Json => prepareForAi(event).description,

    /**
     * Asks for one who sits at the terminal of the server, whose command is the consent. Nothing is stored.
     *
     * @param modelName instead of the one that is set
     * @throws {SuggestError} also midway
     */
    async *askAtTerminal(
      event: StoredEvent,
      modelName: string | undefined,
      signal: AbortSignal,
    ): AsyncGenerator<string, void> {
      const name = modelName ?? model;
      const lacking = whatIsMissing(endpoint, apiKey, name);
      if (lacking) throw new SuggestError('not_configured', lacking);
      checkPolicy(policy, true);
      const messages = messagesFor(prepareForAi(event), randomBytes(16).toString('hex'));
      yield* deps.createModel({ endpoint, apiKey, model: name }).stream(messages, signal);
    },
  };
}

function whatIsMissing(endpoint: Endpoint, apiKey: string, model: string): string | null {
  if (model === '') return 'No model is set: set openai.model (OPENAI_MODEL).';
  if (!endpoint.needsKey || apiKey !== '') return null;
  return (
    'No model is set: set openai.api-key (OPENAI_API_KEY) for OpenAI, ' +
    'or openai.base-url (OPENAI_BASE_URL) for a compatible server of your own, which needs no key.'
  );
}

const toSuggestion = (stored: StoredSuggestion, endpoint: Endpoint): Suggestion => ({
  text: stored.text,
  eventID: stored.eventId,
  model: stored.model,
  endpoint: endpoint.host,
  dateCreated: new Date(stored.dateCreated).toISOString(),
});
