import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** Is another try of use? Not where the server understood and said no. */
function mayRetry(failures: number, error: unknown): boolean {
  if (error instanceof ApiError && error.status > 0 && error.status < 500) return false;
  return failures < 2;
}

/**
 * `gcTime` of what belongs to one event. The way back to it is short; who goes through a hundred events would else hold
 * all of them, of a megabyte each, for minutes.
 */
export const eventGcTime = 15_000;

/** The cache of the page. `networkMode: always`: the server is mostly on this machine, where being offline changes nothing. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: mayRetry, staleTime: 2_000, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
}
