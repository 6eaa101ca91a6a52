import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { vi } from 'vitest';
import { preloadAnswer } from '../../../../src/suggestFix/answer.tsx';
import { SuggestFix } from '../../../../src/suggestFix/suggest-fix.tsx';
import { event, type fakeServer, issue } from './fake-server.ts';

// The Markdown chunk, so that no test waits for its first load.
await preloadAnswer();

/** The panel over a pretended server, which the test ends with `vi.unstubAllGlobals()`. */
export function openPanel(server: ReturnType<typeof fakeServer>) {
  vi.stubGlobal('fetch', server.fetch);
  const queries = new QueryClient();
  const panel = (eventId?: string) => (
    <QueryClientProvider client={queries}>
      <MemoryRouter>
        <SuggestFix event={event(eventId)} issue={issue} project="checkout" />
      </MemoryRouter>
    </QueryClientProvider>
  );
  const view = render(panel());
  return { user: userEvent.setup(), ...view, showEvent: (id: string) => view.rerender(panel(id)) };
}

/** The button at the panel's foot, once it is there. */
export const sendButton = (name: RegExp | string = 'Suggest fix') => screen.findByRole('button', { name });
