import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { MemoryRouter } from 'react-router';
import { Answer } from '../../../src/suggestFix/answer.tsx';
import { PlaceholdersContext } from '../../../src/suggestFix/answer-placeholders.ts';

type Given = { name: string; text: string; placeholders: Record<string, string> };

/** Draws every answer, each in an article of its name. */
export async function showAnswers(): Promise<void> {
  const answers = (await (await fetch('/answers.json')).json()) as Given[];
  const root = document.getElementById('root');
  if (!root) throw new Error('There is no place for the answers.');
  createRoot(root).render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        {answers.map(({ name, text, placeholders }) => (
          <PlaceholdersContext key={name} value={new Map(Object.entries(placeholders))}>
            <article aria-label={name}>
              <Answer text={text} isGrowing={false} />
            </article>
          </PlaceholdersContext>
        ))}
      </MemoryRouter>
    </QueryClientProvider>,
  );
}
