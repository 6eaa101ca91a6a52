import type { RateLimit } from '../limits/rate-limit.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Suggestion, SuggestPayload } from '../protocol/contract.ts';
import type { Json } from '../protocol/event.ts';
import type { AiPayload, AiStore, ProjectAi } from '../storage/ai.ts';
import { type AiCallStore, OPERATOR } from '../storage/ai-calls.ts';
import { parseAnswer } from './answer/answer.ts';
import type { Endpoint } from './endpoint.ts';
import type { Endpoints } from './endpoints.ts';
import type { GatherEvidence } from './evidence-in-time.ts';
import { type Recorded, recordCall } from './ledger.ts';
import type { ModelPiece, Waiting } from './model.ts';
import { checkEndpoint, checkPolicy, chooseEndpoint, parsePolicy, RESTRICTED, refusalOf } from './policy.ts';
import { messagesFor } from './prepare.ts';
import { type Preparer, preparer as preparerHere, type ToCount } from './preparer.ts';
import { parseRedactionRules } from './redact-rules.ts';
import { createSharedRuns } from './shared-run.ts';
import { createAnswers } from './suggest-answers.ts';
import { SuggestError } from './suggest-error.ts';
import {
  createPayloads,
  type Describable,
  describePayload,
  isOf,
  type LoadedEvent,
  newNonce,
} from './suggest-payload.ts';
import { type CheckAnswer, toSuggestion } from './suggestion.ts';
import { counterKind } from './tokens.ts';

export type { LoadedEvent } from './suggest-payload.ts';

export type SuggesterDeps = {
  store: AiStore;
  /** The ledger. */
  calls: AiCallStore;
  /** As set; `policy` may be any word, and an unknown one is refused here. */
  settings: { policy: string };
  endpoints: Endpoints;
  /** Five a second, as Sentry has it; asked once for the address and once for the user. */
  rateLimit: RateLimit;
  metrics: Pick<Metrics, 'incr' | 'timing'>;
  /** Unix milliseconds. */
  now: () => number;
  /** What is known about an event beside itself; nothing where it is left out. */
  evidenceOf?: GatherEvidence;
  /** Prepares and counts; in this thread where it is left out. */
  preparer?: Preparer;
  /** Looks at the patch of an answer before it is shown; left out: nothing is known of it. */
  checkAnswer?: CheckAnswer;
};

/** Who asks: what consent and limits are kept under, and the name that the ledger has. */
export type Asker = { user: string; address: string; userId: number | null; userName: string | null };

export type SuggestOptions = {
  /** The payload that was shown, which names its endpoint; without it the server makes one. */
  payloadId?: string | undefined;
  /** Name of an endpoint, where no payload is named; else the project's. */
  endpoint?: string | undefined;
  /** Asks the model though there is an answer, and replaces it. */
  force?: boolean | undefined;
};

/** `waiting` comes before the first `delta` alone. */
export type SuggestPiece = { type: 'delta'; text: string } | Waiting | { type: 'done'; suggestion: Suggestion };

export type Suggester = ReturnType<typeof createSuggester>;

/** @throws {ConfigurationError} the policy is unknown */
export function createSuggester(deps: SuggesterDeps) {
  const { store, calls, metrics, now, endpoints } = deps;
  const policy = parsePolicy(deps.settings.policy);
  const evidenceOf = deps.evidenceOf ?? (async () => ({ context: {}, late: [] }));
  const preparer = deps.preparer ?? preparerHere;
  const payloads = createPayloads({ store, policy, evidenceOf, preparer, now });
  const runs = createSharedRuns<SuggestPiece>();

  const projectOf = async (projectId: number | null): Promise<ProjectAi> => store.project(projectId ?? NO_PROJECT);

  async function storedOf({ projectId, primaryHash }: LoadedEvent, endpoint: Endpoint, project: ProjectAi) {
    return store.suggestion({ projectId, primaryHash, ...payloads.scopeOf(endpoint, project) });
  }

  const feedbackOf = async (callId: number | null, user: string) =>
    callId === null ? null : calls.feedback(callId, user);

  /** What was shown, where it is still what would be sent, else what is made now; and its endpoint. */
  async function payloadToSend(loaded: LoadedEvent, project: ProjectAi, options: SuggestOptions) {
    if (options.payloadId === undefined) {
      const endpoint = chooseEndpoint(endpoints, project, options.endpoint);
      checkEndpoint(endpoint, project);
      const prepared = await payloads.prepare(loaded, endpoint, project);
      return { endpoint, payload: await payloads.keep(loaded, prepared, payloads.scopeOf(endpoint, project)) };
    }
    const payload = await store.payload(loaded.projectId, loaded.event.event_id, options.payloadId);
    const endpoint = payload && endpoints.byName(payload.endpointName);
    if (endpoint) checkEndpoint(endpoint, project);
    if (endpoint && isOf(payload, payloads.scopeOf(endpoint, project))) return { endpoint, payload };
    // Whoever may send nothing is told that, and not to look again.
    if (!endpoint) checkEndpoint(chooseEndpoint(endpoints, project), project);
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

  /** One call to a model, on record. */
  async function* call(
    payload: Omit<AiPayload, 'id' | 'projectId' | 'issueId' | 'policy' | 'rules'> & Omit<Describable, 'event'>,
    endpoint: Endpoint,
    { userId, userName }: Pick<Asker, 'userId' | 'userName'>,
    signal: AbortSignal,
  ): AsyncGenerator<ModelPiece | Recorded, void> {
    const { projectId, issueId, eventId, endpointName, endpoint: address, model, promptVersion } = payload;
    const scope = { endpointName, endpoint: address, model, promptVersion };
    const { messages: request, redacted, leftOut } = payload;
    const row = { projectId, issueId, eventId, userId, userName, ...scope, request, redacted, leftOut };
    const tokensOf = (of: ToCount['of']) => preparer.count({ model, of });
    const pieces = endpoints.modelOf(endpoint, model).stream(request, signal);
    const record = { calls, metrics, tokensOf, tokensFrom: counterKind(model), price: endpoint.price };
    yield* recordCall(record, { ...row, dateCreated: now() }, pieces, signal);
  }

  async function* ask(
    {
      loaded,
      payload,
      endpoint,
      project,
    }: { loaded: LoadedEvent; payload: AiPayload; endpoint: Endpoint; project: ProjectAi },
    asker: Asker,
    signal: AbortSignal,
  ): AsyncGenerator<SuggestPiece, void> {
    for await (const piece of call(payload, endpoint, asker, signal)) {
      if (piece.type === 'text') yield { type: 'delta', text: piece.text };
      else if (piece.type === 'waiting') yield piece;
      else if (piece.type === 'recorded') yield { type: 'done', suggestion: await keep(piece) };
    }

    async function keep({ id, answer: text, ...took }: Recorded): Promise<Suggestion> {
      const rules = parseRedactionRules(project.redactionRules);
      const patchCheck = (await deps.checkAnswer?.(parseAnswer(text), loaded, rules)) ?? null;
      const { projectId, primaryHash } = loaded;
      const key = { projectId, primaryHash, ...payloads.scopeOf(endpoint, project) };
      const made = { ...key, eventId: payload.eventId, text, dateCreated: now() };
      // Its issue was deleted meanwhile: what was asked for is shown, and not kept.
      if (id !== null) {
        if (patchCheck) await calls.setPatchCheck(id, patchCheck);
        await store.saveSuggestion({ ...made, callId: id });
      }
      return toSuggestion({ ...made, callId: id, patchCheck, ...took }, endpoint, null);
    }
  }

  return {
    answers: createAnswers({ store, calls, endpoints, payloads, now }),

    /**
     * A stored answer of the event's issue; reading one sends nothing, so it needs no consent.
     *
     * @param endpointName whose answer; without, the one that is asked for this project
     * @throws {BadRequestError} there is no such endpoint
     */
    async stored(loaded: LoadedEvent, user: string, endpointName?: string): Promise<Suggestion | null> {
      const project = await projectOf(loaded.projectId);
      const endpoint = chooseEndpoint(endpoints, project, endpointName);
      const stored = await storedOf(loaded, endpoint, project);
      return stored && toSuggestion(stored, endpoint, await feedbackOf(stored.callId, user));
    },

    /**
     * What the button would send, byte for byte; stored, so that the button can name it. Sends nothing.
     *
     * @param endpointName of the one that was chosen; without, the project's
     * @throws {BadRequestError} there is no such endpoint
     * @throws {SuggestError} restricted: the project may not be sent to the chosen one
     */
    async payload(loaded: LoadedEvent, user: string, endpointName?: string): Promise<SuggestPayload> {
      const project = await projectOf(loaded.projectId);
      const endpoint = chooseEndpoint(endpoints, project, endpointName);
      const refusal = refusalOf(endpoint, project);
      if (refusal && endpointName !== undefined) throw new SuggestError('restricted', refusal);
      const prepared = await payloads.prepare(loaded, endpoint, project);
      const payload = await payloads.keep(loaded, prepared, payloads.scopeOf(endpoint, project));
      const missing = refusal ?? endpoint.missing;
      return {
        ...(await describePayload(payload, prepared, endpoint, preparer)),
        configured: missing === null,
        detail: missing ?? (policy === 'subprocessor' ? RESTRICTED : null),
        policy,
        consented: await store.hasConsented(user),
        endpoints: endpoints.all().map((each) => ({
          name: each.name,
          host: each.host,
          model: each.model,
          isLocal: each.isLocal,
          detail: refusalOf(each, project) ?? each.missing,
        })),
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
      options: SuggestOptions,
      signal: AbortSignal,
    ): AsyncGenerator<SuggestPiece, void> {
      takeTurn(asker);
      const project = await projectOf(loaded.projectId);
      checkPolicy(policy, await store.hasConsented(asker.user));
      const { payload, endpoint } = await payloadToSend(loaded, project, options);
      const stored = options.force ? null : await storedOf(loaded, endpoint, project);
      if (stored) {
        metrics.incr('ai.cached', 1);
        yield { type: 'delta', text: stored.text };
        const feedback = await feedbackOf(stored.callId, asker.user);
        yield { type: 'done', suggestion: toSuggestion(stored, endpoint, feedback) };
        return;
      }
      const key = JSON.stringify([loaded.projectId, loaded.primaryHash, payloads.scopeOf(endpoint, project)]);
      yield* runs.join(key, (shared) => ask({ loaded, payload, endpoint, project }, asker, shared), signal);
    },

    hasConsented: (user: string): Promise<boolean> => store.hasConsented(user),
    setConsent: (user: string, consented: boolean): Promise<void> => store.setConsent(user, consented, now()),

    /** The description as it would be sent: redacted and cut. Needs neither key nor consent. */
    async describe(asked: Describable, endpointName?: string): Promise<Json> {
      const project = await projectOf(asked.projectId);
      return (await payloads.prepare(asked, chooseEndpoint(endpoints, project, endpointName), project)).description;
    },

    /**
     * Asks for one who sits at the terminal of the server, whose command is the consent. The ledger has the call; no
     * answer is stored.
     *
     * @param choice an endpoint instead of the project's, and a model instead of the endpoint's
     * @throws {SuggestError} also midway
     */
    async *askAtTerminal(
      asked: Describable,
      choice: { endpoint?: string | undefined; model?: string | undefined },
      signal: AbortSignal,
    ): AsyncGenerator<string, void> {
      const project = await projectOf(asked.projectId);
      const endpoint = chooseEndpoint(endpoints, project, choice.endpoint);
      checkEndpoint(endpoint, project);
      checkPolicy(policy, true);
      const model = choice.model ?? endpoint.model;
      const prepared = await payloads.prepare(asked, endpoint, project, model);
      const { projectId, issueId, event } = asked;
      const { redacted, leftOut } = prepared;
      const scope = { ...payloads.scopeOf(endpoint, project), model };
      const made = { ...scope, redacted, leftOut, messages: messagesFor(prepared, newNonce()) };
      const payload = { projectId, issueId, eventId: event.event_id, ...made };
      for await (const piece of call(payload, endpoint, { userId: null, userName: OPERATOR }, signal)) {
        if (piece.type === 'text') yield piece.text;
      }
    },

    /** Ends every call that is being made, and has the ledger say so. */
    close: async (): Promise<void> => {
      await runs.close();
      await preparer.close();
    },
  };
}

/** No project has it. */
const NO_PROJECT = 0;
