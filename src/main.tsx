import './app/tokens.css';
import './app/fonts.css';
import './app/global.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { createQueryClient } from './api/query-client.ts';
import { ErrorReporting } from './app/error-reporting.tsx';
import { reportError, reportUncaught } from './app/report-error.ts';
import { createRoutes } from './app/router.tsx';
import { followTheme } from './app/theme.ts';

followTheme();
reportUncaught(reportError);
const queryClient = createQueryClient();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
const page = createRoot(root, {
  // What no boundary catches, React raises as the browser would, and so it is heard of.
  onCaughtError(error, { componentStack }) {
    console.error(error);
    void reportError(error, { componentStack });
  },
});
// In a task of its own: together with what has just run, it would be a long one.
setTimeout(() =>
  page.render(
    <StrictMode>
      <ErrorReporting>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={createBrowserRouter(createRoutes(queryClient))} />
        </QueryClientProvider>
      </ErrorReporting>
    </StrictMode>,
  ),
);
