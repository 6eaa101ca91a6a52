import './app/tokens.css';
import './app/fonts.css';
import './app/global.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { createQueryClient } from './api/query-client.ts';
import { createRoutes } from './app/router.tsx';
import { showTheme, storedTheme } from './app/theme.ts';

showTheme(storedTheme());
const queryClient = createQueryClient();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={createBrowserRouter(createRoutes(queryClient))} />
    </QueryClientProvider>
  </StrictMode>,
);
