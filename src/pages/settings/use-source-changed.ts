import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

/**
 * What is known of a project's frames depends on its code mappings and its coverage reports.
 *
 * @returns to be called once one of them has changed: what is on the page is asked for again
 */
export function useSourceChanged(project: string): () => Promise<unknown> {
  const queries = useQueryClient();
  return useCallback(
    () =>
      Promise.all([
        // Not at once: the report of an open row may be the one that is gone.
        queries.invalidateQueries({ queryKey: ['projects', project, 'coverage-matches'], refetchType: 'none' }),
        ...['code-mappings', 'coverage', 'event-coverage', 'stacktrace-link'].map((what) =>
          queries.invalidateQueries({ queryKey: ['projects', project, what] }),
        ),
      ]),
    [queries, project],
  );
}
