import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { MemoryRouter } from 'react-router';
import { eventSchema } from '../../../server/protocol/contract.ts';
import { StackTraceSection } from '../../../src/frame/stack-trace-section.tsx';
import styles from './gallery.module.css';

/** Draws one event of `gallery.ts`, named in the address: `?event=python/exception_group.json`. */
export async function showEvent(name: string): Promise<void> {
  const answer = await fetch(`/gallery-event?name=${encodeURIComponent(name)}`);
  const event = eventSchema.parse(await answer.json());
  const root = document.getElementById('root');
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <MemoryRouter>
        <QueryClientProvider client={new QueryClient()}>
          <div className={styles.page}>
            <StackTraceSection event={event} project="shop" />
          </div>
        </QueryClientProvider>
      </MemoryRouter>
    </StrictMode>,
  );
}
