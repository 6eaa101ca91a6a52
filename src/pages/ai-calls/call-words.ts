import type { AiCall } from '../../../server/protocol/contract.ts';
import type { Tone } from '../../components/badge.tsx';

export const statusWords: Record<AiCall['status'], { words: string; tone: Tone }> = {
  success: { words: 'Answered', tone: 'success' },
  failure: { words: 'Failed', tone: 'error' },
  aborted: { words: 'Stopped', tone: 'neutral' },
};

/** What a failure is called: `rate_limited` as `rate limited`. */
export const errorWords = ({ errorKind }: AiCall): string => (errorKind ?? '').replaceAll('_', ' ');

export const userWords = ({ user }: AiCall): string => user?.name ?? 'The local user';
