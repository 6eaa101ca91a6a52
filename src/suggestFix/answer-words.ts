import type { Suggestion } from '../../server/protocol/contract.ts';
import { formatExact } from '../components/numbers.ts';
import { formatDuration } from '../components/use-seconds.ts';
import { formatCost } from './format-cost.ts';

/** What a call took, in a sentence: `1,924 tokens sent, 512 answered, $0.0041, 8.2 s.` Empty where nothing is known. */
export function tookWords({ inputTokens, outputTokens, cost, duration }: Suggestion): string {
  const words = [
    inputTokens != null && `${formatExact(inputTokens)} tokens sent`,
    outputTokens != null && `${formatExact(outputTokens)} answered`,
    cost != null && formatCost(cost),
    duration != null && formatDuration(duration),
  ].filter((part) => part !== false);
  return words.length > 0 ? `${words.join(', ')}.` : '';
}
