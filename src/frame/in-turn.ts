import { whenIdle } from '../components/use-idle.ts';

const waiting = new Set<() => void>();
let isScheduled = false;

/** Runs it in a quiet moment that it has for itself: several at once would be one long task. @returns takes it back */
export function inTurn(run: () => void): () => void {
  // Its own object: the same function may wait twice.
  const own = () => run();
  waiting.add(own);
  schedule();
  return () => void waiting.delete(own);
}

function schedule(): void {
  if (isScheduled || waiting.size === 0) return;
  isScheduled = true;
  whenIdle(() => {
    isScheduled = false;
    const [first] = waiting;
    if (first) waiting.delete(first);
    schedule();
    first?.();
  });
}
