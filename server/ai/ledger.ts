import type { Metrics } from '../metrics/metrics.ts';
import type { AiCallStore, CallEnd, NewCall } from '../storage/ai-calls.ts';
import type { Endpoint } from './endpoint.ts';
import type { ModelPiece } from './model.ts';
import type { ToCount } from './preparer.ts';
import { SuggestError } from './suggest-error.ts';
import { estimateTokens, type TokenCounter } from './tokens.ts';

export type RecordDeps = {
  calls: Pick<AiCallStore, 'begin' | 'end'>;
  metrics: Pick<Metrics, 'incr' | 'timing'>;
  /** Whole tokens to the model; while it goes on, and after. */
  tokensOf: (of: ToCount['of']) => Promise<number>;
  /** Where those are from. */
  tokensFrom: TokenCounter['kind'];
  price: Endpoint['price'];
};

/** A call that brought a whole answer; `id` is null where its issue was deleted while it went on. */
export type Recorded = { type: 'recorded' } & CallEnd & { id: number | null };

/**
 * Passes on the pieces of one call to a model, and keeps it in the ledger: from before it is made, so that none goes out
 * that is not there, to its end, whatever that is. What is recorded is the last piece, and comes only of a whole answer.
 *
 * @param pieces begins the call once it is read
 */
export async function* recordCall(
  { calls, metrics, tokensOf, tokensFrom, price }: RecordDeps,
  call: Omit<NewCall, 'tokensFrom'>,
  pieces: AsyncIterable<ModelPiece>,
  signal: AbortSignal,
): AsyncGenerator<ModelPiece | Recorded, void> {
  // The call does not wait for it, and does not fail for it.
  const counted = (of: ToCount['of']) => tokensOf(of).catch(() => estimateAll(of));
  const sending = counted(call.request);
  const id = await calls.begin({ ...call, tokensFrom });
  metrics.incr('ai.request', 1);
  void sending.then((sent) => metrics.incr('ai.tokens', sent, { direction: 'sent' }));
  const startedAt = performance.now();
  let isKept = false;
  const end: CallEnd = {
    answer: '',
    // What it stays when the last reader leaves.
    status: 'aborted',
    errorKind: null,
    inputTokens: null,
    outputTokens: null,
    tokensFrom,
    cost: null,
    duration: 0,
    firstPieceAfter: null,
  };
  try {
    for await (const piece of pieces) {
      if (piece.type === 'text') {
        end.answer += piece.text;
        end.firstPieceAfter ??= Math.round(performance.now() - startedAt);
      } else if (piece.type === 'usage') {
        end.inputTokens = piece.inputTokens;
        end.outputTokens = piece.outputTokens;
        end.tokensFrom = 'endpoint';
      }
      yield piece;
    }
    end.status = 'success';
  } catch (error) {
    if (!signal.aborted) {
      end.status = 'failure';
      end.errorKind = error instanceof SuggestError ? error.kind : 'other';
      metrics.incr('ai.failure', 1, { kind: end.errorKind });
    }
    throw error;
  } finally {
    // Where nothing came, nobody knows whether anything was read.
    if (end.tokensFrom !== 'endpoint' && end.answer !== '') {
      end.inputTokens = await sending;
      end.outputTokens = await counted(end.answer);
    }
    const { inputTokens, outputTokens } = end;
    if (inputTokens !== null && outputTokens !== null) end.cost = costOf(price, inputTokens, outputTokens);
    end.duration = Math.round(performance.now() - startedAt);
    metrics.timing('ai.duration', end.duration, { result: end.status });
    isKept = await calls.end(id, end);
  }
  yield { type: 'recorded', id: isKept ? id : null, ...end };
}

const estimateAll = (of: ToCount['of']): number =>
  Math.ceil(estimateTokens(typeof of === 'string' ? of : of.map(({ content }) => content).join('\n')));

/** @returns millionths of a US dollar, since prices are dollars for a million tokens; null: no price is set */
export const costOf = (price: Endpoint['price'], inputTokens: number, outputTokens: number): number | null =>
  price && Math.round(inputTokens * price.input + outputTokens * price.output);

/** US dollars. */
export const toDollars = (millionths: number | null): number | null =>
  millionths === null ? null : millionths / 1_000_000;
