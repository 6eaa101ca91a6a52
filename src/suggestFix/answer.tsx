import { useEffect, useSyncExternalStore } from 'react';
import type { Issue, Suggestion, SuggestPayload } from '../../server/protocol/contract.ts';
import type { EventPlace } from '../api/suggest.ts';
import { Button } from '../components/button.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { showInvisible } from './answer-invisible.ts';
import { Callout } from './callout.tsx';

/** Where an answer is shown, and what it was made from. */
export type AnswerContext = {
  place: EventPlace;
  issue: Pick<Issue, 'id' | 'shortId'>;
  /** Null while it comes, and for one that broke off: there is nothing to say about it yet. */
  suggestion: Suggestion | null;
  payload: SuggestPayload | null;
};

export type AnswerProps = { text: string; isGrowing: boolean; context?: AnswerContext };

/** What draws an answer, once for the page. `lazy` would show the raw text for a while: React holds a fallback for 300 ms. */
let body: typeof import('./answer-body.tsx') | 'absent' | 'loading' | 'failed' = 'absent';
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Fetches what draws an answer: while the model still thinks, or when a stored one is there. */
export async function preloadAnswer(): Promise<void> {
  if (body !== 'absent' && body !== 'failed') return;
  body = 'loading';
  // The server was renewed meanwhile, or is gone: the words are readable without.
  body = await import('./answer-body.tsx').catch(() => 'failed' as const);
  for (const listener of listeners) listener();
}

/** A model's answer: a stranger's text, steered perhaps by a stranger's event. */
export function Answer(props: AnswerProps) {
  const chunk = useSyncExternalStore(subscribe, () => body);
  useEffect(() => void preloadAnswer(), []);
  if (chunk === 'absent' || chunk === 'loading') return <Skeleton label="Loading the answer…" rows={5} />;
  if (chunk === 'failed') return <AsItCame text={props.text} />;
  return <chunk.AnswerBody {...props} />;
}

/**
 * Where what draws answers could not be loaded. What tells commands and addresses apart is in it, so all of the text is
 * marked as what may be one.
 */
const AsItCame = ({ text }: { text: string }) => (
  <>
    <Callout tone="warning" title="The answer as it came">
      <p>What draws it could not be loaded. Commands in it are the model’s and were not run; addresses are no links.</p>
      <Button onClick={() => void preloadAnswer()}>Try again</Button>
    </Callout>
    <section aria-label="From the answer, not run" style={asItCame}>
      {showInvisible(text)}
    </section>
  </>
);
const asItCame = {
  paddingInlineStart: 'var(--space-2)',
  borderInlineStart: '3px solid var(--warning)',
  whiteSpace: 'pre-wrap',
  overflowWrap: 'anywhere',
} as const;
